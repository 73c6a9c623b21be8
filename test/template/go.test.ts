// Go templates against Go's text/template itself: what a template prints, or message, line and column of its error, are equal.
import t from "tap";
import { startJudge, type Verdict } from "../judge/judge.ts";
import { errors } from "./cases/errors.ts";
import { functions } from "./cases/functions.ts";
import { type Cases, outputs } from "./cases/outputs.ts";
import { sample } from "./cases/sample.ts";
import { syntax } from "./cases/syntax.ts";
import { render, tree } from "./support.ts";

const judge = await startJudge();
t.teardown(() => judge.stop());

/** What the judge must say about a table: a case that slips into another kind proves nothing. */
const tables: Record<string, { cases: Cases; fails: boolean }> = {
	"what renders": { cases: outputs, fails: false },
	"every function": { cases: functions, fails: false },
	"errors while rendering": { cases: errors, fails: true },
	"errors while parsing": { cases: syntax, fails: true },
};

function ours(template: string, data: ReturnType<typeof tree>): Verdict {
	const { output, errors: found } = render(template, data);
	return output === undefined ? { error: found[0]?.message as string } : { output };
}

for (const [title, { cases, fails }] of Object.entries(tables)) {
	t.test(title, async (t) => {
		for (const [name, written] of Object.entries(cases)) {
			const [template, data] = typeof written === "string" ? [written, sample] : written;
			const variables = tree(data);
			const verdict = await judge.ask("t", template, variables);
			t.equal(verdict.error !== undefined, fails, `${name}: Go says ${fails ? "no" : "yes"}`);
			t.strictSame(ours(template, variables), verdict, name);
		}
	});
}

t.test("an error carries line and column apart from its message", async (t) => {
	const { errors: found } = render("a\n  {{.Params.x}}", tree(sample));
	t.match(found, [{ kind: "missingKey", line: 2, column: 11 }]);
	t.match(render("a\n{{", tree(sample)).errors, [{ kind: "parse", line: 2 }]);
});

t.test("the seed's error, word for word", async (t) => {
	const text = `${"\n".repeat(6)}psql --password='{{ .Params.password }}' {{ .Repository.url }}`;
	const { errors: found } = render(text, tree(sample), "GoTemplate", "pg13");
	const message = `template: pg13:7:27: executing "pg13" at <.Params.password>: map has no entry for key "password"`;
	t.strictSame(found, [{ kind: "missingKey", line: 7, column: 27, message }]);
	t.equal((await judge.ask("pg13", text, tree(sample))).error, message);
});
