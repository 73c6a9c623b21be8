// No regular expression of the program takes more than linear time on a text that a user can choose: one key of 60,000 digits
// once held the webhook for seconds. Every literal is tried, also where the text is bounded today.
import { fileURLToPath } from "node:url";
import t from "tap";
import { IMAGE_PATTERN } from "../../src/api/image.ts";
import { propertiesOf, type Schema } from "../../src/api/schema.ts";
import { schemas } from "../../src/api/schemas.ts";
import { literalsIn, literalsOf } from "./literals.ts";
import { hostilePump, repeatsWithoutEnd } from "./pump.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["src", "webhooks", "reconcilers", "certs"];

const patternsOf = (schema: Schema): string[] => [
	...(schema.pattern === undefined ? [] : [schema.pattern]),
	...(schema.items === undefined ? [] : patternsOf(schema.items)),
	...Object.values(propertiesOf(schema)).flatMap(patternsOf),
];

t.test("each kind of slow expression is found", async (t) => {
	const slow: [name: string, expression: RegExp, repeats?: boolean][] = [
		["an end that is sought from each place", /[0-9]+$/],
		["the same with everything before a line break", /@.*$/],
		["two runs of the same characters", /^[0-9]+\.?[0-9]*x/],
		["flags that are digits too", /([#0+\- ]*)([0-9]*)(?:\.([0-9]*))?([^0-9.]|$)/suy],
		["a run before what may be missing", /[-.]*\.[-.]*/g, true],
		["a comment from each bar", /\|[-+0-9]*[ \t]*(#[^\n]*)?\r?\n\s*$/],
		["all ways through a text", /^(a+)+$/],
	];
	for (const [name, expression, repeats = false] of slow)
		t.ok(await hostilePump({ expression, repeats }), `${name}: ${expression}`);
	for (const expression of [
		/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
		/[^A-Za-z0-9]+/g,
		/^\d+$/,
	])
		t.notOk(await hostilePump({ expression, repeats: expression.global }), `${expression}`);
});

t.test("expressions that repeat nothing without end need no text", async (t) => {
	for (const expression of [/a*/, /[0-9]+$/, /(a|b){2,}/, /\[+/, /[\]]*/])
		t.ok(repeatsWithoutEnd(expression), `${expression}`);
	for (const expression of [/,/g, /a?b{1,3}/, /[*+]/, /\*\+/, /[\]*]/, /\\/])
		t.notOk(repeatsWithoutEnd(expression), `${expression}`);
});

t.test("literals are found wherever they stand", async (t) => {
	const source = [
		"#!/usr/bin/env node",
		"const a = /x[/]y/g; // no /literal/",
		'const b = "/no/"; const c = 4 / 2 / 1; /* nor /this/ */',
		`const d = \`/no/ \${e.replace(/\\/+$/u, "}")} /no/ \${{ f: /z/ }}\`;`,
		"g.split(/,/); if (h) return /end/;",
	].join("\n");
	t.same(
		literalsOf("a.ts", source).map(({ line, expression, repeats }) => [line, `${expression}`, repeats]),
		[
			[2, "/x[/]y/g", true],
			[4, "/\\/+$/u", false],
			[4, "/z/", false],
			[5, "/,/", true],
			[5, "/end/", false],
		],
	);
});

t.test("no expression of the program is slow", async (t) => {
	const literals = literalsIn(ROOT, FOLDERS);
	t.ok(literals.length > 100, `${literals.length} literals`);
	for (const { file, line, ...tried } of literals) {
		const pump = await hostilePump(tried);
		if (pump !== undefined) t.fail(`${file}:${line}: ${tried.expression} takes more than linear time`, { pump });
	}
	const patterns = new Set([IMAGE_PATTERN, ...Object.values(schemas).flatMap(patternsOf)]);
	t.ok(patterns.size > 4, `${patterns.size} patterns of the CRDs`);
	for (const pattern of patterns) {
		const pump = await hostilePump({ expression: new RegExp(pattern, "u"), repeats: false });
		if (pump !== undefined) t.fail(`${pattern} takes more than linear time`, { pump });
	}
});
