// The scripts of the release workflow that publish to npm and to GitHub, by real npm and by a stand-in for `gh`.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { publishArguments } from "../../release/publish/npm.ts";
import { type Execution, execute } from "../cluster/execute.ts";
import type { StoredPage } from "./gh.ts";
import { startNpmRegistry } from "./npmregistry.ts";
import { seal, smallRelease, writeNpmPackage, writeTexts } from "./release.ts";

// Each call of npm starts a program of its own.
t.setTimeout(180_000);

const prepared = async (folder: string, version: string): Promise<string> => {
	const from = join(folder, "release");
	const release = smallRelease(version);
	await writeTexts(from, release);
	await writeNpmPackage(from, release);
	await seal(from, release);
	return from;
};

/** A registry, and `npm.ts` over it. */
const startNpm = async (t: Test, folder: string) => {
	const registry = await startNpmRegistry();
	t.teardown(() => registry.close());
	const host = registry.url.replace("http:", "");
	const settings = join(folder, "home", ".npmrc");
	await writeFile(settings, `registry=${registry.url}\n${host}:_authToken=none\nfetch-retries=0\n`);
	const env = { npm_config_userconfig: settings, npm_config_registry: registry.url };
	const publish = (from: string) => execute("node", ["release/publish/npm.ts", "--from", from], { env });
	return { registry, publish };
};

/** Publishes a version for the first time. */
const publishNew = async (t: Test, version: string, tag: "latest" | "next") => {
	const folder = t.testdir({ release: {}, home: {} });
	const from = await prepared(folder, version);
	const { registry, publish } = await startNpm(t, folder);
	const { code, stderr } = await publish(from);
	t.equal(code, 0, stderr);
	t.match(registry.documents, [{ name: "backup-maker-controller", access: "public", "dist-tags": { [tag]: version } }]);
	t.equal(registry.documents.length, 1);
	const [attachment] = Object.values(registry.documents[0]?._attachments ?? {});
	t.ok(Buffer.from(attachment?.data ?? "", "base64").equals(await readFile(join(from, "npm.tgz"))), "the same bytes");
	return { from, registry, publish };
};

t.test("npm gets a pre-release as it was built, as next", (t) => publishNew(t, "1.2.3-rc.1", "next"));

t.test(
	"npm gets a version as it was built, as latest; later it is left alone where it is the same, or refused",
	async (t) => {
		const { from, registry, publish } = await publishNew(t, "1.2.3", "latest");
		t.match(await publish(from), { code: 0, stdout: "already there: backup-maker-controller@1.2.3\n" });
		t.equal(registry.documents.length, 1);

		const release = smallRelease("1.2.3");
		await writeNpmPackage(from, release, "another content");
		await seal(from, release);
		const { code, stderr } = await publish(from);
		t.equal(code, 1);
		t.match(stderr, /@1\.2\.3 exists with another content \(sha512-\S+, not sha512-\S+\); release a new version/);
		t.equal(registry.documents.length, 1);

		const next = smallRelease("1.2.4");
		await writeNpmPackage(from, next);
		await seal(from, next);
		t.match(await publish(from), { code: 0 }, "another version of the same package");
		t.equal(registry.documents.length, 2);
	},
);

t.test("npm: a registry that does not answer is an error, not an absent version", async (t) => {
	const folder = t.testdir({ release: {}, home: {} });
	const from = await prepared(folder, "1.2.3");
	const { registry, publish } = await startNpm(t, folder);
	await registry.close();
	t.match(await publish(from), { code: 1, stderr: /npm view ended with 1/ });
});

t.test("npm is asked to sign in the workflow alone", async (t) => {
	t.ok(publishArguments("x", smallRelease("1.2.3"), true).includes("--provenance"));
	t.notOk(publishArguments("x", smallRelease("1.2.3"), false).includes("--provenance"));
});

/** Runs page.ts with a stand-in for `gh` that keeps its state in the folder. */
const runPage = async (folder: string, from: string): Promise<Execution> => {
	const program = `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, "gh.ts")}' "$@"\n`;
	await writeFile(join(folder, "gh"), program, { mode: 0o755 });
	const env = { PATH: `${folder}:${process.env["PATH"]}`, GH_FOLDER: folder };
	return execute("node", ["release/publish/page.ts", "--from", from], { env });
};

const FILES = ["image.tar", "image.cdx.json", "chart.tgz", "npm.tgz", "npm.cdx.json", "SHA256SUMS"];
const ALL_FILES = [...FILES, "SHA256SUMS.sigstore.json"];

/** A sealed release with its signature. */
const signed = async (folder: string, version: string): Promise<string> => {
	const from = await prepared(folder, version);
	await writeFile(join(from, "SHA256SUMS.sigstore.json"), "{}");
	return from;
};

const callsIn = async (folder: string): Promise<string[][]> =>
	(await readFile(join(folder, "calls"), "utf8"))
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as string[]);
const pageIn = async (folder: string): Promise<StoredPage> =>
	JSON.parse(await readFile(join(folder, "page.json"), "utf8")) as StoredPage;

t.test("the page has the notes, every file and the signature", async (t) => {
	const folder = t.testdir({ release: {} });
	const from = await signed(folder, "1.2.3-rc.1");
	const { code, stderr } = await runPage(folder, from);
	t.equal(code, 0, stderr);
	t.strictSame((await callsIn(folder)).at(-1), [
		...["release", "create", "v1.2.3-rc.1", "--verify-tag", "--title", "v1.2.3-rc.1"],
		...["--notes-file", join(from, "notes.md"), "--prerelease"],
		...ALL_FILES.map((file) => join(from, file)),
	]);
	t.strictSame(Object.keys((await pageIn(folder)).files), ALL_FILES);
});

t.test("a page that exists gets what it lacks, and becomes visible", async (t) => {
	const folder = t.testdir({ release: {} });
	const from = await signed(folder, "1.2.3");
	t.match(await runPage(folder, from), { code: 0 });
	const complete = await pageIn(folder);
	const again = await runPage(folder, from);
	t.match(again, { code: 0, stdout: "already there: the page of v1.2.3; uploaded: nothing\n" }, again.stderr);
	t.strictSame(await pageIn(folder), complete);

	const without = (...names: string[]): Record<string, string> =>
		Object.fromEntries(Object.entries(complete.files).filter(([name]) => !names.includes(name)));
	for (const [name, page] of [
		["a draft with all files", { draft: true, files: complete.files }],
		["files that are missing", { draft: true, files: without("npm.tgz", "chart.tgz") }],
		["an upload that was interrupted", { draft: true, files: without("npm.tgz"), interrupted: ["npm.tgz"] }],
		["no checksums, and a file of an unknown content", { draft: false, files: { "npm.tgz": "other" } }],
		["nothing", { draft: false, files: {} }],
	] as const) {
		await writeFile(join(folder, "page.json"), JSON.stringify(page));
		const { code, stderr } = await runPage(folder, from);
		t.equal(code, 0, `${name} ${stderr}`);
		const { draft, files, interrupted = [] } = await pageIn(folder);
		t.same({ draft, files, interrupted }, { draft: false, files: complete.files, interrupted: [] }, name);
	}
});

t.test("the page of another content is not replaced", async (t) => {
	const folder = t.testdir({ release: {} });
	const from = await signed(folder, "1.2.3");
	t.match(await runPage(folder, from), { code: 0 });
	const before = await pageIn(folder);
	await writeFile(join(from, "chart.tgz"), "another content");
	await seal(from, smallRelease("1.2.3"));
	const { code, stderr } = await runPage(folder, from);
	t.equal(code, 1);
	t.match(stderr, /the page of v1\.2\.3 exists with another content \(\w{64}, not \w{64}\); release a new version/);
	t.strictSame(await pageIn(folder), before);
});

t.test("nothing unsigned or changed is published", async (t) => {
	const folder = t.testdir({ release: {} });
	const from = await prepared(folder, "1.2.3");
	t.match(await runPage(folder, from), {
		code: 1,
		stderr: /SHA256SUMS\.sigstore\.json is missing: sign the checksums first/,
	});
	await writeFile(join(from, "npm.tgz"), createHash("sha256").update("other").digest());
	for (const script of ["release/publish/npm.ts", "release/publish/page.ts"]) {
		const { code, stderr } = await execute("node", [script, "--from", from]);
		t.match({ code, stderr }, { code: 1, stderr: /SHA256SUMS does not match: npm\.tgz/ }, script);
	}
});
