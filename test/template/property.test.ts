// Go templates against Go's text/template, over templates and variables that nobody thought of.

import t from "tap";
import type { Value } from "../../src/template/index.ts";
import { startJudge, type Verdict } from "../judge/judge.ts";
import fc from "../property.ts";
import { scraps, templates, variables } from "./arbitraries.ts";
import { render } from "./support.ts";

const judge = await startJudge();
t.teardown(() => judge.stop());
const runs = Number(process.env.TEMPLATE_RUNS ?? 500);
t.setTimeout(240_000);

/**
 * Where we refuse on purpose what Go prints, and what the judge must then have seen too: null, complaints of printf, half a
 * character, large literals, recursion. Comparisons are refused by both, and Go shows the values.
 */
const onPurpose: readonly { ours: RegExp; strict?: RegExp; plain?: RegExp }[] = [
	{ ours: /null cannot be printed/, strict: /judge: (null|complaint)$/ },
	{
		ours: /cannot print a value of type|no argument is left|more arguments than|incomplete %/,
		strict: /judge: (null|complaint)$/,
	},
	{ ours: /cuts a character/, strict: /judge: half a character$/ },
	{ ours: /overflows int/, strict: /judge: unsigned literal$/ },
	{ ours: /calls itself/, strict: /judge: recursion$/ },
	{ ours: /non-comparable type/, plain: /non-comparable type/ },
];

/** Whether Go's verdict bears out that this is one of the documented deviations. */
async function isDeviation(message: string, template: string, data: Value, verdict: Verdict): Promise<boolean> {
	const deviation = onPurpose.find(({ ours }) => ours.test(message));
	if (deviation === undefined) return false;
	if (deviation.plain !== undefined) return deviation.plain.test(verdict.error ?? "");
	const { error = "" } = await judge.askStrictly("t", template, data);
	return deviation.strict?.test(error) === true;
}

async function agree(template: string, data: Value): Promise<void> {
	const { output, errors } = render(template, data);
	const message = errors[0]?.message;
	// Go would count to 2^63, and the judge with it.
	if (errors[0]?.kind === "limit") return;
	const verdict = await judge.ask("t", template, data);
	const ours: Verdict = output === undefined ? { error: message as string } : { output };
	if (JSON.stringify(ours) === JSON.stringify(verdict)) return;
	if (message !== undefined && (await isDeviation(message, template, data, verdict))) return;
	throw new Error(`${JSON.stringify(template)}\nGo:   ${JSON.stringify(verdict)}\nours: ${JSON.stringify(ours)}`);
}

// fast-check's message holds the seed, the path and the smallest counterexample.
t.test("generated templates render, or fail, as in Go", (t) =>
	t.resolves(fc.assert(fc.asyncProperty(templates, variables, agree), { numRuns: runs })),
);

t.test("generated text parses, or fails, as in Go", (t) =>
	t.resolves(fc.assert(fc.asyncProperty(scraps, variables, agree), { numRuns: runs })),
);

t.test("floats print as in Go", async (t) => {
	const property = fc.asyncProperty(fc.double(), fc.integer({ min: 0, max: 20 }), async (value, precision) => {
		if (!Number.isFinite(value)) return;
		const formats = ["%v", `%.${precision}e`, `%.${precision}f`, `%.${precision}g`, `%${precision}.3f`];
		const template = `{{.}}${formats.map((format) => `|{{printf "${format}" .}}`).join("")}`;
		await agree(template, Number.isInteger(value) ? value + 0.5 : value);
	});
	await t.resolves(fc.assert(property, { numRuns: runs }));
});

t.test("what Go does not do is no deviation, however we call it", async (t) => {
	const data: Value = new Map<string, Value>([["a", 1n]]);
	const claims: Record<string, [string, string]> = {
		"null cannot be printed": ["{{.a}}", "{{if .a}}{{else}}{{nil | print}}{{end}}"],
		"%d cannot print a value of type int": ['{{printf "%d" .a}}', '{{printf "%s" "%"}}'],
		"the slice cuts a character in two": ['{{slice "é" 0 2}}', '{{slice "abc" 1}}'],
		"1 overflows int": ["{{1}}", "{{9223372036854775807}}"],
		'template "a" calls itself': ['{{define "a"}}{{end}}{{template "a"}}', "{{.a}}"],
		"non-comparable type: int": ["{{eq .a 1}}", "{{eq .a .a}}"],
	};
	for (const [claim, templates] of Object.entries(claims))
		for (const template of templates) {
			const verdict = await judge.ask("t", template, data);
			t.notOk(await isDeviation(claim, template, data, verdict), `${claim}: ${template}`);
		}
});
