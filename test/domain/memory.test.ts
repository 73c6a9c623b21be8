// What is remembered is what would have been worked out, for as long as it is asked for, and never more than was allowed.

import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { accessQuestions } from "../../src/domain/access.ts";
import { evaluateScheduledBackup, evaluateTemplate } from "../../src/domain/evaluate.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import { createMemory, forgetful, type Memory, type MemoryKind } from "../../src/domain/memory.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { facts, gpgKeys, plainBackup, secretMap, secretWith, settings, template } from "../fixtures/seed.ts";
import fc from "../property.ts";

/** A memory that counts what it has to work out. */
const counted = (memory: Memory): { memory: Memory; worked: MemoryKind[] } => {
	const worked: MemoryKind[] = [];
	return {
		worked,
		memory: (kind, key, compute, sizeOf) => {
			const noted = (): ReturnType<typeof compute> => {
				worked.push(kind);
				return compute();
			};
			return memory(kind, key, noted, sizeOf);
		},
	};
};

const ask = (memory: Memory, key: string, size = 0): boolean => {
	let worked = false;
	memory(
		"vars",
		key,
		() => {
			worked = true;
			return key;
		},
		() => size,
	);
	return worked;
};

t.test("what was not asked for longest goes first", async (t) => {
	const memory = createMemory({ entries: 2, characters: 1000 });
	t.same(
		["a", "b", "a", "c", "a", "b"].map((key) => ask(memory, key)),
		[true, true, false, true, false, true],
	);
	t.same(
		["a", "a"].map((key) => ask(forgetful, key)),
		[true, true],
		"without a memory nothing is kept",
	);
});

t.test("texts and results are bounded together, and what is too large is not kept", async (t) => {
	const memory = createMemory({ entries: 100, characters: 100 });
	t.same([ask(memory, "a", 80), ask(memory, "a", 80)], [true, false]);
	t.same([ask(memory, "b", 80), ask(memory, "a", 80)], [true, true], "there is room for one");
	t.same([ask(memory, "c", 200), ask(memory, "c", 200)], [true, true]);
	t.same([ask(memory, "x".repeat(200)), ask(memory, "x".repeat(200))], [true, true]);
});

t.test("the same text as another kind is something else", async (t) => {
	const memory = createMemory();
	t.equal(
		memory("vars", "a", () => 1),
		1,
	);
	t.equal(
		memory("template", "a", () => 2),
		2,
	);
});

t.test("of an object that has not changed nothing is worked out again", async (t) => {
	const { memory, worked } = counted(createMemory());
	const remembering: Settings = { ...settings, memory };
	const first = evaluateScheduledBackup(plainBackup(), facts(), remembering);
	t.same(worked.toSorted(), ["evaluation", "template", "template", "vars"]);
	worked.length = 0;
	const stored = structuredClone(plainBackup());
	stored.metadata = { ...stored.metadata, uid: "another", resourceVersion: "2" };
	stored.status = { observedGeneration: 1 };
	const second = evaluateScheduledBackup(stored, structuredClone(facts()), remembering);
	t.same(worked, []);
	t.same(second.report, first.report);
	t.match(
		second.plan?.scheduledBackup,
		{ metadata: { uid: "another" }, status: stored.status },
		"but for the object itself",
	);
	accessQuestions(stored, memory);
	evaluateTemplate(template("echo backup"), remembering);
	t.same(worked, []);
	evaluateScheduledBackup(plainBackup({ collectionId: "2222" }), facts(), remembering);
	t.same(worked, ["evaluation"], "texts that are the same are not parsed again");
});

const keys = secretWith("keys", gpgKeys);
const named = { varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a"] } };
const edited = template("echo {{ .Params.a }}");

/** Anything that a result may depend on, one change each. */
const objects: readonly ScheduledBackup[] = [
	plainBackup(),
	plainBackup({ operation: "restore" }),
	plainBackup({ vars: "Params: {a: 1}" }),
	plainBackup({ vars: "Params: {a: 2}\nHelmValues: {image: a}" }),
	plainBackup(named),
	plainBackup({ gpgKeySecretRef: { secretName: "keys", createIfNotExists: true, email: "a@example.org" } }),
	plainBackup({ templateRef: { kind: "internal", name: "tar" } }),
	{ ...plainBackup(), metadata: { name: "app2", namespace: "default" } },
	{ ...plainBackup(), metadata: { generateName: "app-", namespace: "default" } },
	{ ...plainBackup(), metadata: { name: "app1", namespace: "other", labels: { "a b": "c" } } },
	{
		...plainBackup(),
		metadata: { name: "app1", namespace: "default", annotations: { "riotkit.org/replace-lost-key": "AB" } },
	},
	{ ...plainBackup(), spec: undefined as never },
];

const worlds: readonly ScheduledBackupFacts[] = [
	facts(),
	facts({ template: undefined }),
	facts({ template: edited }),
	facts({ template: { ...edited, metadata: { name: "renamed" } } }),
	facts({ template: { ...edited, spec: { ...edited.spec, image: "a:latest" } } }),
	facts({ secrets: secretMap("keys", "vars") }),
	facts({ secrets: secretMap(keys, secretWith("vars", { "Params.a": 1 })) }),
	facts({ secrets: secretMap(keys, secretWith("vars", { "Params.a": 0 })) }),
	facts({ secrets: secretMap(keys, secretWith("vars", { "Params.a": { size: 1, encoding: "nul" } })) }),
	facts({ secrets: secretMap({ ...secretWith("keys", {}), immutable: true }) }),
	facts({ secrets: secretMap(keys), assumeSecrets: true }),
	facts({ secrets: secretMap(secretWith("keys", {})), recordedFingerprint: "AB" }),
	facts({ denied: [{ path: "spec.varsSecretRef", verb: "get", what: 'Secret "vars"', secretName: "vars" }] }),
	facts({ namespaceLabels: { "pod-security.kubernetes.io/enforce": "restricted" } }),
	facts({ identity: { publicKey: "notArmored", privateKey: "present", passphrase: "present", userIds: [] } }),
];

const installations: readonly Settings[] = [
	settings,
	{ ...settings, backupMakerImage: "example.org/other:v1" },
	{ ...settings, allowPrivilegedPods: true },
];

t.test("remembering changes no result, whatever was asked before", async (t) => {
	const question = fc.tuple(fc.constantFrom(...objects), fc.constantFrom(...worlds), fc.constantFrom(...installations));
	fc.assert(
		fc.property(
			fc.array(question, { minLength: 1, maxLength: 30 }),
			fc.integer({ min: 1, max: 20 }),
			(questions, entries) => {
				const memory = createMemory({ entries, characters: 100_000 });
				for (const [object, world, installation] of questions) {
					const remembered = evaluateScheduledBackup(object, world, { ...installation, memory });
					t.strictSame(remembered, evaluateScheduledBackup(object, world, installation));
				}
			},
		),
		{ numRuns: 50 },
	);
});

t.test("room that was given back is used again", async (t) => {
	const memory = createMemory({ entries: 100, characters: 100 });
	for (let count = 0; count < 50; count += 1) ask(memory, `key-${count}`, 60);
	t.equal(ask(memory, "key-49", 60), false, "the last one is kept, however many went before");
	const few = createMemory({ entries: 3, characters: 1_000 });
	for (let count = 0; count < 50; count += 1) ask(few, `key-${count}`, 100);
	t.same(
		["key-49", "key-48", "key-47", "key-46"].map((key) => ask(few, key, 100)),
		[false, false, false, true],
	);
	const again = createMemory({ entries: 100, characters: 200 });
	for (let count = 0; count < 50; count += 1) ask(again, "a", 60);
	t.equal(ask(again, "b", 60), true);
	t.equal(ask(again, "a", 60), false, "what is asked for often counts once");
});

t.test("vars are parsed once for all that asks of them", async (t) => {
	const { memory, worked } = counted(createMemory());
	const object = plainBackup({ vars: "HelmValues: {serviceAccountName: robot}" });
	t.ok(accessQuestions(object, memory).length > 0);
	t.equal(worked.filter((kind) => kind === "vars").length, 1);
	accessQuestions(object, memory);
	t.equal(worked.filter((kind) => kind === "vars").length, 1);
});
