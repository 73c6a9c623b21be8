// What an evaluation is remembered by: everything that it depends on makes a difference, and nothing else.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import { evaluationInputs } from "../../src/domain/inputs.ts";
import { createMemory } from "../../src/domain/memory.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { facts, gpgKeys, plainBackup, secretMap, secretWith, settings, template } from "../fixtures/seed.ts";

interface Question {
	object: ScheduledBackup;
	world: ScheduledBackupFacts;
	installation: Settings;
}

const base = plainBackup();
const BASE: Question = { object: base, world: facts(), installation: settings };
const textOf = ({ object, world, installation }: Question): string => evaluationInputs(object, world, installation);
const withMetadata = (change: object): Partial<Question> => ({
	object: { ...base, metadata: { ...base.metadata, ...change } },
});
const given = template("echo backup");

const differing: Record<string, Partial<Question>> = {
	"the spec": { object: plainBackup({ collectionId: "another" }) },
	"the API version": { object: { ...base, apiVersion: "riotkit.org/v2" } as unknown as ScheduledBackup },
	"the kind": { object: { ...base, kind: "Other" } as unknown as ScheduledBackup },
	"the name": withMetadata({ name: "another" }),
	"the name that is to be generated": withMetadata({ generateName: "another-" }),
	"the namespace": withMetadata({ namespace: "another" }),
	labels: withMetadata({ labels: { a: "b" } }),
	annotations: withMetadata({ annotations: { a: "b" } }),
	"a Secret that is not there": { world: facts({ secrets: secretMap("keys") }) },
	"another Secret": { world: facts({ secrets: secretMap(secretWith("other", gpgKeys)) }) },
	"a key more": { world: facts({ secrets: secretMap(secretWith("keys", { ...gpgKeys, more: 1 })) }) },
	"the size of a key": { world: facts({ secrets: secretMap(secretWith("keys", { ...gpgKeys, key: 99_999 })) }) },
	"a Secret that is immutable": {
		world: facts({ secrets: secretMap(secretWith("keys", gpgKeys, { immutable: true })) }),
	},
	"no template": { world: facts({ template: undefined }) },
	"the template's script": { world: facts({ template: template("echo other") }) },
	"the template's name": { world: facts({ template: { ...given, metadata: { ...given.metadata, name: "another" } } }) },
	"the template's name that is to be generated": {
		world: facts({ template: { ...given, metadata: { ...given.metadata, generateName: "another-" } } }),
	},
	"the identity": {
		world: facts({ identity: { publicKey: "absent", privateKey: "absent", passphrase: "absent", userIds: [] } }),
	},
	"a right": { world: facts({ denied: [{ path: "a", verb: "get", what: "b" }] }) },
	"the namespace's labels": { world: facts({ namespaceLabels: { a: "b" } }) },
	"the installation": { installation: { ...settings, allowPrivilegedPods: true } },
};
for (const [name, change] of Object.entries(differing))
	t.test(`makes a difference: ${name}`, async (t) => t.not(textOf({ ...BASE, ...change }), textOf(BASE)));

const same: Record<string, Partial<Question>> = {
	status: { object: { ...base, status: { observedGeneration: 9 } } },
	"what the API server keeps": withMetadata({ resourceVersion: "9", uid: "9", generation: 9, managedFields: [] }),
	"the template's version": {
		world: facts({ template: { ...given, metadata: { ...given.metadata, resourceVersion: "9", uid: "9" } } }),
	},
	"a memory": { installation: { ...settings, memory: createMemory() } },
};
for (const [name, change] of Object.entries(same))
	t.test(`makes none: ${name}`, async (t) => t.equal(textOf({ ...BASE, ...change }), textOf(BASE)));
