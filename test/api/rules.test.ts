// Every CEL rule has a twin, every twin is a rule of a CRD, and each twin says yes and no where CEL does.
import t from "tap";
import { type DescribedSchema, readCrds } from "../../src/api/generate/crds.ts";
import { ruleHolds, ruleTwins } from "../../src/api/rules.ts";
import type { SchemaRule } from "../../src/api/schema.ts";

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

/** By twin: values that the rule accepts and values that it refuses. Missing and mistyped ones are others' mistakes. */
const samples: Record<string, { accepts: unknown[]; refuses: unknown[] }> = {
	tokenKeyIsItsOwn: {
		accepts: [
			{},
			{ tokenSecretRef: { secretName: "a", tokenKey: "key" } },
			{ tokenSecretRef: { secretName: "a", tokenKey: "key" }, gpgKeySecretRef: { secretName: "b", privateKey: "key" } },
			{
				tokenSecretRef: { secretName: "a", tokenKey: "token" },
				gpgKeySecretRef: { secretName: "a", privateKey: "key" },
			},
		],
		refuses: ["privateKey", "publicKey", "passphraseKey"].map((name) => ({
			tokenSecretRef: { secretName: "a", tokenKey: "x" },
			gpgKeySecretRef: { secretName: "a", [name]: "x" },
		})),
	},
	scheduleHasNoTimeZone: { accepts: ["0 0 * * *", 5], refuses: ["TZ=UTC 0 0 * * *", "CRON_TZ=UTC 0 0 * * *"] },
	scheduleHasFiveFields: {
		accepts: ["00 02 * * *", " 1\t2 * * MON-FRI\n", "@daily", "@every 90m", "TZ=UTC 1", "", 5],
		refuses: ["1 2 3", "1 2 3 4 5 6", "@reboot", "@every", "@daily ", "@ 2 3 4 5", "1\u00a02 3 4 5", "@every \n"],
	},
	timeZoneIsNotLocal: { accepts: ["Etc/UTC", "Europe/Warsaw", 5], refuses: ["Local", "local", "LOCAL"] },
	createdKeyHasEmail: {
		accepts: [{}, { createIfNotExists: false }, { createIfNotExists: true, email: "a@b" }],
		refuses: [{ createIfNotExists: true }, { createIfNotExists: true, email: "" }],
	},
	createdKeyEmailIsOne: {
		accepts: [
			{ createIfNotExists: true },
			{ createIfNotExists: false, email: "x" },
			{ createIfNotExists: true, email: "a@b" },
			{ createIfNotExists: true, email: "jürgen@example.org" },
		],
		refuses: ["x", "a@", "@b", "a b@c", "a <a@b>", "a@b@c", "a\\@b", "a@b\n", 'a"@b'].map((email) => ({
			createIfNotExists: true,
			email,
		})),
	},
	publicKeyIsItsOwn: {
		accepts: [{}, { privateKey: "a", publicKey: "b" }],
		refuses: [{ privateKey: "a", publicKey: "a" }],
	},
	passphraseKeyIsItsOwn: {
		accepts: [{}, { privateKey: "a", publicKey: "b", passphraseKey: "c" }],
		refuses: [
			{ privateKey: "a", passphraseKey: "a" },
			{ publicKey: "a", passphraseKey: "a" },
		],
	},
	pathHasNoForbiddenSegment: {
		accepts: ["Params.password", "constructors.a", "x__proto__", 5],
		refuses: ["__proto__", "a.constructor", "prototype.b", "a.__proto__.b"],
	},
	onlyRestoreHasVersion: {
		accepts: [{ action: "backup" }, { action: "restore", targetVersion: "v1" }, { targetVersion: "v1" }],
		refuses: [{ action: "backup", targetVersion: "v1" }],
	},
	templateHasScript: {
		accepts: [{ backup: "a", restore: "" }, { backup: "", restore: "a" }, {}],
		refuses: [{ backup: "", restore: "" }],
	},
};

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
