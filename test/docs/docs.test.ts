// The documentation's links, flags, keys, functions and words, held against the code: what is listed there exists here, and
// the other way round.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";
import { checkManifests } from "../../src/cli/check.ts";
import { COMMANDS, PROGRAM_FLAGS } from "../../src/config/flags.ts";
import { HELM_VALUES_KEYS } from "../../src/domain/helmvalues/schema.ts";
import { problemText } from "../../src/domain/report.ts";
import { createKeyInspector } from "../../src/gpg/index.ts";
import { readManifests } from "../../src/manifests/documents.ts";
import { internalProcedureNames } from "../../src/procedures/index.ts";
import { isFunction } from "../../src/template/functions/table.ts";
import { codeBlocks } from "./pages.ts";

const read = (file: string): string => readFileSync(file, "utf8");
const pages = globSync(["*.md", "docs/**/*.md"]).sort();

/** Without code: links and headings in it are none. */
const prose = (text: string): string => text.replaceAll(/^ *```.*?^ *```/gms, "").replaceAll(/`[^`\n]*`/g, "");

/** What GitHub calls the anchor of a heading. */
const anchorsOf = (file: string): string[] =>
	[
		...read(file)
			.replaceAll(/^ *```.*?^ *```/gms, "")
			.matchAll(/^#+ (.*)$/gm),
	].map(([, heading = ""]) =>
		heading
			.toLowerCase()
			.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
			.replaceAll(/[^\p{L}\p{N} _-]/gu, "")
			.replaceAll(" ", "-"),
	);

/** The part of a page between two headings. */
const section = (file: string, from: string, to: string): string => {
	const text = read(file);
	const start = text.indexOf(from);
	const end = text.indexOf(to, start);
	return text.slice(start, end < 0 ? undefined : end);
};

/** The words in backticks of the first cells of all tables. */
const firstCells = (text: string): string[] =>
	[...text.matchAll(/^\| ([^|]*(?:\\\|[^|]*)*) \|/gm)].flatMap(([, cell = ""]) =>
		[...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word),
	);

t.test("links lead somewhere", async (t) => {
	for (const page of pages) {
		for (const [, target = ""] of prose(read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
			if (/^https?:/.test(target)) continue;
			const [path = "", anchor] = target.split("#");
			const file = path === "" ? page : join(dirname(page), path);
			t.ok(existsSync(file), `${page}: ${target}`);
			if (anchor !== undefined) t.ok(anchorsOf(file).includes(anchor), `${page}: ${target} has that heading`);
		}
	}
});

t.test("every page is reached from README", async (t) => {
	const reached = new Set<string>();
	const visit = (page: string): void => {
		if (reached.has(page) || !page.endsWith(".md")) return;
		reached.add(page);
		for (const [, target = ""] of prose(read(page)).matchAll(/\]\(([^)\s#]+)/g)) {
			if (!/^https?:/.test(target)) visit(join(dirname(page), target));
		}
	};
	visit("README.md");
	for (const page of pages) t.ok(reached.has(page), page);
});

t.test("flags of run are those of the code", async (t) => {
	const known = COMMANDS.find(({ name }) => name === "run")?.flags.map(({ name }) => `--${name}`) ?? [];
	for (const [file, from, to] of [
		["README.md", "## Flags of `run`", "## What is checked"],
		["docs/cli.md", "## `run`", "## `lint"],
	] as const) {
		const listed = firstCells(section(file, from, to)).map((flag) => flag.replace(/=.*/, ""));
		t.same(listed.sort(), known.filter((flag) => flag !== "--help").sort(), file);
	}
	for (const { name, default: value } of COMMANDS.flatMap(({ flags }) => flags)) {
		if (value !== undefined) t.match(section("docs/cli.md", "## `run`", "## `lint"), value, `${name}: ${value}`);
	}
});

t.test("commands are those of the code, with flags that they have", (t) => {
	for (const { name } of COMMANDS)
		t.match(read("docs/cli.md"), new RegExp(`^## \`${name}\\b`, "m"), `section of ${name}`);
	let seen = 0;
	for (const page of pages) {
		for (const [, text = ""] of read(page).matchAll(
			/(?:^\$? ?|`|\()(?:bmc|npm run -s bmc --) ((?!COMMAND)[^`\n|>)#]+)/gm,
		)) {
			seen += 1;
			const [name = "", ...rest] = text.split(/\s+/);
			const flags = name.startsWith("--") ? PROGRAM_FLAGS : COMMANDS.find((command) => command.name === name)?.flags;
			t.ok(flags, `${page}: bmc ${text}`);
			for (const flag of [name, ...rest].filter((word) => word.startsWith("--")))
				t.ok(
					flags?.some((known) => `--${known.name}` === flag.replace(/=.*/, "")),
					`${page}: bmc ${text}`,
				);
		}
	}
	t.ok(seen > 10, `${seen} commands are found`);
	t.end();
});

t.test("keys of HelmValues are those of the schema", async (t) => {
	const listed = firstCells(section("docs/vars.md", "## `HelmValues`", "## Limits"));
	t.same(listed.sort(), [...HELM_VALUES_KEYS].sort());
});

t.test("internal procedures are those of the registry", async (t) => {
	const listed = firstCells(section("docs/vars.md", "## What the internal", "## YAML")).filter(
		(name) => !/^(mysqldump|mysql|pgbr)$/.test(name),
	);
	t.same(listed.sort(), [...internalProcedureNames].sort());
});

t.test("template functions are those of the table", async (t) => {
	const listed = firstCells(section("docs/templates.md", "## Functions", "## Secrets"));
	t.ok(listed.length > 25, "the table is found");
	for (const name of listed) t.ok(isFunction(name), name);
	const source = read("src/template/functions/table.ts");
	const table = source.slice(0, source.indexOf("const internal"));
	const known = [...table.matchAll(/^\t\["(\w+)",/gm)].map(([, name = ""]) => name);
	t.same(listed.sort(), known.sort());
});

t.test("reasons in docs/status.md and docs/keys.md are words of the code", async (t) => {
	const code = globSync(["src/domain/**/*.ts", "reconcilers/**/*.ts"]).map(read).join("\n");
	const foreign = new Set(["BackoffLimitExceeded"]);
	const words = ["docs/status.md", "docs/keys.md"].flatMap((file) => firstCells(read(file)));
	const reasons = words.filter((word) => /^[A-Z][a-z]+[A-Za-z]*$/.test(word) && !foreign.has(word));
	t.ok(reasons.length > 40, "the tables are found");
	for (const reason of reasons) t.match(code, new RegExp(`\\b${reason}\\b`), reason);
});

t.test("metrics are those of the code", async (t) => {
	const code = read("src/telemetry/metrics.ts");
	const known = [...code.matchAll(/\$\{PREFIX\}(\w+)/g)].map(([, name]) => `backup_maker_controller_${name}`);
	const listed = firstCells(section("docs/operations.md", "## Metrics", "## Alerts")).filter((name) =>
		name.startsWith("backup_"),
	);
	t.same(listed.sort(), known.sort());
});

t.test("manifests are accepted as they are printed", async (t) => {
	const inspector = createKeyInspector();
	const settings = { backupMakerImage: "x:1", missingReferences: "warn", allowPrivilegedPods: false } as const;
	for (const page of pages) {
		for (const block of codeBlocks(read(page), "yaml")) {
			if (!block.startsWith("apiVersion: riotkit.org")) continue;
			const { manifests, unreadable } = readManifests(page, block);
			t.same(unreadable, [], `${page}: it is YAML`);
			for (const { manifest, report } of await checkManifests(manifests, { settings, inspector })) {
				t.same(
					report.errors.map(problemText),
					[],
					`${page}: ${manifest.object.kind} ${manifest.object.metadata?.name}`,
				);
			}
		}
	}
});

t.test("decisions are listed and numbered", async (t) => {
	const files = globSync("docs/adr/[0-9]*.md").sort();
	for (const [index, file] of files.entries()) {
		const number = String(index + 1).padStart(4, "0");
		const title = /^# (.*)$/m.exec(read(file))?.[1] ?? "";
		t.ok(file.startsWith(`docs/adr/${number}-`) && title.startsWith(`${number}. `), file);
		t.match(read("docs/adr/README.md"), `- [${title}](${file.slice("docs/adr/".length)})`, `${file} is in the list`);
	}
});
