// Each mistake in pod options, by its full path.
import t from "tap";
import { parseHelmValues } from "../../src/domain/helmvalues.ts";
import { parseVars } from "../../src/domain/vars/parse.ts";
import type { Value } from "../../src/template/value.ts";
import { MISTAKES } from "./helmvaluesmistakes.ts";
import { holdFindings } from "./wholefindings.ts";

const SETTINGS = { backupMakerImage: "", missingReferences: "deny", allowPrivilegedPods: false } as const;

const read = (yaml: string): Value => {
	const { tree, report } = parseVars(yaml);
	if (report.errors.length > 0) throw new Error(JSON.stringify(report.errors));
	return tree;
};

const messages = (yaml: string): string[] =>
	parseHelmValues(read(yaml), SETTINGS).report.errors.map(({ message, hint }) =>
		hint === undefined ? message : `${message}; ${hint}`,
	);

t.test("every mistake, with its full path", async (test) => {
	for (const [name, [yaml, ...wanted]] of Object.entries(MISTAKES)) test.same(messages(yaml), wanted, name);
	test.same(messages("resources: {requests: {cpu: 1}}"), []);
	test.same(messages("volumes: [{name: a, emptyDir: {medium: HugePages-x}}]").length, 1);
	test.same(messages("a: 1").length, 1);
	test.match(parseHelmValues("text", SETTINGS).report.errors, [
		{ path: "spec.vars", message: "HelmValues: must be a map of pod options" },
	]);
	const nul = parseHelmValues(new Map([["env", new Map([["A", "\0"]])]]), SETTINGS);
	test.match(nul.report.errors, [{ message: "HelmValues.env.A: an environment variable cannot hold a NUL character" }]);
});

t.test("every mistake as a whole", async (t) => {
	const rows = Object.entries(MISTAKES).map(
		([name, [yaml]]) => [name, parseHelmValues(read(yaml), SETTINGS).report.errors] as const,
	);
	holdFindings(t, "helmvalues", rows);
});
