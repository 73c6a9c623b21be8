// The workflows are what GitHub accepts, by actionlint and, for their scripts, shellcheck.
import { execFileSync } from "node:child_process";
import t from "tap";
import { findActionlint } from "../cluster/binaries.ts";
import { execute } from "../cluster/execute.ts";
import { workflows } from "./workflow.ts";

const actionlint = await findActionlint();
// Without it actionlint says nothing of scripts, and this file would prove less than it states.
const shellcheck = execFileSync("which", ["shellcheck"], { encoding: "utf8" }).trim();

const check = async (files: string[]): Promise<{ code: number; stdout: string }> =>
	execute(actionlint, ["-no-color", "-oneline", `-shellcheck=${shellcheck}`, "-pyflakes=", ...files]);

t.test("the project's workflows", async (t) => {
	const files = workflows.map(({ file }) => file);
	t.strictSame(files, [".github/workflows/gate.yml", ".github/workflows/release.yml"]);
	t.strictSame(await check(files), { code: 0, stdout: "", stderr: "" });
});

t.test("a broken workflow is found, with each of its faults", async (t) => {
	const { code, stdout } = await check(["test/github/broken/workflow.yml"]);
	t.equal(code, 1);
	for (const [fault, words] of [
		["an unknown key", /no-such-key/],
		["an unknown input", /"no-such-input" is not defined in action "actions\/checkout/],
		["text of other people in a script", /"github.event.pull_request.title" is potentially untrusted/],
		["an unquoted variable, by shellcheck", /shellcheck reported issue in this script: SC2086/],
		["an output of no step", /property "nothing" is not defined/],
	] as const) {
		t.match(stdout, words, fault);
	}
});
