// Templates that are written to harm: each ends quickly, with an error or harmless.
import t from "tap";
import { limits, parseTemplate } from "../../src/template/index.ts";
import { outcome, render, tree } from "./support.ts";

const data = { list: Array.from({ length: 200 }, (_, index) => index), text: "x".repeat(1000), own: { a: 1 } };

const prototypes = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "get", "size"];
for (const name of prototypes) {
	t.test(`${name} is a key like any other`, async (t) => {
		t.match(outcome(`{{.${name}}}`, data), `map has no entry for key "${name}"`);
		t.match(outcome(`{{.own.${name}}}`, data), `map has no entry for key "${name}"`);
		t.match(outcome(`{{.text.${name}}}`, data), "can't evaluate field");
		t.match(outcome(`{{.list.${name}}}`, data), "can't evaluate field");
		t.equal(outcome(`{{if index .own "${name}"}}a{{else}}none{{end}}`, data), "none");
		t.match(outcome(`{{${name}}}`, data), `function "${name}" not defined`);
		t.match(outcome(`{{own.${name}}}`, data, "Handlebars"), `map has no entry for key "${name}"`);
		t.match(outcome(`{{list.${name}}}`, data, "Handlebars"), "can't evaluate field");
		t.match(outcome(`{{${name} 1}}`, data, "Handlebars"), `helper "${name}" not defined`);
		t.match(outcome(`{{#${name} own}}{{/${name}}}`, data, "Handlebars"), `block ${name} not defined`);
		t.equal(outcome(`{{.${name}}}`, new Map([[name, "value"]])), "value");
	});
}

const deep = 5000;
const unparsable: Record<string, string> = {
	"parentheses in parentheses": `{{${"(".repeat(deep)}1${")".repeat(deep)}}}`,
	"blocks in blocks": `${"{{if 1}}".repeat(deep)}${"{{end}}".repeat(deep)}`,
	"blocks with names in blocks": `${'{{block "b" 1}}'.repeat(deep)}${"{{end}}".repeat(deep)}`,
	"a chain of else ifs": `{{if 0}}${"{{else if 0}}".repeat(deep)}{{end}}`,
	"variables without end": "{{$x := 1}}".repeat(deep),
	"a template of two megabytes": "x".repeat(2 * 1024 * 1024),
	"templates that call templates": Array.from(
		{ length: 300 },
		(_, index) => `{{define "${index}"}}{{template "${index + 1}"}}{{end}}`,
	).join(""),
};
for (const [name, text] of Object.entries(unparsable)) {
	t.test(`does not parse: ${name}`, async (t) => {
		const { errors } = parseTemplate("GoTemplate", "t", text);
		t.match(errors, [{ kind: "parse" }]);
		t.ok((errors[0]?.message.length as number) < 200);
	});
}

const handlebars: Record<string, string> = {
	"blocks in blocks": `${"{{#if list}}".repeat(300)}${"{{/if}}".repeat(300)}`,
	"inverse blocks": `${"{{~^if list}}".repeat(300)}${"{{/if}}".repeat(300)}`,
	"a chain of else ifs": `{{#if list}}${"{{else if list}}".repeat(300)}{{/if}}`,
	"elses outside of a block": "{{else if list}}".repeat(300),
	"subexpressions in subexpressions": `{{print ${"(print ".repeat(300)}1${")".repeat(300)}}}`,
};
for (const [name, text] of Object.entries(handlebars)) {
	t.test(`does not parse as Handlebars: ${name}`, async (t) => {
		t.match(parseTemplate("Handlebars", "t", text).errors, [{ kind: "parse", message: /nested/ }]);
	});
}

t.test("a Handlebars template is small, and may close what it never opened", async (t) => {
	t.match(parseTemplate("Handlebars", "t", "x".repeat(70_000)).errors, [{ message: /longer than 65536 characters/ }]);
	t.match(parseTemplate("Handlebars", "t", "{{/if}}").errors, [{ kind: "parse" }]);
});

const doubling = '{{$x := "ab"}}{{range 40}}{{$x = print $x $x}}{{end}}';
const growing: Record<string, string> = {
	"a million turns": "{{range 1000000}}{{end}}",
	"more turns than a number holds": "{{range 9223372036854775807}}{{end}}",
	"loops in loops": "{{range .list}}{{range $.list}}{{range $.list}}{{end}}{{end}}{{end}}",
	"templates that double": Array.from(
		{ length: 60 },
		(_, index) => `{{define "${index}"}}{{template "${index + 1}"}}{{template "${index + 1}"}}{{end}}`,
	)
		.concat('{{define "60"}}{{end}}{{template "0"}}')
		.join(""),
	"a text that doubles": doubling,
	"a text that doubles by printf": doubling.replace("print", 'printf "%s%s"'),
	"a text that doubles by replace": '{{$x := "aaaaaaaaaaaaaaaaaaaa"}}{{range 40}}{{$x = replace "a" $x $x}}{{end}}',
	"a text that doubles by join": '{{$x := "ab"}}{{range 40}}{{$x = join $x $.list}}{{end}}',
	"a wide format": '{{range .list}}{{printf "%1000000d%1000000d" 1 2}}{{end}}',
	"a large indentation": "{{range .list}}{{indent 1000000 $.text}}{{end}}",
	"an output without end": "{{range .list}}{{range $.list}}{{$.text}}{{end}}{{end}}",
	"large texts compared again and again": '{{$x := printf "%1000000d" 1}}{{range 100000}}{{eq $x $x}}{{end}}',
	"large texts escaped again and again": '{{$x := printf "%500000d" 1}}{{range 100000}}{{$y := html $x}}{{end}}',
};
for (const [name, text] of Object.entries(growing)) {
	t.test(`ends: ${name}`, async (t) => {
		const started = process.cpuUsage();
		const { errors } = render(text, tree(data));
		const { user, system } = process.cpuUsage(started);
		t.match(errors, [{ kind: "limit", message: /^template: t:1:\d+: / }]);
		t.ok(user + system < 4_000_000, `${Math.round((user + system) / 1000)} ms of processor time`);
	});
}

const large: Record<string, string> = {
	"one line without end": "{{.text}}".repeat(100_000),
	"many lines": "{{.text}}\n".repeat(90_000),
	"spaces before an action": `${" ".repeat(500_000)}{{- .text}}`,
	"braces that open nothing": "{ {".repeat(300_000),
	comments: "{{/* x */}}".repeat(90_000),
	"unclosed comments": "{{/* ".repeat(200_000),
	"a long name": `{{.${"a".repeat(1_000_000)}}}`,
	digits: `{{${"1".repeat(1_000_000)}}}`,
	"white space inside": `{{${" ".repeat(1_000_000)}.text}}`,
};
for (const [name, text] of Object.entries(large)) {
	for (const language of ["GoTemplate", "Handlebars"] as const) {
		t.test(`parses in linear time: ${name} (${language})`, async (t) => {
			const started = process.cpuUsage();
			parseTemplate(language, "t", text.slice(0, language === "GoTemplate" ? limits.text : limits.handlebarsText));
			const { user, system } = process.cpuUsage(started);
			t.ok(user + system < 3_000_000, `${Math.round((user + system) / 1000)} ms of processor time`);
		});
	}
}

t.test("trimming a long text is linear", async (t) => {
	const text = `a${" ".repeat(200_000)}b`;
	t.equal(outcome("{{trim .}}", text), text);
});

t.test("what is large but sensible renders", async (t) => {
	const output = outcome("{{range .list}}{{range $.list}}{{.}}{{end}}{{end}}", data);
	t.equal(output.length, 200 * (10 + 180 + 300));
});
