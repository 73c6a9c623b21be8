// What is read for a ScheduledBackup, what is made of it, and that no value of a Secret comes out.
import t from "tap";
import { FINGERPRINT_ANNOTATION } from "../../src/domain/annotations.ts";
import type { KeyPairMaterial } from "../../src/gather/references.ts";
import { gatherScheduledBackup } from "../../src/gather/scheduledbackup.ts";
import { plainBackup, template } from "../fixtures/seed.ts";
import { inspector, secret, worldOf } from "./world.ts";

const shallow = { deepKeyCheck: false };
const keys = { key: "private x", "key.pub": "public me@example.org", passphrase: "opens" };

t.test("everything once, at the same time", async (t) => {
	const object = plainBackup({
		tokenSecretRef: { secretName: "keys" },
		varsSecretRef: { secretName: "vars" },
		vars: "HelmValues: {envFrom: [{secretRef: {name: sealed}}]}",
	});
	const world = worldOf({ secrets: [secret("keys", keys)], template: template("echo"), labels: { a: "b" } });
	let waiting = 0;
	const held: (() => void)[] = [];
	const slow = {
		...world,
		secret: async (namespace: string, name: string) => {
			waiting++;
			await new Promise<void>((resolve) => held.push(resolve));
			return world.secret(namespace, name);
		},
	};
	const gathering = gatherScheduledBackup(slow, inspector(), object, shallow);
	t.equal(waiting, 3, "no read waits for another");
	for (const release of held) release();
	const facts = await gathering;
	t.same(world.reads.toSorted(), [
		"Namespace default",
		"Secret default/keys",
		"Secret default/sealed",
		"Secret default/vars",
		"template plain",
	]);
	t.same([...facts.secrets.keys()], ["keys", "vars", "sealed"]);
	t.equal(facts.secrets.get("vars"), undefined);
	t.same(facts.namespaceLabels, { a: "b" });
	t.same(facts.denied, []);
	t.equal(facts.template?.metadata.name, "plain");
});

t.test("facts about a Secret", async (t) => {
	const object = plainBackup({ varsSecretRef: { secretName: "vars" } });
	const vars = secret(
		"vars",
		{ a: "ä", nul: "a\0b", bad: new Uint8Array([0xff, 0xfe]), empty: "" },
		{ immutable: true },
	);
	vars.metadata = {
		...vars.metadata,
		annotations: { [FINGERPRINT_ANNOTATION]: "AAAA" },
		ownerReferences: [
			{ apiVersion: "v1", kind: "Other", name: "x", uid: "1" },
			{ apiVersion: "v1", kind: "SealedSecret", name: "vars", uid: "2", controller: true },
		],
	};
	const world = worldOf({
		secrets: [vars, { metadata: { annotations: { [FINGERPRINT_ANNOTATION]: "" }, name: "keys" } }],
	});
	const facts = await gatherScheduledBackup(world, inspector(), object, shallow);
	t.same(facts.secrets.get("vars"), {
		name: "vars",
		uid: "uid-of-vars",
		resourceVersion: "7",
		immutable: true,
		controlledBy: "SealedSecret/vars",
		recordedFingerprint: "AAAA",
		keys: new Map([
			["a", { size: 2, encoding: "utf8" }],
			["nul", { size: 3, encoding: "nul" }],
			["bad", { size: 2, encoding: "invalidUtf8" }],
			["empty", { size: 0, encoding: "utf8" }],
		]),
	});
	t.same(facts.secrets.get("keys"), { name: "keys", uid: "", resourceVersion: "", immutable: false, keys: new Map() });
	const bare = await gatherScheduledBackup(worldOf({ secrets: [{}] }), inspector(), object, shallow);
	t.equal(bare.secrets.get("vars"), undefined);
});

interface Row {
	name: string;
	values: Record<string, string>;
	vars?: string;
	spec?: Record<string, unknown>;
	deep?: boolean;
	identity: object;
	/** The passphrase that the pair was tried with; absent: it was not tried. */
	tried?: string | undefined;
}

const whole = {
	publicKey: "present",
	privateKey: "present",
	passphrase: "present",
	fingerprint: "ABCD",
	userIds: ["<me@example.org>"],
	canEncrypt: true,
};

const rows: Row[] = [
	{ name: "complete", values: keys, identity: { ...whole, passphraseMatches: true } },
	{
		name: "complete, looked at closely",
		values: keys,
		deep: true,
		identity: { ...whole, passphraseMatches: true, pair: true, opens: true },
		tried: "opens",
	},
	{
		name: "another passphrase in vars",
		values: keys,
		vars: "Repository: {passphrase: 1234}",
		deep: true,
		identity: { ...whole, passphraseMatches: false, pair: true, opens: false },
		tried: "1234",
	},
	{
		name: "a passphrase of another length",
		values: keys,
		vars: "Repository: {passphrase: opens}",
		identity: { ...whole, passphraseMatches: true },
	},
	{
		name: "a passphrase that only the pod's shell knows",
		values: keys,
		vars: 'Repository: {passphrase: "${PASSPHRASE}"}',
		deep: true,
		identity: whole,
	},
	{
		name: "a key without passphrase",
		values: { key: "private x", "key.pub": "public me@example.org" },
		deep: true,
		identity: { ...whole, passphrase: "absent", pair: true, opens: false },
		tried: undefined,
	},
	{
		name: "an empty stored passphrase",
		values: { ...keys, passphrase: "" },
		vars: "Repository: {passphrase: x}",
		identity: { ...whole, passphrase: "empty" },
	},
	{
		name: "nothing",
		values: {},
		deep: true,
		identity: { publicKey: "absent", privateKey: "absent", passphrase: "absent", userIds: [] },
	},
	{
		name: "empty and wrong",
		values: { key: "public x", "key.pub": "" },
		deep: true,
		identity: { publicKey: "empty", privateKey: "wrongKind", passphrase: "absent", userIds: [] },
	},
	{
		name: "no armor",
		values: { key: "private x", "key.pub": "x" },
		deep: true,
		identity: { publicKey: "notArmored", privateKey: "present", passphrase: "absent", userIds: [] },
	},
	{
		name: "a stored passphrase with a line break",
		values: { ...keys, passphrase: "opens\n" },
		identity: { ...whole, passphraseMatches: true, passphraseHasLineBreak: true },
	},
	{
		name: "a passphrase with a quote",
		values: { ...keys, passphrase: "it's" },
		identity: { ...whole, passphraseMatches: true, passphraseHasQuote: true },
	},
	{
		name: "a passphrase in vars with a quote",
		values: { key: "private A opens", "key.pub": keys["key.pub"] },
		spec: { vars: "Repository: {passphrase: it's}" },
		identity: { ...whole, passphrase: "absent", passphraseHasQuote: true },
	},
	{
		name: "a recipient from the vars Secret with a quote",
		values: { ...keys, "Repository.recipient": "o'hara@example.org" },
		spec: { varsSecretRef: { secretName: "keys", importOnlyKeys: ["Repository.recipient"] } },
		identity: { ...whole, passphraseMatches: true, recipientFits: false, recipientHasQuote: true },
	},
	...[
		{ name: "that the key has", recipient: "me@example.org", fits: true },
		{ name: "that it does not have", recipient: "you@example.org", fits: false },
	].map(({ name, recipient, fits }) => ({
		name: `a recipient from the vars Secret ${name}`,
		values: { ...keys, "Repository.recipient": recipient },
		spec: { varsSecretRef: { secretName: "keys", importOnlyKeys: ["Repository.recipient"] } },
		identity: { ...whole, passphraseMatches: true, recipientFits: fits },
	})),
	{
		name: "a recipient from the vars Secret, and no key",
		values: { "Repository.recipient": "nobody" },
		spec: { varsSecretRef: { secretName: "keys", importOnlyKeys: ["Repository.recipient"] } },
		identity: { publicKey: "absent", privateKey: "absent", passphrase: "absent", userIds: [], recipientFits: false },
	},
	{
		name: "a passphrase from the vars Secret",
		values: { ...keys, "Repository.passphrase": "opens" },
		spec: { varsSecretRef: { secretName: "keys", importOnlyKeys: ["Repository.passphrase"] } },
		identity: { ...whole, passphraseMatches: true },
	},
];

for (const row of rows) {
	t.test(`identity: ${row.name}`, async (t) => {
		const object = plainBackup({ ...(row.vars && { vars: row.vars }), ...row.spec });
		const asked: KeyPairMaterial[] = [];
		const world = worldOf({ secrets: [secret("keys", row.values)] });
		const facts = await gatherScheduledBackup(world, inspector(asked), object, { deepKeyCheck: row.deep === true });
		t.same(facts.identity, row.identity);
		t.same(
			asked.map(({ passphrase }) => passphrase),
			"tried" in row ? [row.tried] : [],
		);
	});
}

t.test("no identity is asked for", async (t) => {
	const object = plainBackup({ gpgKeySecretRef: undefined, templateRef: { kind: "internal", name: "tar" } });
	const world = worldOf({});
	const facts = await gatherScheduledBackup(world, inspector(), object, shallow);
	t.notOk("identity" in facts);
	t.same(world.reads, ["Namespace default"]);
});

t.test("what the status remembers", async (t) => {
	const status = (fingerprint: string) => ({ ...plainBackup(), status: { gpgKey: { fingerprint } } });
	const remembered = await gatherScheduledBackup(worldOf({}), inspector(), status("ABCD"), shallow);
	t.equal(remembered.recordedFingerprint, "ABCD");
	t.notOk("recordedPlace" in remembered);
	const gpgKey = { fingerprint: "ABCD", secretName: "keys", privateKey: "key" };
	const placed = await gatherScheduledBackup(
		worldOf({}),
		inspector(),
		{ ...plainBackup(), status: { gpgKey } },
		shallow,
	);
	t.same(placed.recordedPlace, { secretName: "keys", privateKey: "key" });
	t.notOk("recordedFingerprint" in (await gatherScheduledBackup(worldOf({}), inspector(), status(""), shallow)));
});

t.test("a failure of the world is thrown", async (t) => {
	const world = { ...worldOf({}), secret: async () => Promise.reject(new Error("down")) };
	await t.rejects(gatherScheduledBackup(world, inspector(), plainBackup(), shallow), { message: "down" });
});

t.test("no value comes out", async (t) => {
	const object = plainBackup({ varsSecretRef: { secretName: "vars" } });
	const marked = { key: "private canary", "key.pub": "public me@example.org", passphrase: "canary" };
	const world = worldOf({ secrets: [secret("keys", marked), secret("vars", { "Params.a": "canary" })] });
	const facts = await gatherScheduledBackup(world, inspector(), object, { deepKeyCheck: true });
	const text = JSON.stringify(facts, (_key, value) => (value instanceof Map ? [...value] : value));
	t.notMatch(text, /canary/);
	t.notMatch(text, /Y2FuYXJ5/);
});

t.test("objects of any shape", async (t) => {
	const world = worldOf({});
	const odd = { apiVersion: "riotkit.org/v1alpha1", kind: "ScheduledBackup", spec: { templateRef: 5 } };
	const facts = await gatherScheduledBackup(world, inspector(), odd as never, shallow);
	t.equal(facts.template, undefined);
	t.same(world.reads, ["Namespace "]);
});
