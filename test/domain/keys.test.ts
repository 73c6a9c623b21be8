// What is known of an identity, beside what the evaluation's own tests show.
import t from "tap";
import { keysAreMade, keysPresence, recordedFingerprint } from "../../src/domain/keys.ts";
import { wellFormed } from "../../src/domain/wellformed.ts";
import { facts, plainBackup, secretMap, secretWith } from "../fixtures/seed.ts";

t.test("recorded fingerprints: the Secret's goes before the status's", async (t) => {
	const object = wellFormed(plainBackup());
	const status = { recordedFingerprint: "STATUS" };
	t.equal(recordedFingerprint(object, facts(status)), "STATUS");
	const beside = secretMap(secretWith("keys", {}, { recordedFingerprint: "SECRET" }));
	t.equal(recordedFingerprint(object, facts({ ...status, secrets: beside })), "SECRET");
	t.equal(recordedFingerprint(wellFormed(plainBackup({ gpgKeySecretRef: undefined })), facts(status)), "STATUS");
});

t.test("presence", async (t) => {
	t.equal(keysPresence(wellFormed(plainBackup({ gpgKeySecretRef: undefined })), facts()), "none");
	t.equal(keysPresence(wellFormed(plainBackup()), facts({ secrets: new Map() })), "unknown");
	t.notOk(keysAreMade(wellFormed(plainBackup()), facts()));
});
