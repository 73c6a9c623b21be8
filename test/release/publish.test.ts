// The scripts of the release workflow that publish to npm and to GitHub, by real npm and by a stand-in for `gh`.
import { createHash } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { publishArguments } from "../../release/publish/npm.ts";
import { execute } from "../cluster/execute.ts";
import { startNpmRegistry } from "./npmregistry.ts";
import { seal, smallRelease, writeNpmPackage, writeTexts } from "./release.ts";

const prepared = async (folder: string, version: string): Promise<string> => {
	const from = join(folder, "release");
	const release = smallRelease(version);
	await writeTexts(from, release);
	await writeNpmPackage(from, release);
	await seal(from, release);
	return from;
};

for (const [version, tag] of [
	["1.2.3", "latest"],
	["1.2.3-rc.1", "next"],
] as const) {
	t.test(`npm gets ${version} as it was built, as "${tag}"`, async (t) => {
		const folder = t.testdir({ release: {}, home: {} });
		const from = await prepared(folder, version);
		const registry = await startNpmRegistry();
		t.teardown(() => registry.close());
		const host = registry.url.replace("http:", "");
		await writeFile(join(folder, "home", ".npmrc"), `registry=${registry.url}\n${host}:_authToken=none\n`);
		const env = { npm_config_userconfig: join(folder, "home", ".npmrc"), npm_config_registry: registry.url };
		const { code, stderr } = await execute("node", ["release/publish/npm.ts", "--from", from], { env });
		t.equal(code, 0, stderr);
		t.match(registry.documents, [
			{ name: "backup-maker-controller", access: "public", "dist-tags": { [tag]: version } },
		]);
		t.equal(registry.documents.length, 1);
		const [attachment] = Object.values(registry.documents[0]?._attachments ?? {});
		t.ok(Buffer.from(attachment?.data ?? "", "base64").equals(await readFile(join(from, "npm.tgz"))), "the same bytes");
	});
}

t.test("npm is asked to sign in the workflow alone", async (t) => {
	t.ok(publishArguments("x", smallRelease("1.2.3"), true).includes("--provenance"));
	t.notOk(publishArguments("x", smallRelease("1.2.3"), false).includes("--provenance"));
});

/** Runs page.ts with a `gh` that writes its arguments, one a line, into a file. */
const runPage = async (folder: string, from: string): Promise<{ code: number; stderr: string }> => {
	await writeFile(join(folder, "gh"), `#!/bin/sh\nprintf '%s\\n' "$@" >'${folder}/args'\n`);
	await chmod(join(folder, "gh"), 0o755);
	const env = { PATH: `${folder}:${process.env["PATH"]}` };
	return execute("node", ["release/publish/page.ts", "--from", from], { env });
};

t.test("the page has the notes, every file and the signature", async (t) => {
	const folder = t.testdir({ release: {} });
	const from = await prepared(folder, "1.2.3-rc.1");
	await writeFile(join(from, "SHA256SUMS.sigstore.json"), "{}");
	const { code, stderr } = await runPage(folder, from);
	t.equal(code, 0, stderr);
	const files = ["image.tar", "image.cdx.json", "chart.tgz", "npm.tgz", "npm.cdx.json", "SHA256SUMS"];
	t.strictSame((await readFile(join(folder, "args"), "utf8")).trimEnd().split("\n"), [
		...["release", "create", "v1.2.3-rc.1", "--verify-tag", "--title", "v1.2.3-rc.1"],
		...["--notes-file", join(from, "notes.md"), "--prerelease"],
		...[...files, "SHA256SUMS.sigstore.json"].map((file) => join(from, file)),
	]);
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
