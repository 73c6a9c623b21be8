// Precedence, lowest first: defaults from the spec, vars, varsSecretRef, tokenSecretRef, and the controller's own.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { wellTyped } from "../../src/api/welltyped.ts";
import { effectiveVariables } from "../../src/domain/effective.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import { parsedVars } from "../../src/domain/parsed.ts";
import { SecretValue, type Value } from "../../src/template/value.ts";
import { errorsOf, facts, gpgKeys, plainBackup, secretMap, secretWith, withSpec } from "../fixtures/seed.ts";

const plain = (value: Value): unknown => {
	if (value instanceof SecretValue) return `${value.secretName}/${value.key}`;
	if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
	return value;
};

const effective = (object: ScheduledBackup, world: ScheduledBackupFacts, assumeMissing = false) => {
	const formed = wellTyped(object);
	const { tree: vars } = parsedVars(formed.spec.vars ?? "");
	const { tree, ...rest } = effectiveVariables(formed, { vars, facts: world, assumeMissing });
	return { ...rest, tree: plain(tree) };
};

const keys = secretWith("keys", gpgKeys);
const gpgKeySecretRef = { secretName: "keys", email: "me@example.org" };

t.test("defaults from the spec", async (t) => {
	t.same(effective(plainBackup({ gpgKeySecretRef }), facts()).tree, {
		Repository: {
			collectionId: "1111",
			recipient: "me@example.org",
			passphrase: "keys/passphrase",
			encryptionKeyPath: "/mnt/secrets/gpg-key",
		},
	});
	t.same(effective(plainBackup({ gpgKeySecretRef: undefined }), facts()).tree, {
		Repository: { collectionId: "1111" },
	});
	const empty = plainBackup({
		gpgKeySecretRef: { secretName: "keys", email: "" },
		collectionId: "",
		vars: "Repository:",
	});
	t.same(
		effective(empty, facts({ secrets: secretMap(secretWith("keys", { key: 1, "key.pub": 1, passphrase: 0 })) })).tree,
		{
			// The schema refuses an empty collection; templates that print it are not to be blamed for it.
			Repository: { collectionId: "collection", encryptionKeyPath: "/mnt/secrets/gpg-key" },
		},
	);
});

t.test("every level over the one below", async (t) => {
	const vars = "Repository: {collectionId: v, recipient: v, passphrase: v, token: v, encryptionKeyPath: v, url: v}";
	const withVars = plainBackup({ gpgKeySecretRef, vars });
	t.same(effective(withVars, facts()).tree, {
		Repository: {
			collectionId: "v",
			recipient: "v",
			passphrase: "v",
			token: "v",
			url: "v",
			encryptionKeyPath: "/mnt/secrets/gpg-key",
		},
	});
	const secrets = secretMap(
		keys,
		secretWith("vars", { "Repository.token": 1, "Repository.passphrase": 1, "Params.a": 1 }),
		secretWith("tokens", { jwt: 1 }),
	);
	const withSecret = plainBackup({ gpgKeySecretRef, vars, varsSecretRef: { secretName: "vars" } });
	t.match(effective(withSecret, facts({ secrets })).tree, {
		Repository: { token: "vars/Repository.token", passphrase: "vars/Repository.passphrase", url: "v" },
		Params: { a: "vars/Params.a" },
	});
	const withToken = plainBackup({
		gpgKeySecretRef,
		vars,
		varsSecretRef: { secretName: "vars" },
		tokenSecretRef: { secretName: "tokens", tokenKey: "jwt" },
	});
	t.match(effective(withToken, facts({ secrets })).tree, { Repository: { token: "tokens/jwt" } });
});

t.test("without importOnlyKeys every key is a variable that no other reference uses", async (t) => {
	const object = plainBackup({
		gpgKeySecretRef: { secretName: "all", privateKey: "private", publicKey: "public" },
		tokenSecretRef: { secretName: "all", tokenKey: "jwt" },
		varsSecretRef: { secretName: "all" },
	});
	const all = secretWith("all", {
		private: 1,
		public: 1,
		passphrase: 1,
		jwt: 1,
		"e-mail.txt": 1,
		key: 1,
		"Params.a": 1,
	});
	t.same(effective(object, facts({ secrets: secretMap(all) })).tree, {
		Repository: {
			collectionId: "1111",
			passphrase: "all/passphrase",
			token: "all/jwt",
			encryptionKeyPath: "/mnt/secrets/gpg-key",
		},
		key: "all/key",
		Params: { a: "all/Params.a" },
	});
	const empty = withSpec(object, { varsSecretRef: { secretName: "all", importOnlyKeys: [] } });
	const world = facts({ secrets: secretMap(all) });
	t.same(effective(empty, world), effective(object, world), "an empty list names none, and so takes all");
	const apart = plainBackup({ varsSecretRef: { secretName: "vars" } });
	const secrets = secretMap(keys, secretWith("vars", { passphrase: 1, "e-mail.txt": 1 }));
	t.match(effective(apart, facts({ secrets })).tree, { passphrase: "vars/passphrase", "e-mail": undefined });
});

t.test("keys that are missing", async (t) => {
	const object = plainBackup({
		gpgKeySecretRef,
		vars: "Params: {a: literal}",
		tokenSecretRef: { secretName: "absent" },
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a", "Params.b"] },
	});
	const world = facts({ secrets: secretMap("keys", "absent", secretWith("vars", { "Params.b": 1 })) });
	t.same(effective(object, world).tree, {
		Params: { a: "literal", b: "vars/Params.b" },
		Repository: { collectionId: "1111", recipient: "me@example.org", encryptionKeyPath: "/mnt/secrets/gpg-key" },
	});
	t.match(effective(object, world, true).tree, {
		Params: { a: "vars/Params.a" },
		Repository: { token: "absent/token", passphrase: "keys/passphrase" },
	});
});

t.test("a key that is to be made brings its passphrase", async (t) => {
	const made = { ...gpgKeySecretRef, createIfNotExists: true, passphraseKey: "phrase" };
	const world = facts({ secrets: secretMap("keys") });
	t.match(effective(plainBackup({ gpgKeySecretRef: made }), world).tree, { Repository: { passphrase: "keys/phrase" } });
});

t.test("mistakes", async (t) => {
	const secrets = secretMap(
		keys,
		secretWith("vars", { Params: 1, "Params.a": 1, "HelmValues.image": 1, "HelmValues.env.A": 1 }),
	);
	const object = plainBackup({ vars: "Repository: x", varsSecretRef: { secretName: "vars" } });
	const { report } = effective(object, facts({ secrets }));
	t.match(errorsOf(report), [
		/^spec\.vars: Repository must be a map$/,
		/^spec\.varsSecretRef\.secretName: Secret "vars" cannot set "HelmValues\.image"$/,
		/Params\.a.*Params|Params.*Params\.a/,
	]);
});

t.test("mistakes of keys that are named are told whether or not the keys are there", async (t) => {
	const importOnlyKeys = ["Params", "Params.a", "HelmValues.image", "Params.x.", "Repository"];
	const object = plainBackup({ vars: "Params: {x: 1}", varsSecretRef: { secretName: "vars", importOnlyKeys } });
	const present = secretWith("vars", Object.fromEntries(importOnlyKeys.map((key) => [key, 1])));
	const wanted = errorsOf(effective(object, facts({ secrets: secretMap(keys, present) })).report);
	t.equal(wanted.length, 5);
	for (const [name, secret] of Object.entries({
		"no Secret": "vars",
		"no keys": secretWith("vars", {}),
		"some keys": secretWith("vars", { "Params.a": 1 }),
	})) {
		const found = effective(object, facts({ secrets: secretMap(keys, secret) }));
		t.same(errorsOf(found.report), wanted, name);
	}
});

t.test("unknown keys", async (t) => {
	const open = plainBackup({ varsSecretRef: { secretName: "vars" } });
	t.equal(effective(open, facts({ secrets: secretMap("vars") })).unknownKeys, "missing");
	t.equal(effective(open, facts({ secrets: secretMap() })).unknownKeys, "hidden");
	t.equal(effective(open, facts({ secrets: secretMap(secretWith("vars", {})) })).unknownKeys, "no");
	t.equal(effective(plainBackup(), facts()).unknownKeys, "no");
});
