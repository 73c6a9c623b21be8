// Every CEL rule has a twin, every twin is a rule of a CRD, and each twin says yes and no where CEL does.
import t from "tap";
import { type DescribedSchema, readCrds } from "../../src/api/generate/crds.ts";
import { ruleHolds, ruleTwins } from "../../src/api/rules.ts";
import type { SchemaRule } from "../../src/api/schema.ts";
import { samples } from "./samples.ts";

const rulesOf = (schema: DescribedSchema): SchemaRule[] => [
	...((schema["x-kubernetes-validations"] as SchemaRule[] | undefined) ?? []),
	...Object.values(schema.properties ?? {}).flatMap(rulesOf),
	...(schema.items === undefined ? [] : rulesOf(schema.items)),
];

t.test("the CRDs' rules and their twins are the same list", async (t) => {
	const rules = readCrds().flatMap((crd) => rulesOf(crd.schema));
	t.strictSame(
		ruleTwins.map((twin) => twin.rule),
		rules.map((rule) => rule.rule),
	);
	t.equal(new Set(ruleTwins.map((twin) => twin.name)).size, ruleTwins.length, "names are unique");
	for (const rule of rules) {
		t.ok(rule.message, `${rule.rule}: has a message`);
		t.match(rule.reason, /^FieldValue(Required|Forbidden|Invalid)$/, `${rule.rule}: has a reason`);
	}
});

for (const { name, rule } of ruleTwins.filter((twin) => twin.name !== "actionIsImmutable"))
	t.test(name, async (t) => {
		const { accepts, refuses } = samples[name] ?? { accepts: [], refuses: [] };
		t.ok(accepts.length > 0 && refuses.length > 0, "has samples of both");
		for (const value of accepts) t.equal(ruleHolds(rule, value, undefined), true, `accepts ${JSON.stringify(value)}`);
		for (const value of refuses) t.equal(ruleHolds(rule, value, undefined), false, `refuses ${JSON.stringify(value)}`);
	});

t.test("actionIsImmutable", async (t) => {
	const rule = "self == oldSelf";
	const value = { a: 1, b: { c: ["x", { d: null }] } };
	t.ok(ruleHolds(rule, value, undefined), "no predecessor");
	t.ok(ruleHolds(rule, value, { b: { c: ["x", { d: null }] }, a: 1 }), "the order of fields is no difference");
	for (const other of [
		{ a: 1 },
		{ a: 1, b: 2 },
		{ a: 1, b: { c: ["x"] } },
		{ a: 1, b: { c: ["y", { d: null }] } },
		{ ...value, a: 2 },
	])
		t.notOk(ruleHolds(rule, value, other), JSON.stringify(other));
});

t.test("a rule without a twin is left to the API server", async (t) => t.ok(ruleHolds("self.new", {}, {})));
