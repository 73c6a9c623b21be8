// The small parts of a release: checksums, notes, the description, and files out of an image.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { runProgram } from "../../image/program.ts";
import { verifyChecksums } from "../../release/checksums.ts";
import { readRelease, releaseFiles } from "../../release/description.ts";
import { readImageFile, withLayout } from "../../release/layout.ts";
import { releaseNotes } from "../../release/notes.ts";
import { npmSbom } from "../../release/npm.ts";
import { seal, smallRelease, writeImage, writeTexts } from "./release.ts";

const sealed = async (t: Test, version = "1.2.3"): Promise<string> => {
	const folder = t.testdir();
	await writeTexts(folder, smallRelease(version));
	await seal(folder, smallRelease(version));
	return folder;
};

t.test("checksums are those that users check", async (t) => {
	const folder = await sealed(t);
	const printed = await runProgram("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: folder });
	t.equal(printed, "chart.tgz: OK\nimage.cdx.json: OK\nimage.tar: OK\nnpm.cdx.json: OK\nnpm.tgz: OK\n");
	await verifyChecksums(folder, "SHA256SUMS");
});

t.test("a file that was changed or lost is named", async (t) => {
	const folder = await sealed(t);
	await writeFile(join(folder, "chart.tgz"), "other");
	await rm(join(folder, "npm.tgz"));
	await t.rejects(verifyChecksums(folder, "SHA256SUMS"), { message: "SHA256SUMS does not match: chart.tgz, npm.tgz" });
});

t.test("a list that says nothing proves nothing", async (t) => {
	const folder = await sealed(t);
	await writeFile(join(folder, "SHA256SUMS"), "");
	await t.rejects(verifyChecksums(folder, "SHA256SUMS"), { message: /does not match/ });
});

t.test("the description is read as it was written", async (t) => {
	const release = await readRelease(await sealed(t));
	t.strictSame(release, smallRelease("1.2.3"));
	t.equal(new Set(releaseFiles(release)).size, 6);
});

t.test("notes: links lead to the tag, and a pre-release is not what npm installs", async (t) => {
	const section = { date: "2026-11-30", text: "- [A](docs/a.md#x) and [B](https://example.org)." };
	const tree = "https://github.com/riotkit-org/backup-maker-controller/blob/v1.2.3";
	const notes = releaseNotes(section, "1.2.3");
	t.match(notes, `- [A](${tree}/docs/a.md#x) and [B](https://example.org).`);
	t.match(notes, "--version 1.2.3 ");
	t.notMatch(notes, "latest");
	t.match(releaseNotes(section, "1.2.3-rc.1"), "backup-maker-controller@1.2.3-rc.1   # not `latest`");
	t.match(await readFile("RELEASING.md", "utf8"), "\n## Verify a release\n", "the heading that notes link to");
});

t.test("a file of an image", async (t) => {
	const folder = t.testdir({ out: {} });
	const release = smallRelease("1.2.3");
	await writeImage(join(folder, "out"), release, "content");
	const archive = join(folder, "out", release.image.file);
	t.equal(await withLayout(archive, (layout) => readImageFile(layout, "usr/file")), "content");
	await t.rejects(
		withLayout(archive, (layout) => readImageFile(layout, "usr/none")),
		{ message: "the image has no file usr/none" },
	);
});

t.test("the npm package's list holds what came from npm, and names the package", async (t) => {
	const image = {
		specVersion: "1.6",
		metadata: { timestamp: "2026-11-30T00:00:00.000Z", component: { type: "container", name: "x", version: "1.2.3" } },
		components: [
			{ purl: "pkg:generic/node@26.0.0" },
			{ purl: "pkg:deb/debian/libc6@2" },
			{ purl: "pkg:npm/pino@10.0.0" },
		],
	};
	t.strictSame(JSON.parse(npmSbom(JSON.stringify(image), "1.2.3")), {
		specVersion: "1.6",
		metadata: {
			timestamp: "2026-11-30T00:00:00.000Z",
			component: { type: "application", name: "x", version: "1.2.3", purl: "pkg:npm/backup-maker-controller@1.2.3" },
		},
		components: [{ purl: "pkg:npm/pino@10.0.0" }],
	});
});
