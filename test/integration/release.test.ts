// A release from end to end, but for what only GitHub can do: built by the script that the workflow calls, read back by the
// programs that users have, and pushed to a registry on a loopback address.
import { readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { runProgram } from "../../image/program.ts";
import { packageChart } from "../../release/chart.ts";
import { readRelease } from "../../release/description.ts";
import { findCrane, findHelm } from "../cluster/binaries.ts";
import { execute } from "../cluster/execute.ts";
import { startRegistry } from "../release/registry.ts";
import { seal, writeImage } from "../release/release.ts";

const CHART = "charts/backup-maker-controller";
const [helm, crane] = await Promise.all([findHelm(), findCrane()]);
const { version } = JSON.parse(await readFile("package.json", "utf8"));
const folder = t.testdir({ registry: {} });
const from = join(folder, "release");
const epoch = 1_700_000_000;

const build = (...args: string[]) =>
	execute("node", ["release/build.ts", "--out", from, ...args], { env: { SOURCE_DATE_EPOCH: String(epoch) } });

t.test("a tag that disagrees with the tree builds nothing, and each place is named", async (t) => {
	const { code, stdout, stderr } = await build("--version", "v99.0.0");
	t.equal(code, 1);
	t.equal(stdout, "");
	t.match(stderr, `package.json: version is ${version}, not 99.0.0\n`);
	t.match(stderr, 'CHANGELOG.md has no section "## [99.0.0] - YYYY-MM-DD"');
	t.equal((await build()).code, 2, "and without a version it does not run");
});

t.test("the release of this tree is built", async (t) => {
	const { code, stderr } = await build("--version", `v${version}`, "--unreleased");
	t.equal(code, 0, stderr);
	await runProgram("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: from });
	const release = await readRelease(from);
	t.match(release, { version, epoch, commit: /^[0-9a-f]{40}$/, image: { digest: /^sha256:[0-9a-f]{64}$/ } });
	t.match(await readFile(join(from, release.notes), "utf8"), "### Added");
});

t.test("Helm reads the chart", async (t) => {
	const { chart } = await readRelease(from);
	const file = join(from, chart.file);
	const shown = await runProgram(helm, ["show", "chart", file]);
	t.match(shown, `\nversion: ${version}\n`);
	t.match(shown, `appVersion: ${version}\n`);
	const rendered = await runProgram(helm, ["template", "x", file]);
	t.match(rendered, `ghcr.io/riotkit-org/backup-maker-controller:${version}`, "it runs the image of this release");
});

t.test("the same sources and time give the same chart, whenever they were checked out", async (t) => {
	await utimes(`${CHART}/values.yaml`, new Date(), new Date());
	const again = join(folder, "again.tgz");
	await packageChart({ helm, source: CHART, target: again, epoch });
	const { chart } = await readRelease(from);
	t.ok((await readFile(again)).equals(await readFile(join(from, chart.file))));
});

t.test("the npm package and the lists of contents", async (t) => {
	const { npm, image } = await readRelease(from);
	const manifest = JSON.parse(await runProgram("tar", ["-xOf", join(from, npm.file), "package/package.json"]));
	t.match(manifest, { name: "backup-maker-controller", version });
	for (const [file, type] of [
		[image.sbom, "container"],
		[npm.sbom, "application"],
	] as const) {
		const bom = JSON.parse(await readFile(join(from, file), "utf8"));
		t.match(bom, { bomFormat: "CycloneDX", metadata: { component: { type, version } } });
		t.equal(bom.metadata.timestamp, new Date(epoch * 1000).toISOString());
		const urls = bom.components.map(({ purl }: { purl: string }) => purl);
		t.ok(urls.some((url: string) => url.startsWith("pkg:npm/openpgp@")));
		t.equal(
			urls.some((url: string) => url.startsWith("pkg:generic/node@")),
			type === "container",
		);
	}
});

t.test("image and chart in a registry", async (t) => {
	const host = await startRegistry(crane, join(folder, "registry"), t);
	const registry = `${host}/riotkit-org`;
	const publish = () =>
		execute("node", ["release/publish/registry.ts", "--from", from, "--registry", registry, "--plain-http"]);
	const release = await readRelease(from);
	const image = `${registry}/backup-maker-controller`;
	const chart = `${registry}/charts/backup-maker-controller`;
	const first = await publish();
	t.equal(first.code, 0, first.stderr);
	t.equal(first.stderr, `pushed ${image}:${version}\npushed ${chart}:${version}\n`);

	await t.test("the workflow gets names and digests", async (t) => {
		const outputs = Object.fromEntries(
			first.stdout
				.trimEnd()
				.split("\n")
				.map((line) => line.split("=")),
		);
		const chartDigest = (await runProgram(crane, ["digest", `${chart}:${version}`])).trim();
		t.strictSame(outputs, {
			image,
			"image-digest": release.image.digest,
			"image-sbom": join(from, release.image.sbom),
			chart,
			"chart-digest": chartDigest,
		});
	});

	await t.test("users pull what was built", async (t) => {
		const pulled = await execute(
			helm,
			["pull", `oci://${chart}`, "--version", version, "--plain-http", "--destination", folder],
			{ env: { HELM_CACHE_HOME: join(folder, "cache") } },
		);
		t.match(pulled, { code: 0 });
		const file = await readFile(join(folder, `backup-maker-controller-${version}.tgz`));
		t.ok(file.equals(await readFile(join(from, release.chart.file))), "the same chart");
		const digest = (await runProgram(crane, ["digest", `${chart}:${version}`])).trim();
		t.match(pulled.stderr + pulled.stdout, `Digest: ${digest}`, "Helm prints what is verified");
		const rendered = await runProgram(helm, ["template", "x", `oci://${chart}@${digest}`, "--plain-http"]);
		t.match(rendered, `image: "ghcr.io/riotkit-org/backup-maker-controller:${version}"`, "by its digest too");
		const { config } = JSON.parse(await runProgram(crane, ["config", `${image}@${release.image.digest}`]));
		t.equal(config.Labels["org.opencontainers.image.version"], version);
		await runProgram(crane, ["validate", "--remote", `${image}:${version}`]);
	});

	await t.test("a second run changes nothing", async (t) => {
		const second = await publish();
		t.equal(second.stderr, `already there: ${image}:${version}\nalready there: ${chart}:${version}\n`);
		t.equal(second.stdout, first.stdout);
	});

	await t.test("a version is never replaced by another content", async (t) => {
		await writeFile(join(from, release.chart.file), "another chart");
		await seal(from, release);
		const otherChart = await publish();
		t.match(otherChart, { code: 1, stderr: new RegExp(`${chart}:${version} exists with another content`) });
		const digest = await writeImage(from, release, "another image");
		await seal(from, { ...release, image: { ...release.image, digest } });
		const otherImage = await publish();
		t.match(otherImage, { code: 1, stderr: new RegExp(`${image}:${version} exists with another content`) });
		t.equal((await runProgram(crane, ["digest", `${image}:${version}`])).trim(), release.image.digest);
	});

	await t.test("nothing is pushed of files that differ from their checksums", async (t) => {
		await rm(join(from, release.npm.file));
		t.match(await publish(), { code: 1, stdout: "", stderr: /SHA256SUMS does not match/ });
	});
});
