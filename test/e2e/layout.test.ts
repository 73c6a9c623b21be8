// What the Dockerfile copies is enough to make the image's files, and they are those that `make image` packs.
import { cp, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { PROGRAM, SBOM_PATH, SOURCES } from "../../image/definition.ts";
import { runProgram } from "../../image/program.ts";
import { makeRoot } from "../../image/rootfs.ts";

t.setTimeout(300_000);

const folder = t.testdir({ tree: {} });
const tree = join(folder, "tree");
const inside = join(folder, "by-dockerfile");
const outside = join(folder, "by-make");

for (const path of SOURCES) await cp(path, join(tree, path), { recursive: true });
// As `npm ci` in the build stage makes it, from the same lock.
await symlink(join(process.cwd(), "node_modules"), join(tree, "node_modules"));
await mkdir(inside);
await runProgram("env", ["-u", "NODE_OPTIONS", process.execPath, "image/rootfs.ts", inside], { cwd: tree });
await makeRoot(process.cwd(), outside, new Date(0));

const filesOf = async (root: string): Promise<string[]> => (await readdir(root, { recursive: true })).sort();

t.test("both ways give the same files", async (t) => {
	const [left, right] = await Promise.all([filesOf(inside), filesOf(outside)]);
	t.same(left, right);
	await runProgram("diff", ["--recursive", "--no-dereference", inside, outside]);
});

t.test("there is the program and what it loads, and no way to a shell", async (t) => {
	const files = await filesOf(outside);
	for (const name of PROGRAM) t.ok(files.includes(`app/${name}`), name);
	t.same((await readdir(join(outside, "app"))).sort(), [...PROGRAM]);
	const programs = files.filter((file) => /(^|\/)s?bin\/./.test(file));
	t.same(programs, ["usr/local/bin/node"]);
	t.notOk(files.some((file) => file.endsWith(".ts") || file.includes("node_modules")));
	t.match(await readFile(join(outside, "etc/ssl/certs/ca-certificates.crt"), "utf8"), /BEGIN CERTIFICATE/);
	t.match(await readFile(join(outside, "etc/passwd"), "utf8"), "65532:65532");
});

t.test("Node.js is stripped", async (t) => {
	const [original, shipped] = await Promise.all(
		["node_modules/node/bin/node", join(outside, "usr/local/bin/node")].map(async (path) => (await stat(path)).size),
	);
	t.ok((shipped ?? 0) < 0.85 * (original ?? 0), `${shipped} bytes of ${original}`);
});

t.test("the list of contents is in it", async (t) => {
	const { components } = JSON.parse(await readFile(join(outside, SBOM_PATH), "utf8"));
	const names = components.map(({ name }: { name: string }) => name);
	for (const name of ["node", "libc6", "fastify"]) t.ok(names.includes(name), name);
	const { version } = components.find(({ name }: { name: string }) => name === "node");
	t.equal(`v${version}`, process.version);
});
