// What is known of an identity, beside what the evaluation's own tests show.
import t from "tap";
import { wellTyped } from "../../src/api/welltyped.ts";
import { fingerprintBeside, withFingerprint } from "../../src/domain/annotations.ts";
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

t.test("a Secret remembers each of its identities by the data key of the private half", async (t) => {
	const annotation = withFingerprint(withFingerprint(undefined, "key", "ONE"), "team", "TWO");
	t.equal(annotation, '{"key":"ONE","team":"TWO"}');
	t.equal(withFingerprint(annotation, "key", "THREE"), '{"key":"THREE","team":"TWO"}');
	t.equal(withFingerprint("OLD", "key", "NEW"), '{"key":"NEW"}');
	const rows: [annotation: string | undefined, privateKey: string, found: string | undefined][] = [
		[annotation, "key", "ONE"],
		[annotation, "team", "TWO"],
		[annotation, "other", undefined],
		[annotation, "constructor", undefined],
		["OLD ", "any", "OLD"],
		["1234", "any", "1234"],
		["{broken", "any", "{broken"],
		['{"key":""}', "key", undefined],
		['{"key":1}', "key", undefined],
		["", "key", undefined],
		[undefined, "key", undefined],
	];
	for (const [text, privateKey, found] of rows)
		t.equal(fingerprintBeside(text, privateKey), found, `${text} ${privateKey}`);
});

t.test("a second identity in a Secret is no lost one", async (t) => {
	const secrets = secretMap(secretWith("keys", { key: 1, "key.pub": 1 }, { recordedFingerprint: '{"key":"ONE"}' }));
	const gpgKeySecretRef = { secretName: "keys", privateKey: "team", publicKey: "team.pub", createIfNotExists: true };
	const object = wellTyped(plainBackup({ gpgKeySecretRef }));
	t.equal(keysPresence(object, facts({ secrets })), "toBeMade");
	t.equal(keysPresence(object, facts({ secrets, recordedFingerprint: "TWO" })), "lost");
});

t.test("presence", async (t) => {
	t.equal(keysPresence(wellTyped(plainBackup({ gpgKeySecretRef: undefined })), facts()), "none");
	t.equal(keysPresence(wellTyped(plainBackup()), facts({ secrets: new Map() })), "unknown");
	t.notOk(keysAreMade(wellTyped(plainBackup()), facts()));
});
