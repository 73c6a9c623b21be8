// What is known of an identity, beside what the evaluation's own tests show.
import t from "tap";
import { wellTyped } from "../../src/api/welltyped.ts";
import { keysAreMade, keysPresence, recordedFingerprint } from "../../src/domain/keys.ts";
import { facts, plainBackup, secretMap, secretWith } from "../fixtures/seed.ts";

t.test("recorded fingerprints: the Secret's goes before the status's", async (t) => {
	const object = wellTyped(plainBackup());
	const status = { recordedFingerprint: "STATUS" };
	t.equal(recordedFingerprint(object, facts(status)), "STATUS");
	const beside = secretMap(secretWith("keys", {}, { recordedFingerprint: "SECRET" }));
	t.equal(recordedFingerprint(object, facts({ ...status, secrets: beside })), "SECRET");
	t.equal(recordedFingerprint(wellTyped(plainBackup({ gpgKeySecretRef: undefined })), facts(status)), "STATUS");
});

t.test("presence", async (t) => {
	t.equal(keysPresence(wellTyped(plainBackup({ gpgKeySecretRef: undefined })), facts()), "none");
	t.equal(keysPresence(wellTyped(plainBackup()), facts({ secrets: new Map() })), "unknown");
	t.notOk(keysAreMade(wellTyped(plainBackup()), facts()));
});
