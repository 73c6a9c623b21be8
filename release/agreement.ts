// A release is cut from a tag: everything that states the version must state the same one, or nothing is built.

/** The texts that state the version. */
export interface VersionSources {
	packageJson: string;
	packageLock: string;
	/** Chart.yaml of the Helm chart. */
	chart: string;
	dockerfile: string;
	/** .pre-commit-hooks.yaml, whose hook runs the npm package. */
	hooks: string;
	changelog: string;
}

/** What a section of the changelog covers. */
export interface ChangelogSection {
	/** `2026-11-30`, or `unreleased`. */
	date: string;
	/** Without the heading. */
	text: string;
}

/** https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string, without build metadata. */
const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CHART = "charts/backup-maker-controller/Chart.yaml";

/**
 * The version that a tag names.
 * @param tag `v1.2.3` or `1.2.3`; pre-releases as `v1.2.3-rc.1`
 * @throws Error where it is not a SemVer version
 */
export const versionOfTag = (tag: string): string => {
	const version = tag.replace(/^v/, "");
	if (!SEMVER.test(version)) throw new Error(`"${tag}" is not a version such as v1.2.3 or v1.2.3-rc.1`);
	return version;
};

/** Whether a version is a pre-release, which nobody gets who does not ask for it. */
export const isPrerelease = (version: string): boolean => version.includes("-");

/** The section of a version in CHANGELOG.md; undefined where it has none. */
export const changelogSection = (changelog: string, version: string): ChangelogSection | undefined => {
	const lines = changelog.split("\n");
	const start = lines.findIndex((line) => line.startsWith(`## [${version}] - `));
	if (start < 0) return undefined;
	const rest = lines.slice(start + 1);
	const end = rest.findIndex((line) => line.startsWith("## "));
	const text = rest.slice(0, end < 0 ? undefined : end).join("\n");
	return { date: lines[start]?.slice(`## [${version}] - `.length).trim() ?? "", text: text.trim() };
};

const changelogProblems = (changelog: string, version: string, unreleased: boolean): string[] => {
	const section = changelogSection(changelog, version);
	if (section === undefined) return [`CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD"`];
	const dated = DATE.test(section.date) || (unreleased && section.date === "unreleased");
	return [
		...(dated ? [] : [`CHANGELOG.md: the section of ${version} has the date "${section.date}"; write YYYY-MM-DD`]),
		...(section.text === "" ? [`CHANGELOG.md: the section of ${version} is empty`] : []),
	];
};

const lineValue = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];

/** Each place and the version that it states. */
const statedVersions = (sources: VersionSources): [place: string, stated: string | undefined][] => {
	const lock = JSON.parse(sources.packageLock) as { version?: string; packages: Record<string, { version?: string }> };
	return [
		["package.json: version", (JSON.parse(sources.packageJson) as { version?: string }).version],
		["package-lock.json: version", lock.version],
		['package-lock.json: packages[""].version', lock.packages[""]?.version],
		[`${CHART}: version`, lineValue(sources.chart, /^version: "?([^"\s]+)"?$/m)],
		[`${CHART}: appVersion`, lineValue(sources.chart, /^appVersion: "?([^"\s]+)"?$/m)],
		[".pre-commit-hooks.yaml: entry", lineValue(sources.hooks, /--package=backup-maker-controller@(\S+)/)],
		["Dockerfile: label", lineValue(sources.dockerfile, /org\.opencontainers\.image\.version="([^"]*)"/)],
	];
};

/**
 * Everything that disagrees with the version, one sentence each.
 * @param unreleased true for a rehearsal: the changelog's section may be without a date
 */
export const disagreements = (sources: VersionSources, version: string, unreleased: boolean): string[] => [
	...statedVersions(sources)
		.filter(([, stated]) => stated !== version)
		.map(([place, stated]) => `${place} is ${stated ?? "missing"}, not ${version}`),
	...changelogProblems(sources.changelog, version, unreleased),
];
