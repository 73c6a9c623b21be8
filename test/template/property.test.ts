// Go templates against Go's text/template, over templates and variables that nobody thought of.
import fc from "fast-check";
import t from "tap";
import type { Value } from "../../src/template/index.ts";
import { startJudge, type Verdict } from "../judge/judge.ts";
import { scraps, templates, variables } from "./arbitraries.ts";
import { render } from "./support.ts";

const judge = await startJudge();
t.teardown(() => judge.stop());
const runs = Number(process.env.TEMPLATE_RUNS ?? 500);
t.setTimeout(240_000);

/** Where we refuse on purpose what Go prints: null, complaints of printf, half a character, comparisons shown with values. */
const onPurpose =
	/null cannot be printed|cannot print a value of type|no argument is left|more arguments than|non-comparable type|cuts a character|incomplete %|overflows int|calls itself/;

async function agree(template: string, data: Value): Promise<void> {
	const { output, errors } = render(template, data);
	const message = errors[0]?.message;
	if (message !== undefined && onPurpose.test(message)) return;
	// Go would count to 2^63, and the judge with it.
	if (errors[0]?.kind === "limit") return;
	const verdict = await judge.ask("t", template, data);
	const ours: Verdict = output === undefined ? { error: message as string } : { output };
	if (JSON.stringify(ours) === JSON.stringify(verdict)) return;
	throw new Error(`${JSON.stringify(template)}\nGo:   ${JSON.stringify(verdict)}\nours: ${JSON.stringify(ours)}`);
}

// fast-check's message holds the seed, the path and the smallest counterexample.
t.test("generated templates render, or fail, as in Go", () =>
	fc.assert(fc.asyncProperty(templates, variables, agree), { numRuns: runs }),
);

t.test("generated text parses, or fails, as in Go", () =>
	fc.assert(fc.asyncProperty(scraps, variables, agree), { numRuns: runs }),
);

t.test("floats print as in Go", async () => {
	await fc.assert(
		fc.asyncProperty(fc.double(), fc.integer({ min: 0, max: 20 }), async (value, precision) => {
			if (!Number.isFinite(value)) return;
			const formats = ["%v", `%.${precision}e`, `%.${precision}f`, `%.${precision}g`, `%${precision}.3f`];
			const template = `{{.}}${formats.map((format) => `|{{printf "${format}" .}}`).join("")}`;
			await agree(template, Number.isInteger(value) ? value + 0.5 : value);
		}),
		{ numRuns: runs },
	);
});
