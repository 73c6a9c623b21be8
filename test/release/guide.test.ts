// RELEASING.md: its commands do what it states.
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { disagreements } from "../../release/agreement.ts";
import { readSources } from "../../release/sources.ts";
import { execute } from "../cluster/execute.ts";
import { codeBlocks, sectionOf } from "../docs/pages.ts";

const FILES = [
	...["package.json", "package-lock.json", "Dockerfile", ".pre-commit-hooks.yaml", "CHANGELOG.md"],
	"charts/backup-maker-controller/Chart.yaml",
];
const commands = codeBlocks(sectionOf("RELEASING.md", "## Release a version"), "sh").flatMap((block) =>
	block.trim().split("\n"),
);

t.test("the steps that write the version leave nothing but the changelog to do", async (t) => {
	const folder = t.testdir();
	for (const file of FILES) cpSync(file, join(folder, file));
	const writing = commands.filter((line) => /^(sed|npm version) /.test(line));
	t.equal(writing.length, 4);
	for (const line of writing) {
		const { code, stderr } = await execute("bash", ["-c", line], { cwd: folder });
		t.equal(code, 0, `${line}: ${stderr}`);
	}
	t.strictSame(disagreements(await readSources(folder), "0.2.0", false), [
		'CHANGELOG.md has no section "## [0.2.0] - YYYY-MM-DD"',
	]);
});

t.test("scripts that it names exist", async (t) => {
	const named = [...readFileSync("RELEASING.md", "utf8").matchAll(/node (release\/\S+\.ts)/g)].map(
		([, file = ""]) => file,
	);
	t.ok(named.length >= 2);
	for (const file of named) t.doesNotThrow(() => readFileSync(file), file);
});

t.test("users verify the workflow that signs", async (t) => {
	const identities = [...readFileSync("RELEASING.md", "utf8").matchAll(/certificate-identity (\S+)@refs/g)];
	t.equal(identities.length, 3);
	const workflow = ".github/workflows/release.yml";
	for (const [, identity] of identities) {
		t.equal(identity, `https://github.com/riotkit-org/backup-maker-controller/${workflow}`);
	}
	t.match(readFileSync(workflow, "utf8"), "cosign sign --yes");
});
