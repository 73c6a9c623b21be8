// Status is the controller's: what a user sends of it is not believed, and what is stored counts where it was not sent.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { admit } from "../../webhooks/admit.ts";
import { admissionOf, emptyWorld, problemsOf, requestOf, scheduledBackupOf, templateOf } from "./world.ts";

const world = () => ({ ...emptyWorld(), templates: new Map([["pg13", templateOf("pg13", "echo hello")]]) });
const update = (object: ScheduledBackup, stored: ScheduledBackup) =>
	admit(admissionOf(world()), "validate", requestOf("UPDATE", object, stored));

/** Where status knows a key and the Secret is gone, the key is lost; where it knows none, one is to be made. */
const plain = scheduledBackupOf("app1", {
	gpgKeySecretRef: { secretName: "keys", createIfNotExists: true, email: "a@example.org" },
});
const remembering: ScheduledBackup = { ...plain, status: { gpgKey: { fingerprint: "A".repeat(40) } } };
const changed = (object: ScheduledBackup): ScheduledBackup => ({
	...object,
	spec: { ...object.spec, collectionId: "2" },
});

t.test("a status that was sent is not believed", async (t) => {
	t.match(await update(changed(remembering), plain), { allowed: true });
});

t.test("the status that is stored counts, whatever was sent", async (t) => {
	for (const sent of [plain, remembering]) {
		const verdict = await update(changed(sent), remembering);
		t.equal(verdict.allowed, false);
		t.match(problemsOf(verdict), [/^spec\.gpgKeySecretRef/]);
	}
});
