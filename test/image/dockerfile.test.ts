// `docker build` and `make image` give the same image: what no engine is here to show is compared with the one table.
import { readFileSync } from "node:fs";
import t from "tap";
import { imageSettings, programVersion, SOURCES } from "../../image/definition.ts";
import { all, pairs, readStages } from "./dockerfile.ts";

const stages = readStages(readFileSync("Dockerfile", "utf8"));
const [build = [], final = []] = stages;
const settings = imageSettings(programVersion());

t.test("there are two stages, and the last begins with nothing", (t) => {
	t.equal(stages.length, 2);
	t.same(all(final, "FROM"), ["scratch"]);
	t.same(all(final, "COPY"), ["--from=build /rootfs/ /"], "its files are the folder that image/rootfs.ts made");
	t.same(all(final, "RUN"), []);
	t.equal(all(build, "RUN").at(-1), "node image/rootfs.ts /rootfs");
	t.end();
});

t.test("its settings are those of the table", (t) => {
	t.same(all(final, "USER"), [settings.user]);
	t.same(all(final, "WORKDIR"), [settings.workingDirectory]);
	t.same(JSON.parse(all(final, "ENTRYPOINT")[0] ?? ""), settings.entrypoint);
	t.same(JSON.parse(all(final, "CMD")[0] ?? ""), settings.command);
	t.same(pairs(all(final, "ENV").join(" ")), settings.environment);
	t.same(pairs(all(final, "LABEL").join(" ")), settings.labels);
	t.same(all(final, "EXPOSE")[0]?.split(" ").map(Number), settings.exposedPorts);
	t.end();
});

t.test("the context holds what the build copies, and nothing else", (t) => {
	const copied = all(build, "COPY").flatMap((text) =>
		text
			.split(" ")
			.slice(0, -1)
			.map((path) => path.replace(/\/$/, "")),
	);
	t.same(copied.sort(), [...SOURCES].sort());
	const ignored = readFileSync(".dockerignore", "utf8")
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("#"));
	t.same(ignored, ["*", ...[...SOURCES].sort().map((path) => `!${path}`)]);
	t.end();
});

t.test("the build's Node.js is the one that the tree pins", (t) => {
	const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
	t.same(all(build, "FROM"), [`node:${devDependencies.node}-bookworm-slim AS build`]);
	t.end();
});
