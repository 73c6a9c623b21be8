// The archive is what the specification of the OCI image layout says, and the same folder gives the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import t from "tap";
import { writeArchive } from "../../image/oci.ts";
import { runProgram } from "../../image/program.ts";

const settings = {
	user: "65532:65532",
	workingDirectory: "/app",
	entrypoint: ["/program"],
	command: ["--help"],
	environment: { A: "b" },
	labels: { "org.opencontainers.image.title": "x" },
	exposedPorts: [9443],
};

const folder = t.testdir({ root: { app: { file: "content" } } });
const write = (name: string): Promise<string> => {
	const target = join(folder, `${name}.tar`);
	return writeArchive({
		root: join(folder, "root"),
		target,
		name: "example.org/a/b:1.2",
		settings,
		created: new Date(0),
	});
};

t.test("it can be read back by its digests", async (t) => {
	const digest = await write("one");
	const out = join(folder, "out");
	await mkdir(out);
	await runProgram("tar", ["-C", out, "-xf", join(folder, "one.tar")]);
	const json = async (path: string) => JSON.parse(await readFile(join(out, path), "utf8"));
	const blob = (found: string) => `blobs/sha256/${found.replace("sha256:", "")}`;
	t.same(await json("oci-layout"), { imageLayoutVersion: "1.0.0" });
	const index = await json("index.json");
	t.match(index.manifests, [
		{ digest, platform: { os: "linux" }, annotations: { "io.containerd.image.name": "example.org/a/b:1.2" } },
	]);
	const image = await json(blob(digest));
	const config = await json(blob(image.config.digest));
	t.match(config, { os: "linux", config: { User: "65532:65532", Env: ["A=b"], ExposedPorts: { "9443/tcp": {} } } });
	const layer = await readFile(join(out, blob(image.layers[0].digest)));
	t.equal(`sha256:${createHash("sha256").update(layer).digest("hex")}`, config.rootfs.diff_ids[0]);
	t.equal(layer.length, image.layers[0].size);
	const names = await runProgram("tar", ["-tf", join(out, blob(image.layers[0].digest))]);
	t.same(names.trim().split("\n"), ["./", "./app/", "./app/file"]);
});

t.test("times of files do not matter", async (t) => {
	const first = await write("first");
	await writeFile(join(folder, "root", "app", "file"), "content");
	t.equal(await write("second"), first);
	const [one, two] = await Promise.all(["first", "second"].map((name) => readFile(join(folder, `${name}.tar`))));
	t.ok(one?.equals(two ?? Buffer.of()), "the archive has the same bytes too");
	await writeFile(join(folder, "root", "app", "file"), "other");
	t.not(await write("third"), first);
});

t.test("a layer can be compressed: the configuration names it by its content all the same", async (t) => {
	const target = join(folder, "compressed.tar");
	const options = { root: join(folder, "root"), target, name: "a:1", settings, created: new Date(0) };
	const out = join(folder, "unpacked");
	await mkdir(out);
	const read = async (compress: boolean) => {
		const digest = await writeArchive({ ...options, compress });
		await runProgram("tar", ["-C", out, "-xf", target]);
		const blob = (found: string) => readFile(join(out, "blobs", found.replace(":", "/")));
		const image = JSON.parse((await blob(digest)).toString());
		const config = JSON.parse((await blob(image.config.digest)).toString());
		return {
			digest,
			layer: image.layers[0],
			diff: config.rootfs.diff_ids[0],
			bytes: await blob(image.layers[0].digest),
		};
	};
	const plain = await read(false);
	const small = await read(true);
	t.equal(small.layer.mediaType, "application/vnd.oci.image.layer.v1.tar+gzip");
	t.equal(small.diff, plain.layer.digest);
	t.equal(small.layer.size, small.bytes.length);
	t.ok(gunzipSync(small.bytes).equals(plain.bytes));
	t.equal((await read(true)).digest, small.digest, "and the same bytes again");
});
