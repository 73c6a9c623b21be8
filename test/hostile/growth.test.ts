// What a user can send costs time in proportion to its length, whatever it is: one object must not hold the webhook, which all
// share, nor the command line. The time of each input is compared with that of a quarter of it.
import t, { type Test } from "tap";
import type { ClusterBackupProcedureTemplate, ScheduledBackup } from "../../src/api/types.ts";
import { schemaProblems } from "../../src/api/validate.ts";
import { checkManifests } from "../../src/cli/check.ts";
import { lintOutput } from "../../src/cli/lint.ts";
import { evaluateScheduledBackup, evaluateTemplate } from "../../src/domain/evaluate.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import type { KeyInspector } from "../../src/gather/references.ts";
import { readManifests } from "../../src/manifests/documents.ts";
import { limits } from "../../src/template/limits.ts";
import { settings } from "../fixtures/seed.ts";
import { type Cost, costOf, growsTooFast } from "./growth.ts";
import * as hostile from "./inputs.ts";

/** Characters: at a tenth of a nanosecond for each pair of them, a square takes 0.025 s. */
const LENGTH = 16_000;
/** Items of a list that the API server takes, and the schema does not. */
const SENT = 100_000;
/** Milliseconds of processor time that nobody notices. */
const CHEAP = 8;

const facts: ScheduledBackupFacts = { template: undefined, secrets: new Map(), denied: [], namespaceLabels: {} };

const backup = (spec: Record<string, unknown>): ScheduledBackup =>
	({
		apiVersion: "riotkit.org/v1alpha1",
		kind: "ScheduledBackup",
		metadata: { name: "app1", namespace: "default" },
		spec: {
			operation: "backup",
			collectionId: "c",
			templateRef: { kind: "internal", name: "postgres" },
			...spec,
		},
	}) as unknown as ScheduledBackup;

const template = (templateLanguage: string, script: string): ClusterBackupProcedureTemplate => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "ClusterBackupProcedureTemplate",
	metadata: { name: "hostile" },
	spec: { image: "x:1", templateLanguage, backup: script, restore: "" } as ClusterBackupProcedureTemplate["spec"],
});

/** Both webhooks' share of an object that nothing else refers to. */
const admit = (object: ScheduledBackup): void => {
	schemaProblems(object);
	evaluateScheduledBackup(object, { ...facts, beingWritten: true }, settings);
};

const linear = async (t: Test, name: string, cost: Cost, length: number): Promise<void> => {
	t.notOk(await growsTooFast(cost, { length, atLeast: CHEAP }), name);
};

t.test("the measure itself", async (t) => {
	const spin = (steps: number): void => {
		for (let sum = 0, step = 0; step < steps; step++) sum += Math.sin(sum + step);
	};
	const limits = { length: 4_000, atLeast: 1 };
	t.ok(await growsTooFast((length) => () => spin(length ** 2 / 4), limits), "a square is found");
	t.notOk(await growsTooFast((length) => () => spin(length * 1_000), limits), "a line is none");
	t.notOk(await growsTooFast((length) => () => spin(length), { length: 40, atLeast: 1 }), "what is cheap may grow");
	t.ok((await costOf(() => spin(1_000_000))) > 0);
});

t.test("spec.vars", async (t) => {
	for (const [name, text] of Object.entries(hostile.vars))
		await linear(
			t,
			name,
			(length) => {
				const object = backup({ vars: text(length) });
				return () => admit(object);
			},
			LENGTH,
		);
});

/** What the webhooks do with a template and a user of it. */
const templateCost = (language: string, script: string): (() => void) => {
	const object = template(language, script);
	const user = backup({ templateRef: { name: "hostile" }, vars: "a: [1]\nk: {b: 1}\n" });
	return () => {
		schemaProblems(object);
		evaluateTemplate(object, settings);
		evaluateScheduledBackup(user, { ...facts, template: object }, settings);
	};
};

t.test("Go templates", async (t) => {
	for (const [name, text] of Object.entries(hostile.goTemplates))
		await linear(t, name, (length) => templateCost("GoTemplate", text(length)), LENGTH);
});

t.test("Handlebars templates", async (t) => {
	// Their parser is not ours, and some of it grows with the square: so its input is bounded, and at the bound nothing
	// costs much more than what grows in proportion.
	const length = limits.handlebarsText - 200;
	const ordinary = await costOf(templateCost("Handlebars", "{{a}}".repeat(length / 5)));
	for (const [name, text] of Object.entries(hostile.handlebars)) {
		const cost = await costOf(templateCost("Handlebars", text(length)));
		t.ok(cost < 5 * ordinary, `${name}: ${cost} ms; ordinary are ${ordinary} ms`);
	}
});

const fields: Readonly<Record<string, (value: unknown) => ScheduledBackup>> = {
	operation: (operation) => backup({ operation }),
	collectionId: (collectionId) => backup({ collectionId }),
	scheduleEvery: (scheduleEvery) => backup({ cronJob: { scheduleEvery } }),
	timeZone: (timeZone) => backup({ cronJob: { timeZone } }),
	email: (email) => backup({ gpgKeySecretRef: { secretName: "keys", email, createIfNotExists: true } }),
	secretName: (secretName) => backup({ gpgKeySecretRef: { secretName }, varsSecretRef: { secretName } }),
	tokenKey: (tokenKey) => backup({ tokenSecretRef: { secretName: "keys", tokenKey } }),
	templateName: (name) => backup({ templateRef: { name } }),
	importOnlyKeys: (key) => backup({ varsSecretRef: { secretName: "keys", importOnlyKeys: [key, key] } }),
	name: (name) => ({ ...backup({}), metadata: { name: `${name}` } }),
	labels: (text) => ({ ...backup({}), metadata: { name: "a", labels: { [`${text}`]: `${text}` } } }),
};

t.test("texts that are longer than any field may be", async (t) => {
	for (const [field, objectWith] of Object.entries(fields))
		for (const [name, text] of Object.entries(hostile.texts)) {
			const cost: Cost = (length) => {
				const object = objectWith(text(length));
				return () => admit(object);
			};
			await linear(t, `${field}: ${name}`, cost, LENGTH);
		}
});

t.test("lists that are longer than maxItems", async (t) => {
	for (const [name, list] of Object.entries(hostile.lists)) {
		const object = backup({ varsSecretRef: { secretName: "keys", importOnlyKeys: list(SENT) } });
		const short = backup({ varsSecretRef: { secretName: "keys", importOnlyKeys: list(257) } });
		const [cost, least] = [await costOf(() => admit(object)), await costOf(() => admit(short))];
		t.ok(cost < 20 * least + 5 * CHEAP, `${name}: only what is one too many is looked at (${cost} ms, ${least} ms)`);
	}
});

const noKeys = { inspectPublicKey: () => Promise.reject(new Error("no key is looked at")) };

t.test("lint", async (t) => {
	const inspector = noKeys as unknown as KeyInspector;
	const lint = async (text: string): Promise<void> => {
		const { manifests, unreadable } = readManifests("a.yaml", text);
		lintOutput({ checked: await checkManifests(manifests, { settings, inspector }), unreadable }, "text");
	};
	const object = (index: number): string => `---\n${JSON.stringify(backup({ vars: `a: ${index}` }))}\n`;
	const files: Readonly<Record<string, hostile.Text>> = {
		"one object again and again": (length) => object(1).repeat(length / object(1).length),
		"unknown fields": (length) =>
			JSON.stringify(
				backup(Object.fromEntries(Array.from({ length: length / 12 }, (_, index) => [`schedul${index}`, 1]))),
			),
		"mistakes in vars": (length) =>
			`${JSON.stringify(backup({}), null, 1).slice(0, -5)}, "vars": ${JSON.stringify(hostile.vars["unknown options of the pod"]?.(length))}}}`,
		"lines that are no object": (length) => "--- x\n".repeat(length / 6),
		"bars and hashes": (length) => `a: ${"#|".repeat(length / 2)}\n`,
	};
	for (const [name, text] of Object.entries(files)) {
		const cost: Cost = (length) => {
			const file = text(length);
			return () => lint(file);
		};
		await linear(t, name, cost, LENGTH);
	}
});
