// Renovate groups the updates of tools alone: each package that runs in production has an update of its own.
import { readFileSync } from "node:fs";
import { matchesGlob } from "node:path";
import t from "tap";
import { makeBundle } from "../../bundle/build.ts";

t.setTimeout(120_000);

interface Rule {
	matchManagers?: string[];
	matchPackageNames?: string[];
	matchDepTypes?: string[];
	groupName: string;
}

const { packageRules } = JSON.parse(readFileSync("renovate.json", "utf8")) as { packageRules: Rule[] };
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, Record<string, string>>;

/** The group of a package of package.json: the last rule that matches, https://docs.renovatebot.com/configuration-options/#packagerules */
const groupOf = (name: string, depType: string): string | undefined =>
	packageRules.findLast(
		({ matchManagers, matchPackageNames, matchDepTypes }) =>
			(matchManagers?.includes("npm") ?? true) &&
			(matchDepTypes?.includes(depType) ?? true) &&
			(matchPackageNames?.some((pattern) => matchesGlob(name, pattern)) ?? true),
	)?.groupName;

t.test("what is in the bundle is in no group, and all else is in one", async (t) => {
	const { packages } = await makeBundle(t.testdir());
	const bundled = new Set(packages.map((path) => path.replace(/^.*node_modules\//, "")));
	const declared = ["dependencies", "devDependencies"].flatMap((type) =>
		Object.keys(manifest[type] ?? {}).map((name) => ({ name, group: groupOf(name, type) })),
	);
	const inBundle = declared.filter(({ name }) => bundled.has(name));
	t.ok(inBundle.length > 5, "they are found");
	t.strictSame(
		inBundle.filter(({ group }) => group !== undefined),
		[],
	);
	for (const { name, group } of declared.filter((one) => !bundled.has(one.name)))
		t.equal(group, name === "node" ? "Node.js" : "development", name);
});

t.test("a tool that is named is a dependency", async (t) => {
	const tools = packageRules.find(({ groupName }) => groupName === "development")?.matchPackageNames ?? [];
	t.strictSame(
		tools.filter((name) => !(name in (manifest["devDependencies"] ?? {}))),
		[],
	);
});
