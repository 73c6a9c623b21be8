// The life of a GPG key: made once, for whoever names its Secret; nobody's property; never replaced without consent.
// Losing or replacing one would make every backup unreadable.
import t from "tap";
import { REPLACE_LOST_KEY_ANNOTATION } from "../../src/domain/annotations.ts";
import { createKeyInspector } from "../../src/gpg/index.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { EMAIL, ENCRYPTING_TEMPLATE, encryptedBackup, namespaceWithVars, PASSWORD } from "./support/keys.ts";
import { type Fields, manifest, secret } from "./support/objects.ts";
import {
	awaitCondition,
	awaitEvent,
	awaitReady,
	merge,
	mustKubectl,
	namesOf,
	readBackup,
	readSecret,
} from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
let controller = await session.controller();
await session.apply(ENCRYPTING_TEMPLATE);

/** A namespace with what it needs, and a ScheduledBackup `app` in it that is Ready. */
const installed = async (namespace: string, keys: Fields = {}, spec: Fields = {}) => {
	await session.apply(`${namespaceWithVars(namespace)}---\n${manifest(encryptedBackup("app", namespace, keys, spec))}`);
	return awaitReady(session, { namespace, name: "app" });
};

const keySecret = (namespace: string) => ({ namespace, name: "keys" });
const app = (namespace: string) => ({ namespace, name: "app" });
const metadataOf = async (namespace: string) => (await session.json(`get secret -n ${namespace} keys`)).metadata;
const removeKeys = (namespace: string, ...keys: string[]) =>
	merge(session, "secret", keySecret(namespace), { data: Object.fromEntries(keys.map((key) => [key, null])) });

t.test("a key is made into a new Secret that belongs to nobody", async (t) => {
	const backup = await installed("made");
	const [data, metadata] = [await readSecret(session, keySecret("made")), await metadataOf("made")];
	t.same([...(data?.keys() ?? [])].sort(), ["key", "key.pub", "passphrase"]);
	t.match(data?.get("key")?.toString(), /^-----BEGIN PGP PRIVATE KEY BLOCK-----/);
	t.match(data?.get("key.pub")?.toString(), /^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
	t.equal(metadata.ownerReferences, undefined);
	t.equal(metadata.finalizers, undefined);
	const { fingerprint } = backup.status?.gpgKey ?? {};
	t.same(JSON.parse(metadata.annotations["riotkit.org/gpg-fingerprint"]), { key: fingerprint });
	t.same(backup.status?.gpgKey, { fingerprint, secretName: "keys", privateKey: "key", publicKey: "key.pub" });
	t.same([metadata.annotations["riotkit.org/e-mail"], metadata.labels["riotkit.org/type"]], [EMAIL, "GPGSecret"]);
	// An Event may come after the status.
	await awaitEvent(session, { namespace: "made", name: backup.metadata.name ?? "" }, "KeyGenerated");
	const events = await mustKubectl(session, "get events -n made -o custom-columns=R:.reason,M:.message --no-headers");
	t.match(events, `Made the GPG key ${backup.status?.gpgKey?.fingerprint} in Secret "keys"`);
});

t.test("a key is added to a Secret that holds other things, which stay as they are", async (t) => {
	const before = { token: "not-a-real-token", "Params.password": "shared" };
	await session.apply(namespaceWithVars("added"));
	await session.apply(manifest(secret("keys", before, { namespace: "added", annotations: { mine: "yes" } })));
	const { uid, annotations } = await metadataOf("added");
	await installed("added", { privateKey: "private", publicKey: "public" }, { tokenSecretRef: { secretName: "keys" } });
	const data = await readSecret(session, keySecret("added"));
	t.same([...(data?.keys() ?? [])].sort(), ["Params.password", "passphrase", "private", "public", "token"]);
	for (const [key, value] of Object.entries(before)) t.equal(data?.get(key)?.toString(), value);
	const after = await metadataOf("added");
	t.equal(after.uid, uid, "the very same Secret");
	t.match(after.annotations, annotations);
	t.equal(after.ownerReferences, undefined);
	// As `kubectl apply` of GitOps does: what was added stays when the user's manifest is applied again.
	await session.apply(manifest(secret("keys", { ...before, token: "another" }, { namespace: "added" })));
	const again = await readSecret(session, keySecret("added"));
	t.same(again?.get("private"), data?.get("private"));
});

t.test(
	"keys that another controller wiped are lost, not made anew, until somebody consents to that very loss",
	async (t) => {
		const lost = { type: "KeysUsable", status: "False", reason: "KeysLost" };
		const before = await installed("wiped");
		const fingerprint = before.status?.gpgKey?.fingerprint ?? "";
		const data = await readSecret(session, keySecret("wiped"));
		await removeKeys("wiped", "key", "key.pub", "passphrase");
		const found = await awaitCondition(session, app("wiped"), lost);
		t.match(found.status?.conditions, [
			{ type: "Ready", status: "False", reason: "KeysLost" },
			{ type: "Reconciling", status: "False" },
			{ type: "Stalled", status: "True", reason: "KeysLost" },
		]);
		const message =
			`spec.gpgKeySecretRef.secretName: the key ${fingerprint} is no longer in Secret "keys"; put it back, since earlier backups ` +
			`open with no other; or accept their loss by the annotation ${REPLACE_LOST_KEY_ANNOTATION}: "${fingerprint}"`;
		t.equal(found.status?.conditions?.find(({ type }) => type === "KeysUsable")?.message, message);
		t.equal(found.status?.gpgKey?.fingerprint, fingerprint, "what was lost is remembered");

		const edit = [
			"patch",
			"scheduledbackup",
			"-n",
			"wiped",
			"app",
			"--type=merge",
			"-p",
			'{"spec":{"collectionId":"other"}}',
		];
		const denied = await session.kubectl(edit);
		t.equal(
			denied.stderr.trim(),
			`The ScheduledBackup "app" is invalid: ${message}`,
			"nor can it be edited as if all were well",
		);

		const wrong = `${REPLACE_LOST_KEY_ANNOTATION}=0123456789ABCDEF0123456789ABCDEF01234567`;
		const mistaken = await session.kubectl(["annotate", "scheduledbackup", "-n", "wiped", "app", wrong]);
		t.equal(mistaken.code, 1, "nor can the loss of another key be accepted");
		t.match(mistaken.stderr, message);
		await controller.terminate();
		controller = await session.controller();
		await installed("wiped-barrier");
		await awaitCondition(session, app("wiped"), lost);
		t.same(
			await readSecret(session, keySecret("wiped")),
			new Map(),
			"neither a wrong consent nor a restart makes a key",
		);

		await t.test("the key recovers where it is put back", async (t) => {
			const values = [...(data ?? [])].map(([key, value]) => [key, value.toString("base64")]);
			await merge(session, "secret", keySecret("wiped"), { data: Object.fromEntries(values) });
			const recovered = await awaitReady(session, app("wiped"));
			t.equal(recovered.status?.gpgKey?.fingerprint, fingerprint);
		});
		await t.test("a deleted Secret is a lost key too; with consent a new one is made", async (t) => {
			await mustKubectl(session, "delete secret -n wiped keys");
			await awaitCondition(session, app("wiped"), lost);
			t.equal(await readSecret(session, keySecret("wiped")), undefined);
			await merge(session, "scheduledbackup", app("wiped"), {
				metadata: { annotations: { [REPLACE_LOST_KEY_ANNOTATION]: fingerprint } },
			});
			const renewed = await awaitReady(session, app("wiped"));
			t.match(renewed.status?.gpgKey?.fingerprint, /^[0-9A-F]{40}$/);
			t.not(renewed.status?.gpgKey?.fingerprint, fingerprint);
		});
		await t.test("the consent covers one loss only", async (t) => {
			await removeKeys("wiped", "key", "key.pub");
			await awaitCondition(session, app("wiped"), lost);
			t.same([...((await readSecret(session, keySecret("wiped")))?.keys() ?? [])], ["passphrase"]);
		});
	},
);

t.test(
	"a Secret that remembers a key is enough: a re-created ScheduledBackup does not replace what was lost",
	async (t) => {
		const before = await installed("remembered");
		await mustKubectl(session, "delete scheduledbackup -n remembered app");
		await removeKeys("remembered", "key", "key.pub", "passphrase");
		const { code, stderr } = await session.kubectl("apply -f -", manifest(encryptedBackup("app", "remembered")));
		t.equal(code, 1);
		t.match(stderr, `the key ${before.status?.gpgKey?.fingerprint} is no longer in Secret "keys"`);
		t.equal(await readBackup(session, app("remembered")), undefined);
	},
);

t.test("half an identity is never completed by half of another", async (t) => {
	await installed("partial");
	const data = await readSecret(session, keySecret("partial"));
	await removeKeys("partial", "key.pub");
	const said = 'Secret "keys" holds the private key ("key") but no public key ("key.pub")';
	const found = await awaitCondition(session, app("partial"), {
		type: "KeysUsable",
		status: "False",
		reason: "KeysIncomplete",
	});
	t.match(found.status?.conditions?.find(({ type }) => type === "KeysUsable")?.message, said);
	const denied = await session.kubectl("apply -f -", manifest(encryptedBackup("other", "partial")));
	t.match(denied.stderr, `The ScheduledBackup "other" is invalid: spec.gpgKeySecretRef: ${said}`);
	const after = await readSecret(session, keySecret("partial"));
	t.same([...(after?.keys() ?? [])].sort(), ["key", "passphrase"]);
	t.same(after?.get("key"), data?.get("key"), "the private key is what it was");
});

t.test("a Secret that cannot keep a key is refused", async (t) => {
	await session.apply(namespaceWithVars("unfit"));
	const sealed = {
		apiVersion: "bitnami.com/v1alpha1",
		kind: "SealedSecret",
		name: "keys",
		uid: "0-1-2",
		controller: true,
	};
	const cases = [
		{
			name: "immutable",
			object: { ...secret("immutable", PASSWORD, { namespace: "unfit" }), immutable: true },
			message: "is immutable: no key can be added to it",
		},
		{
			name: "controlled",
			object: secret("controlled", PASSWORD, { namespace: "unfit", ownerReferences: [sealed] }),
			message: "is controlled by SealedSecret/keys, which would remove an added key",
		},
	];
	const hint = "name another Secret for the key; it may be one that does not exist yet";
	for (const { name, object, message } of cases) {
		await session.kubectl("create -f -", manifest(object));
		const { stderr } = await session.kubectl(
			"apply -f -",
			manifest(encryptedBackup("app", "unfit", { secretName: name })),
		);
		t.equal(
			stderr.trim(),
			`The ScheduledBackup "app" is invalid: spec.gpgKeySecretRef.secretName: Secret "${name}" ${message}; ${hint}`,
		);
	}
});

t.test("ScheduledBackups that share a Secret and appear at the same time get one identity", async (t) => {
	await session.apply(namespaceWithVars("shared"));
	const names = ["one", "two", "three", "four", "five"];
	await session.apply(manifest(...names.map((name) => encryptedBackup(name, "shared"))));
	const backups = await Promise.all(names.map((name) => awaitReady(session, { namespace: "shared", name })));
	const { annotations } = await metadataOf("shared");
	t.same(
		[...new Set(backups.map(({ status }) => status?.gpgKey?.fingerprint))],
		[JSON.parse(annotations["riotkit.org/gpg-fingerprint"]).key],
	);
	await eventually(
		async () => (await session.json("get events -n shared --field-selector reason=KeyGenerated")).items.length > 0,
		{ what: "an Event says that a key was made" },
	);
	const events = await mustKubectl(session, "get events -n shared --field-selector=reason=KeyGenerated --no-headers");
	t.equal(events.trim().split("\n").length, 1, "one key was made");
});

t.test("a key is locked with the passphrase that the pod gets", async (t) => {
	const vars = (passphrase: string) =>
		`Params: {host: db.example.org}\nRepository: {url: "https://b.example.org", passphrase: ${JSON.stringify(passphrase)}}\n`;
	const more =
		(stringData: Record<string, string>, name = "vars") =>
		(namespace: string) =>
			manifest(secret(name, { ...PASSWORD, ...stringData }, { namespace }));
	const importing = {
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.password", "Repository.passphrase"] },
	};
	const cases = [
		{ name: "vars", spec: { vars: vars("from vars") }, passphrase: "from vars" },
		{
			name: "imported",
			before: more({ "Repository.passphrase": "imported" }),
			spec: importing,
			passphrase: "imported",
		},
		{ name: "stored", before: more({ passphrase: "stored" }, "keys"), spec: {}, passphrase: "stored" },
		{ name: "random", spec: {}, passphrase: /^[A-Za-z0-9_-]{43}$/ },
	];
	for (const { name, before, spec, passphrase } of cases) {
		const namespace = `locked-${name}`;
		await session.apply(namespaceWithVars(namespace));
		if (before !== undefined) await session.apply(before(namespace));
		await session.apply(manifest(encryptedBackup("app", namespace, {}, spec)));
		await awaitReady(session, app(namespace));
		const data = await readSecret(session, keySecret(namespace));
		const stored = data?.get("passphrase")?.toString() ?? "";
		t.match(stored, passphrase, `${name}: stored under passphraseKey`);
		const material = { publicKey: `${data?.get("key.pub")}`, privateKey: `${data?.get("key")}` };
		t.same(
			await createKeyInspector().inspectPair({ ...material, passphrase: stored }),
			{ pair: true, opens: true },
			name,
		);
	}
});

// Last: the garbage collector learns of a new kind only every 30 s.
for (const cascade of ["background", "foreground"]) {
	t.test(`a key survives the ${cascade} deletion of its ScheduledBackup, and serves the next one`, async (t) => {
		const namespace = `survives-${cascade}`;
		const first = await installed(namespace);
		const data = await readSecret(session, keySecret(namespace));
		const { resourceVersion } = await metadataOf(namespace);
		await mustKubectl(session, `delete scheduledbackup -n ${namespace} app --cascade=${cascade}`);
		const managed = "riotkit.org/scheduled-backup=app";
		await eventually(
			async () => (await namesOf(session, "configmaps,cronjobs,secrets", namespace, managed)).length === 0,
			{ timeout: 60, what: "garbage is collected" },
		);
		t.equal((await metadataOf(namespace)).resourceVersion, resourceVersion, "the Secret was not even touched");
		const second = await installed(namespace);
		t.not(second.metadata.uid, first.metadata.uid);
		t.same(await readSecret(session, keySecret(namespace)), data);
		t.equal(second.status?.gpgKey?.fingerprint, first.status?.gpgKey?.fingerprint);
	});
}
