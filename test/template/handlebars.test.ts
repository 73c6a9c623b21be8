// Handlebars templates: where the language is Handlebars' own, against the handlebars package; where we are stricter, word for word.
import Handlebars from "handlebars";
import t from "tap";
import { SecretValue } from "../../src/template/index.ts";
import { outcome, render, tree } from "./support.ts";

const data = {
	Params: { user: "riotkit", port: 5432, tls: true, off: false, empty: "", "with-dash": "d", "a b": "space" },
	list: ["a", "b", "c"],
	users: [
		{ name: "ann", groups: ["x", "y"] },
		{ name: "bob", groups: [] },
	],
	emptyList: [],
	emptyMap: {},
	zero: 0,
	nothing: null,
	html: '<a href="x">&\'</a>',
	matrix: [[1, 2], [3]],
	upper: "not the helper",
};

/** Templates that both sides render alike. */
const same: Record<string, string> = {
	text: "plain ${HOME} } }} { text\n",
	"a path": "{{Params.user}}",
	"three braces": "{{{html}}}",
	"an ampersand": "{{&html}}",
	this: "{{#each list}}{{this}}{{.}}{{/each}}",
	"this with a field": "{{this.Params.user}}{{./Params.user}}",
	slashes: "{{Params/user}}",
	brackets: "{{Params.[with-dash]}}{{Params.[a b]}}",
	"an element": "{{list.[1]}}{{list.length}} {{matrix.[0].[1]}}",
	"a comment": "a{{! no }}b{{!-- no }} --}}c",
	"an escaped mustache": "\\{{Params.user}} \\\\{{Params.user}}",
	if: "{{#if Params.tls}}y{{/if}}{{#if Params.off}}n{{/if}}",
	"if else": "{{#if Params.off}}y{{else}}n{{/if}}{{#if Params.tls}}y{{^}}n{{/if}}",
	"else if": "{{#if Params.off}}1{{else if zero}}2{{else if list}}3{{else}}4{{/if}}",
	unless: "{{#unless Params.off}}y{{else}}n{{/unless}}{{#unless list}}y{{else}}n{{/unless}}",
	"an inverse if": "{{^if Params.off}}y{{/if}}",
	truth:
		"{{#each users}}{{#if groups}}t{{else}}f{{/if}}{{/each}}{{#if zero}}t{{else}}f{{/if}}{{#if emptyMap}}t{{else}}f{{/if}}{{#if nothing}}t{{else}}f{{/if}}{{#if Params.empty}}t{{else}}f{{/if}}",
	"literals as conditions":
		'{{#if true}}t{{/if}}{{#if "x"}}t{{/if}}{{#if 1}}t{{/if}}{{#if 0}}f{{else}}e{{/if}}{{#if null}}f{{/if}}{{#if undefined}}f{{/if}}{{#if false}}f{{/if}}{{#if 0.0}}f{{else}}z{{/if}}',
	with: "{{#with Params}}{{user}}:{{port}}{{/with}}",
	"with else": "{{#with emptyList}}a{{else}}{{Params.user}}{{/with}}{{#with nothing}}a{{else}}b{{/with}}",
	"with zero and an empty map":
		"{{#with zero}}{{this}}{{/with}}{{#with emptyMap}}in{{/with}}{{#with Params.off}}a{{else}}b{{/with}}",
	"with and the parent": "{{#with Params}}{{user}}{{../zero}}{{/with}}",
	"with a block parameter": "{{#with Params as |p|}}{{p.user}}{{../zero}}{{/with}}",
	each: "{{#each list}}[{{this}}]{{/each}}",
	"each else":
		"{{#each emptyList}}a{{else}}none{{/each}}{{#each emptyMap}}a{{else}}none{{/each}}{{#each nothing}}a{{else}}none{{/each}}{{#each Params.off}}a{{else}}none{{/each}}",
	"each with its data": "{{#each list}}<{{@index}}{{@key}}{{@first}}{{@last}};{{/each}}",
	"each of a map": "{{#each Params}}<{{@index}}{{@key}}={{this}}{{@first}}{{@last}};{{/each}}",
	"each with block parameters": "{{#each users as |user number|}}{{number}}{{user.name}}{{name}}{{/each}}",
	"each of a map with block parameters": "{{#each Params as |value key|}}{{key}}={{value}};{{/each}}",
	"nested each":
		"{{#each users}}{{#each groups}}{{../name}}{{this}}{{@index}}{{@../index}}{{@root.zero}}{{../../zero}}{{else}}{{name}}{{/each}};{{/each}}",
	"a block parameter over a field": "{{#each users as |name|}}{{name.name}}{{this.name}}{{./name}}{{/each}}",
	"a block parameter over a helper": "{{#each list as |upper|}}{{upper}}{{/each}}",
	"if inside each does not count as a parent": "{{#each users}}{{#if groups}}{{../zero}}{{name}}{{/if}}{{/each}}",
	helpers: '{{upper "a"}}{{upper Params.user}}{{print "a" "b"}}',
	subexpressions: '{{upper (print "a" (upper "b") Params.user)}}',
	"a condition by a helper": '{{#if (eq Params.user "riotkit")}}y{{/if}}{{#each (print-list)}}{{/each}}'.replace(
		"{{#each (print-list)}}{{/each}}",
		"",
	),
	"a helper in each's data": '{{#each list}}{{upper this}}{{print @index "/" @key}}{{/each}}',
	tildes: "a  {{~Params.user~}}  b {{~#if Params.tls~}}  c  {{~else~}} d {{~/if~}} e",
	"standalone blocks": "a\n{{#if Params.tls}}\n  b\n{{else}}\n  c\n{{/if}}\nd\n",
	"standalone with indentation": "a\n  {{#each list}}\n  - {{this}}\n  {{/each}}\nd",
	"standalone comments": "a\n  {{! no }}\nb",
	"not standalone": "a {{#if Params.tls}}\n b\n{{/if}} c",
	"windows lines": "a\r\n{{#if Params.tls}}\r\nb\r\n{{/if}}\r\nc",
};

const helpers = {
	upper: (text: string) => text.toUpperCase(),
	print: (...values: unknown[]) => values.slice(0, -1).join(""),
	eq: (left: unknown, right: unknown) => left === right,
};

for (const [name, template] of Object.entries(same)) {
	t.test(name, async (t) => {
		const compiled = Handlebars.compile(template, { noEscape: true });
		t.equal(outcome(template, data, "Handlebars"), compiled(data, { helpers }));
	});
}

const at = (place: string, context: string, message: string): string =>
	`template: t:${place}: executing "t" at <${context}>: ${message}`;

const strict: Record<string, readonly [string, string]> = {
	"a missing key": ["\n  {{Params.password}}", at("2:4", "Params.password", 'map has no entry for key "password"')],
	"the column counts bytes": [
		"é😀 {{Params.password}}",
		at("1:9", "Params.password", 'map has no entry for key "password"'),
	],
	"a missing key behind a carriage return": ["a\r{{x}}\r\nb\n{{x}}", at("1:4", "x", 'map has no entry for key "x"')],
	"a missing key in a condition": [
		"{{#if missing}}a{{/if}}",
		at("1:6", "missing", 'map has no entry for key "missing"'),
	],
	"a missing key in each": [
		"{{#each list}}{{this.x}}{{/each}}",
		at("1:16", "this.x", "can't evaluate field x in type interface {}"),
	],
	"a missing key of a parent": [
		"{{#with Params}}{{../nope}}{{/with}}",
		at("1:18", "../nope", 'map has no entry for key "nope"'),
	],
	"a missing element": ["{{list.[7]}}", at("1:2", "list.[7]", "list has no entry 7")],
	"no element of that name": [
		"{{list.first}}",
		at("1:2", "list.first", "can't evaluate field first in type interface {}"),
	],
	null: ["{{nothing}}", at("1:2", "nothing", "null cannot be printed")],
	"a helper's mistake": ["{{upper (print 1) 2}}", at("1:2", "upper", "wrong number of args for upper: want 1 got 2")],
	"an argument of the wrong type": [
		"{{upper Params.port}}",
		at("1:8", "Params.port", "wrong type for value; expected string; got int64"),
	],
	"a literal of the wrong type": ["{{upper 5}}", at("1:8", "5", "expected string; found 5")],
	"a helper's error": ["{{index list 9}}", at("1:2", "index list 9", "error calling index: index out of range: 9")],
	"an error in a subexpression": ["{{print (len 5)}}", at("1:9", "len 5", "error calling len: len of type int")],
	"each over text": ["{{#each Params.user}}a{{/each}}", at("1:8", "Params.user", "range can't iterate over riotkit")],
	"each over a number": ["{{#each 3}}a{{/each}}", at("1:8", "3", "range can't iterate over 3")],
	"a list with a hole": ["{{holes.[0]}}", at("1:2", "holes.[0]", 'map has no entry for key "holes"')],
	partials: ["a\n{{> x}}", "template: t:2: partials are not supported"],
	"partial blocks": ["{{#> x}}{{/x}}", "template: t:1: partials are not supported"],
	decorators: ["{{* x}}", "template: t:1: decorators are not supported"],
	"inline partials": ['{{#*inline "x"}}{{/inline}}', "template: t:1: decorators and inline partials are not supported"],
	lookup: ["{{lookup list 0}}", 'template: t:1: helper "lookup" not defined'],
	log: ['{{log "x"}}', 'template: t:1: helper "log" not defined'],
	"an unknown helper": ["\n{{foo list}}", 'template: t:2: helper "foo" not defined'],
	"a path as a helper": ["{{Params.user list}}", 'template: t:1: helper "Params.user" not defined'],
	"a helper through this": ["{{this.upper list}}", 'template: t:1: helper "this.upper" not defined'],
	"data as a helper": ["{{@root list}}", 'template: t:1: helper "@root" not defined'],
	"a literal as a helper": ['{{"upper" list}}', "template: t:1: a literal is not printed: write its text"],
	"a literal as a helper in an argument": [
		'{{print ("upper" list)}}',
		'template: t:1: helper "\\"upper\\"" not defined',
	],
	"a literal": ["{{12}}", "template: t:1: a literal is not printed: write its text"],
	"an unknown block": ["{{#foo}}{{/foo}}", "template: t:1: block foo not defined"],
	"a raw block": ["{{{{raw}}}}{{x}}{{{{/raw}}}}", "template: t:1: block raw not defined"],
	"a block with a field's name": ["{{#users}}{{/users}}", "template: t:1: block users not defined"],
	"a block without a value": ["{{#if}}a{{/if}}", "template: t:1: #if takes one value, not 0"],
	"a block with two values": ["{{#each list list}}a{{/each}}", "template: t:1: #each takes one value, not 2"],
	"named arguments of a block": [
		"{{#if zero includeZero=true}}a{{/if}}",
		"template: t:1: named arguments are not supported",
	],
	"named arguments": ["{{print a=1}}", "template: t:1: named arguments are not supported"],
	"a parent of the root": ["{{../x}}", "template: t:1: ../ leads out of the template"],
	"loop data outside": ["{{@index}}", "template: t:1: @index is used outside of #each"],
	"loop data of no loop": ["{{#each list}}{{@../index}}{{/each}}", "template: t:1: @index is used outside of #each"],
	"unknown data": ["{{@level}}", "template: t:1: @level is not defined"],
	"a number too large": ["{{print 99999999999999999999}}", 'template: t:1: integer overflow: "99999999999999999999"'],
	"a syntax error": ["a\n\n{{#if x}}", "template: t:3: unexpected 'EOF'"],
	"text that the lexer does not know": ["{{{{raw}}}} x\n", "template: t:1: Unrecognized text."],
	"a block closed by another": ["a\n{{#if x}}{{/unless}}", "template: t:2: if doesn't match unless"],
	"a bad path": ["{{foo/../bar}}", "template: t:1: Invalid path: foo/.."],
	"a token": ["@BMC{", "template: t:1: @BMC{ is reserved: it stands for secrets in scripts"],
};

for (const [name, [template, expected]] of Object.entries(strict))
	t.test(name, async (t) => t.equal(outcome(template, data, "Handlebars"), expected));

const ours: Record<string, readonly [string, string]> = {
	"prints lists and maps as Go does": ["{{list}} {{users.[1]}}", "[a b c] map[groups:[] name:bob]"],
	"prints numbers as Go does": ["{{print 1.50 1e0}}".replace(" 1e0", " 10000000.5"), "1.5 1.00000005e+07"],
	"keeps integers whole": ["{{print 9007199254740993}} {{print 007}} {{print -3}}", "9007199254740993 7 -3"],
	"prints literals in calls": ['{{print true "x" false}}', "truexfalse"],
	"a call without arguments": ["[{{print (print)}}]", "[]"],
	"the parent itself": ["{{#with zero}}{{#with ../list}}{{print ..}}{{/with}}{{/with}}", "0"],
	"null in a call": ['{{default "d" nothing}} {{default "d" null}}', "d d"],
	"keeps the order of a map": ["{{#each order}}{{@key}}{{/each}}", "ba10"],
	"an element that is null": ['{{default "d" holes.[0]}}', "d"],
	"an unused third block parameter": ["{{#each list as |a b c|}}{{a}}{{b}} {{/each}}", "a0 b1 c2 "],
	"a name alone is a field, also where a helper has it": ["{{upper}} {{this.upper}}", "not the helper not the helper"],
	"names of prototypes": ["{{__proto__}}{{#if constructor}}!{{/if}}", "p!"],
};

for (const [name, [template, expected]] of Object.entries(ours)) {
	t.test(name, async (t) => {
		const more = new Map(
			tree({
				...data,
				order: new Map([
					["b", 1n],
					["a", 2n],
					["10", 3n],
				]),
				holes: [null],
			}) as Map<string, never>,
		);
		const all = new Map<string, unknown>([...more, ["__proto__", "p"], ["constructor", "c"]]);
		t.equal(outcome(template, all, "Handlebars"), expected);
	});
}

t.test("secrets are tokens, as in Go templates", async (t) => {
	const password = new SecretValue("Params.password", "keys", "Params.password");
	const { output, secrets } = render(
		"{{#if p}}{{p}} {{shellQuote p}} {{#with p as |x|}}{{print x}}{{/with}}{{#unless p}}no{{/unless}}{{/if}}",
		tree({ p: password }),
		"Handlebars",
	);
	t.equal(output, "@BMC{Params.password}@ @BMC{Params.password:shellQuote}@ @BMC{Params.password}@");
	t.strictSame(secrets, [password]);
	t.match(outcome("{{upper p}}", { p: password }, "Handlebars"), "Params.password is a secret");
});

t.test("every missing key is listed, once", async (t) => {
	const { errors } = render(
		"{{a}} {{#each list}}{{b}}{{/each}}{{#with c}}{{d}}{{/with}}{{print e f}}",
		tree({ list: [{}, {}] }),
		"Handlebars",
	);
	t.strictSame(
		errors.map(({ message }) => /key "(.)"/.exec(message)?.[1]),
		["a", "b", "c", "e", "f"],
	);
});
