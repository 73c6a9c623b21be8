// A rendering finds every mistake that can be told at once, in order, and none that only follows from another.
import t from "tap";
import { render, tree } from "./support.ts";

const data = tree({ a: 1, map: { x: "y" }, list: [{ n: 1 }, {}, {}], text: "t" });
const missing = /map has no entry for key "(\w+)"$/;

const cases: Record<string, readonly [string, readonly string[]]> = {
	"several actions": ["{{.p}} {{.q}}\n{{.r}}", ["p", "q", "r"]],
	"several arguments": ['{{printf "%s%s%s" .p .text .q}}', ["p", "q"]],
	"the same twice, at two places": ["{{.p}}{{.p}}", ["p", "p"]],
	"the same in every turn of a loop": ["{{range .list}}{{.n}}{{end}}", ["n"]],
	"a variable that could not be set says nothing more": ["{{$x := .p}}{{$x}}{{$x.y}}{{len $x}}{{.q}}", ["p", "q"]],
	"an assignment that failed": ["{{$x := 1}}{{$x = .p}}{{$x}}", ["p"]],
	"a condition that is unknown hides its block": ["{{if .p}}{{.q}}{{else}}{{.r}}{{end}}{{.s}}", ["p", "s"]],
	"so do with and range": ["{{with .p}}{{.q}}{{end}}{{range .r}}{{.s}}{{else}}{{.t}}{{end}}", ["p", "r"]],
	"and a template call": ['{{define "d"}}{{.x}}{{.q}}{{end}}{{template "d" .p}}{{template "d" .map}}', ["p", "q"]],
	"and is undecided": ["{{and .p .q}}{{or .a .r}}", ["p"]],
	"a chain stops at its first gap": ["{{.p.q.r}}", ["p"]],
	"parentheses with a gap": ["{{(.p).q}}{{(index .p 0).r}}", ["p", "p"]],
	"a pipeline stops at its first gap": ["{{.p | printf .q}}", ["p"]],
	"a loop goes on": ["{{range .list}}{{.m}}{{break}}{{end}}{{.p}}", ["m", "p"]],
};

for (const [name, [template, keys]] of Object.entries(cases)) {
	t.test(name, async (t) => {
		const { output, errors } = render(template, data);
		t.equal(output, undefined);
		t.strictSame(
			errors.map(({ message }) => missing.exec(message)?.[1]),
			keys,
		);
		t.ok(errors.every(({ kind }) => kind === "missingKey"));
	});
}

t.test("errors of every kind are listed together", async (t) => {
	const { errors } = render("{{.p}}{{len .a}}{{.nope.x}}{{range .text}}{{end}}", data);
	t.strictSame(
		errors.map(({ kind }) => kind),
		["missingKey", "execution", "missingKey", "execution"],
	);
});

t.test("more errors than anyone would read", async (t) => {
	const { errors } = render(Array.from({ length: 80 }, (_, index) => `{{.k${index}}}`).join(""), data);
	t.equal(errors.length, 50);
	t.ok(errors.every(({ kind }) => kind === "missingKey"));
});

t.test("a failed rendering still tells what secrets it saw, and no output", async (t) => {
	const { output, secrets } = render("{{.a}}{{.p}}", data);
	t.equal(output, undefined);
	t.strictSame(secrets, []);
});
