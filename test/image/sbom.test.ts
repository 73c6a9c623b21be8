// The list of contents names every package with its version and hash, and is the same for the same contents.
import t from "tap";
import { makeBundle } from "../../bundle/build.ts";
import { lockedPackages } from "../../image/packages.ts";
import { sbomText } from "../../image/sbom.ts";

const { packages } = await makeBundle(t.testdir({}));
const npm = await lockedPackages("package-lock.json", packages);
const debian = [
	{ name: "libstdc++6", version: "12.2.0-14", architecture: "amd64", sha256: "ab".repeat(32), file: "/x" },
];
const contents = { version: "1.2.3", nodeVersion: "26.0.0", npm, debian, created: new Date(0) };
const document = JSON.parse(sbomText(contents));

t.test("it is CycloneDX, with a component for each package", (t) => {
	t.match(document, { bomFormat: "CycloneDX", specVersion: "1.6", metadata: { component: { version: "1.2.3" } } });
	t.equal(document.components.length, npm.length + 2);
	const references = document.components.map((one: Record<string, unknown>) => one["bom-ref"]);
	t.equal(new Set(references).size, references.length, "references are unique");
	for (const { purl, version } of document.components) t.ok(purl.includes(version.split("+")[0]), purl);
	t.end();
});

t.test("packages in the bundle are listed, those of development are not", (t) => {
	const names = npm.map(({ name }) => name);
	for (const name of ["fastify", "openpgp", "avvio", "@ioredis/commands"]) t.ok(names.includes(name), name);
	for (const name of ["tap", "typescript", "fast-check", "node", "esbuild"]) t.notOk(names.includes(name), name);
	t.ok(
		npm.every(({ path }) => !path.startsWith("node_modules/@types/")),
		"types are no code",
	);
	t.end();
});

t.test("a package that the lock does not pin is an error", async (t) => {
	await t.rejects(lockedPackages("package-lock.json", ["node_modules/unknown"]), /pins no content/);
});

t.test("hashes are hexadecimal, names are percent-encoded", (t) => {
	const fastify = document.components.find(({ name }: { name: string }) => name === "fastify");
	t.match(fastify.hashes, [{ alg: "SHA-512", content: /^[0-9a-f]{128}$/ }]);
	const library = document.components.find(({ name }: { name: string }) => name === "libstdc++6");
	t.equal(library.purl, "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64");
	const commands = document.components.find(({ name }: { name: string }) => name === "@ioredis/commands");
	t.match(commands.purl, /^pkg:npm\/%40ioredis\/commands@/);
	t.end();
});

t.test("the same contents give the same text", (t) => {
	t.equal(sbomText(contents), sbomText(contents));
	t.end();
});
