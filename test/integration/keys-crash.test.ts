// The controller is killed around every write of a key's making: the key that the Secret holds is never lost, never
// replaced, and never made twice.
import t from "tap";
import type { Controller } from "../cluster/controller.ts";
import { type SeenRequest, startProxy } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { ENCRYPTING_TEMPLATE, encryptedBackup, namespaceWithVars } from "./support/keys.ts";
import { manifest, secret } from "./support/objects.ts";
import { awaitCondition, awaitReady, merge, mustKubectl, readBackup, readSecret } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
const start = (): Promise<Controller> => session.controller({ kubeconfig: proxy.kubeconfig });
let controller = await start();
await session.apply(ENCRYPTING_TEMPLATE);

/** `pending`: status says that a key is about to be stored; `status`: that it is stored. */
type Write = "pending" | "key" | "status";
type Moment = "before" | "after";

const isWrite = (write: Write, namespace: string, { method, path, body }: SeenRequest): boolean => {
	if (write === "key") return ["POST", "PATCH"].includes(method) && path.includes(`/namespaces/${namespace}/secrets`);
	if (method !== "PUT" || !path.includes(`/namespaces/${namespace}/scheduledbackups/app/status`)) return false;
	const said = JSON.parse(body).status?.gpgKey ?? {};
	return (write === "pending" ? said.pendingFingerprint : said.fingerprint) !== undefined;
};

/** Lets the write be the last that the API server hears of this controller: before it is carried out, or after. */
const cutOffAt = (write: Write, moment: Moment, namespace: string): Promise<void> =>
	new Promise((resolve) => {
		proxy.decide = (seen) => {
			if (!isWrite(write, namespace, seen)) return { type: "pass" };
			proxy.decide = () => ({ type: "drop" });
			resolve();
			return { type: moment === "before" ? "drop" : "dropAnswer" };
		};
	});

const restart = async (): Promise<void> => {
	proxy.decide = () => ({ type: "pass" });
	controller = await start();
};

const isStored = async (write: Write, namespace: string): Promise<boolean> => {
	if (write === "key") return (await readSecret(session, { namespace, name: "keys" }))?.has("key") === true;
	const said = (await readBackup(session, { namespace, name: "app" }))?.status?.gpgKey;
	return (write === "pending" ? said?.pendingFingerprint : said?.fingerprint) !== undefined;
};

/** Applies a ScheduledBackup, and kills the controller at the write. */
const crash = async (write: Write, moment: Moment, namespace: string, existing: boolean): Promise<void> => {
	await session.apply(namespaceWithVars(namespace));
	if (existing) await session.apply(manifest(secret("keys", { token: "not-a-real-token" }, { namespace })));
	const cut = cutOffAt(write, moment, namespace);
	await session.apply(manifest(encryptedBackup("app", namespace)));
	await cut;
	if (moment === "after") await eventually(() => isStored(write, namespace), { what: `the ${write} is stored` });
	await controller.kill();
};

/** The requests that wrote the key Secret of this namespace. */
const keyWrites = (namespace: string): SeenRequest[] =>
	proxy.requests.filter((seen) => isWrite("key", namespace, seen));

const SCENARIOS: { write: Write; moment: Moment; existing: boolean }[] = [
	{ write: "pending", moment: "after", existing: false },
	{ write: "key", moment: "before", existing: false },
	{ write: "key", moment: "before", existing: true },
	{ write: "key", moment: "after", existing: false },
	{ write: "key", moment: "after", existing: true },
	{ write: "status", moment: "before", existing: false },
	{ write: "status", moment: "after", existing: true },
];

for (const { write, moment, existing } of SCENARIOS) {
	const where = existing ? "in an existing Secret" : "in a new Secret";
	t.test(`SIGKILL ${moment} the ${write} is written, ${where}`, async (t) => {
		const namespace = `${write}-${moment}-${existing ? "existing" : "new"}`;
		const named = { namespace, name: "keys" };
		await crash(write, moment, namespace, existing);
		const left = await readSecret(session, named);
		const wasMade = write === "status" || (write === "key" && moment === "after");
		t.equal(left?.has("key") ?? false, wasMade);
		await restart();
		const backup = await awaitReady(session, { namespace, name: "app" });
		const found = await readSecret(session, named);
		if (wasMade) t.same(found, left, "the key is the one that was made");
		t.same([...(found?.keys() ?? [])].sort(), ["key", "key.pub", "passphrase", ...(existing ? ["token"] : [])]);
		const { metadata } = await session.json(`get secret -n ${namespace} keys`);
		const { key } = JSON.parse(metadata.annotations["riotkit.org/gpg-fingerprint"]);
		t.same([backup.status?.gpgKey?.fingerprint, backup.status?.gpgKey?.pendingFingerprint], [key, undefined]);
		t.equal(keyWrites(namespace).length, wasMade || write === "pending" ? 1 : 2, "and no other was even tried");
	});
}

t.test("a key that was wiped while nobody knew of it but its Secret is lost, not made anew", async (t) => {
	await crash("status", "before", "wiped", false);
	const { gpgKey } = (await readBackup(session, { namespace: "wiped", name: "app" }))?.status ?? {};
	t.match(gpgKey, { pendingFingerprint: /^[0-9A-F]{40}$/, fingerprint: undefined });
	const data = { key: null, "key.pub": null, passphrase: null };
	await merge(session, "secret", { namespace: "wiped", name: "keys" }, { data });
	await restart();
	await awaitCondition(
		session,
		{ namespace: "wiped", name: "app" },
		{ type: "KeysUsable", status: "False", reason: "KeysLost" },
	);
	t.same(await readSecret(session, { namespace: "wiped", name: "keys" }), new Map());
});

t.test("a lost answer is no reason to make another key", async (t) => {
	await session.apply(namespaceWithVars("answer"));
	let lost = 0;
	proxy.decide = (seen) => {
		if (!isWrite("key", "answer", seen)) return { type: "pass" };
		lost += 1;
		return { type: "dropAnswer" };
	};
	await session.apply(manifest(encryptedBackup("app", "answer")));
	const first = await eventually(
		async () => {
			const found = await readSecret(session, { namespace: "answer", name: "keys" });
			return found?.has("key") === true && found;
		},
		{ what: "the key is stored" },
	);
	await awaitReady(session, { namespace: "answer", name: "app" });
	t.same(await readSecret(session, { namespace: "answer", name: "keys" }), first);
	t.equal(lost, 1);
	proxy.decide = () => ({ type: "pass" });
});

t.test("who fills the Secret at the same moment wins, whole", async (t) => {
	await session.apply(namespaceWithVars("race"));
	await session.apply(manifest(secret("keys", { token: "not-a-real-token" }, { namespace: "race" })));
	// Just before our patch arrives, somebody restores the keys of a backup.
	const theirs = await readSecret(session, { namespace: "answer", name: "keys" });
	const data = Object.fromEntries([...(theirs ?? [])].map(([key, value]) => [key, value.toString("base64")]));
	proxy.decide = async (seen) => {
		if (!isWrite("key", "race", seen)) return { type: "pass" };
		proxy.decide = () => ({ type: "pass" });
		await merge(session, "secret", { namespace: "race", name: "keys" }, { data });
		return { type: "pass" };
	};
	await session.apply(manifest(encryptedBackup("app", "race")));
	await awaitReady(session, { namespace: "race", name: "app" });
	const found = await readSecret(session, { namespace: "race", name: "keys" });
	t.same(found?.get("key"), theirs?.get("key"));
	t.same(found?.get("key.pub"), theirs?.get("key.pub"));
	const events = await mustKubectl(session, "get events -n race --field-selector=reason=KeyGenerated --no-headers");
	t.equal(events, "", "nobody is told of a key that was not stored");
});
