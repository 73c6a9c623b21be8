// The action's step as a whole, with the program from this tree in place of the one from npm.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runStep } from "./support.ts";

const matcher = JSON.parse(readFileSync("action/problem-matcher.json", "utf8")).problemMatcher[0];
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const DENIED = ["examples/template-pg13.yaml", "examples/secret-without-password.yaml", "examples/app1.yaml"];

t.test("what is denied fails the step, and each finding becomes an annotation", async (t) => {
	const folder = t.testdir();
	const { code, stdout } = await runStep(folder, { INPUT_PATHS: DENIED.join("\n") });
	t.equal(code, 1);
	t.match(readFileSync(join(folder, "args"), "utf8"), `--package=backup-maker-controller@${version}\n`);
	const lines = stdout.trimEnd().split("\n");
	t.match(lines[0], /^::add-matcher::\/.*\/action\/problem-matcher\.json$/);
	const [, token] = /^::stop-commands::(\S{20,})$/.exec(lines[1] ?? "") ?? [];
	t.strictSame(lines.slice(-2), [`::${token}::`, "::remove-matcher owner=backup-maker-controller::"]);
	const pattern = matcher.pattern[0];
	const found = lines.map((line) => new RegExp(pattern.regexp).exec(line)).filter((match) => match !== null);
	t.equal(found.length, 2, "both errors, and no other line");
	t.strictSame(
		found.map((match) => [match[pattern.file], match[pattern.severity]]),
		Array(2).fill(["examples/app1.yaml", "error"]),
	);
	const source = readFileSync("examples/app1.yaml", "utf8").split("\n");
	const lineOfFinding = source[Number(found[0]?.[pattern.line]) - 1];
	t.match(lineOfFinding, "Params.password", "the line is that of the finding");
});

t.test("what is allowed passes", async (t) => {
	const paths = "examples/template-pg13.yaml\nexamples/secret.yaml\nexamples/app1.yaml";
	const { code, stdout } = await runStep(t.testdir(), { INPUT_PATHS: paths });
	t.equal(code, 0);
	t.match(stdout, "2 checked, 2 allowed, 0 denied");
});

t.test("JSON comes without annotations", async (t) => {
	const { code, stdout } = await runStep(t.testdir(), { INPUT_PATHS: DENIED.join("\n"), INPUT_OUTPUT: "json" });
	t.equal(code, 1);
	const lines = stdout.trimEnd().split("\n");
	t.match([lines[0], lines.at(-1)], [/^::stop-commands::/, /^::[-0-9a-f]{36}::$/]);
	t.match(JSON.parse(lines.slice(1, -1).join("\n")), [{ allowed: true }, { kind: "ScheduledBackup", allowed: false }]);
});

/** The lines that GitHub takes for commands: `::` after white space, or `##[` anywhere; none between a stop and its token. */
const commandsIn = (output: string): string[] => {
	let stopped: string | undefined;
	return output.split("\n").filter((line) => {
		if (stopped !== undefined) {
			if (line.trim() === `::${stopped}::`) stopped = undefined;
			return false;
		}
		stopped = /^::stop-commands::(.+)$/.exec(line)?.[1];
		return /^\s*::/.test(line) || line.includes("##[");
	});
};

for (const output of ["text", "json", "yaml"]) {
	t.test(`names in manifests and of files are no commands: ${output}`, async (t) => {
		const name = JSON.stringify("a\n::error::from a name\r\n  ::error::again ##[error]old");
		const backup = `apiVersion: riotkit.org/v1alpha1\nkind: ScheduledBackup\nmetadata: {name: ${name}}\nspec: {}\n`;
		const folder = t.testdir({ manifests: { "a\n::error::from a file.yaml": backup, "b.yaml": "a: [" } });
		const { code, stdout, stderr } = await runStep(folder, {
			INPUT_PATHS: join(folder, "manifests"),
			INPUT_OUTPUT: output,
		});
		t.equal(code, 1, stderr);
		t.match(stdout, "from a name");
		t.strictSame(
			commandsIn(`${stdout}${stderr}`).filter((line) => !/^::(add-matcher|remove-matcher|stop-commands)/.test(line)),
			[],
		);
	});
}

t.test("the message of a wrong input is one command", async (t) => {
	const { code, stdout } = await runStep(t.testdir(), {
		INPUT_PATHS: "examples/",
		INPUT_VERSION: "100%\r\n::error::again",
	});
	t.equal(code, 2);
	t.equal(stdout, '::error::version: Invalid value: "100%25%0D%0A::error::again": must be such as 0.1.0\n');
});

t.test("a path that does not exist, and a wrong input, are errors of the run", async (t) => {
	const nothing = await runStep(t.testdir(), { INPUT_PATHS: "no/such/folder" });
	t.equal(nothing.code, 2);
	t.match(nothing.stderr, "no/such/folder");
	const wrong = await runStep(t.testdir(), { INPUT_PATHS: "examples/", INPUT_OUTPUT: "xml" });
	t.equal(wrong.code, 2);
	t.match(wrong.stdout, '::error::output: Unsupported value: "xml": supported values: text, json, yaml');
});
