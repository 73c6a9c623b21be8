// Everything that states a version must state the released one.
import { readFileSync } from "node:fs";
import t from "tap";
import {
	changelogSection,
	disagreements,
	isPrerelease,
	type VersionSources,
	versionOfTag,
} from "../../release/agreement.ts";
import { readSources } from "../../release/sources.ts";

const CHART = "charts/backup-maker-controller/Chart.yaml";
const agreeing: VersionSources = {
	packageJson: '{"version": "1.2.3"}',
	packageLock: '{"version": "1.2.3", "packages": {"": {"version": "1.2.3"}}}',
	chart: 'apiVersion: v2\nversion: 1.2.3\nappVersion: "1.2.3"\n',
	hooks: "- entry: npx --yes --package=backup-maker-controller@1.2.3 -- bmc lint\n",
	dockerfile: 'LABEL org.opencontainers.image.version="1.2.3"\n',
	changelog:
		"# Changelog\n\n## [1.2.3] - 2026-11-30\n\n### Added\n\n- A.\n\n## [1.2.2] - 2026-10-01\n\n- B.\n\n## [1.2.1] - 2026-09-01\n",
};

t.test("tags", async (t) => {
	for (const tag of ["v1.2.3", "1.2.3", "v0.1.0", "v1.2.3-rc.1", "v10.20.30"])
		t.equal(`v${versionOfTag(tag)}`, `v${tag.replace("v", "")}`);
	for (const tag of ["v1.2", "main", "v01.2.3", "v1.2.3+build", "v1.2.3 ", "v1.2.3;id", ""]) {
		t.throws(() => versionOfTag(tag), { message: `"${tag}" is not a version such as v1.2.3 or v1.2.3-rc.1` });
	}
	t.strictSame(["1.2.3", "1.2.3-rc.1"].map(isPrerelease), [false, true]);
});

t.test("sources that agree", async (t) => t.strictSame(disagreements(agreeing, "1.2.3", false), []));

for (const [name, changed, expected] of [
	["package.json", { packageJson: '{"version": "1.2.2"}' }, ["package.json: version is 1.2.2, not 1.2.3"]],
	["package.json without a version", { packageJson: "{}" }, ["package.json: version is missing, not 1.2.3"]],
	[
		"package-lock.json, which npm writes twice",
		{ packageLock: '{"version": "1.2.2", "packages": {}}' },
		["package-lock.json: version is 1.2.2, not 1.2.3", 'package-lock.json: packages[""].version is missing, not 1.2.3'],
	],
	[
		"the chart",
		{ chart: "version: 1.2.4\nappVersion: 1.2.2\n" },
		[`${CHART}: version is 1.2.4, not 1.2.3`, `${CHART}: appVersion is 1.2.2, not 1.2.3`],
	],
	[
		"the hook of pre-commit",
		{ hooks: "- entry: npx --yes --package=backup-maker-controller@1.2.2 -- bmc lint\n" },
		[".pre-commit-hooks.yaml: entry is 1.2.2, not 1.2.3"],
	],
	["the label of the Dockerfile", { dockerfile: "FROM scratch\n" }, ["Dockerfile: label is missing, not 1.2.3"]],
	[
		"no section in the changelog",
		{ changelog: agreeing.changelog.replace("1.2.3", "1.2.4") },
		['CHANGELOG.md has no section "## [1.2.3] - YYYY-MM-DD"'],
	],
	[
		"a section without a date",
		{ changelog: agreeing.changelog.replace("2026-11-30", "unreleased") },
		['CHANGELOG.md: the section of 1.2.3 has the date "unreleased"; write YYYY-MM-DD'],
	],
	[
		"an empty section",
		{ changelog: "## [1.2.3] - 2026-11-30\n\n## [1.2.2] - 2026-10-01\n\n- B.\n" },
		["CHANGELOG.md: the section of 1.2.3 is empty"],
	],
] as const) {
	t.test(`${name} disagrees`, async (t) =>
		t.strictSame(disagreements({ ...agreeing, ...changed }, "1.2.3", false), expected),
	);
}

t.test("a rehearsal may have no date, but no other text in its place", async (t) => {
	const dated = (date: string) => ({ ...agreeing, changelog: agreeing.changelog.replace("2026-11-30", date) });
	t.strictSame(disagreements(dated("unreleased"), "1.2.3", true), []);
	t.equal(disagreements(dated("soon"), "1.2.3", true).length, 1);
});

t.test("a section ends where the next begins", async (t) => {
	t.strictSame(changelogSection(agreeing.changelog, "1.2.3"), { date: "2026-11-30", text: "### Added\n\n- A." });
	t.strictSame(changelogSection(agreeing.changelog, "1.2.1"), { date: "2026-09-01", text: "" });
	t.equal(changelogSection(agreeing.changelog, "1.2"), undefined, "a prefix of a version is another version");
});

t.test("this tree states one version everywhere", async (t) => {
	const { version } = JSON.parse(readFileSync("package.json", "utf8"));
	t.strictSame(disagreements(await readSources("."), version, true), []);
});
