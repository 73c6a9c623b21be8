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
import { createTrap, killAtTraps, type Moment } from "./support/traps.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
const start = (): Promise<Controller> => session.controller({ kubeconfig: proxy.kubeconfig });
let controller = await start();
await session.apply(ENCRYPTING_TEMPLATE);

/** `pending`: status says that a key is about to be stored; `status`: that it is stored. */
type Write = "pending" | "key" | "status";

const isWrite = (write: Write, namespace: string, { method, path, body }: SeenRequest): boolean => {
	if (write === "key") return ["POST", "PATCH"].includes(method) && path.includes(`/namespaces/${namespace}/secrets`);
	if (method !== "PUT" || !path.includes(`/namespaces/${namespace}/scheduledbackups/app/status`)) return false;
	const said = JSON.parse(body).status?.gpgKey ?? {};
	return (write === "pending" ? said.pendingFingerprint : said.fingerprint) !== undefined;
};

const restart = async (): Promise<void> => {
	controller = await start();
};

interface Scenario {
	write: Write;
	moment: Moment;
	/** Whether the Secret exists before the key is generated. */
	existing: boolean;
}

const namespaceOf = ({ write, moment, existing }: Scenario): string =>
	`${write}-${moment}-${existing ? "existing" : "new"}`;

/** Applies a ScheduledBackup in a namespace for each, and kills the controller once all are at their writes. */
const crash = async (scenarios: readonly Scenario[]): Promise<void> => {
	const named = new Map(scenarios.map((scenario) => [namespaceOf(scenario), scenario]));
	for (const [namespace, { existing }] of named) {
		await session.apply(namespaceWithVars(namespace));
		if (existing) await session.apply(manifest(secret("keys", { token: "not-a-real-token" }, { namespace })));
	}
	const traps = new Map(
		[...named].map(([namespace, { write, moment }]) => [
			namespace,
			createTrap((seen) => isWrite(write, namespace, seen), moment),
		]),
	);
	await killAtTraps({ proxy, controller: () => controller }, traps, async (namespace) => {
		await session.apply(manifest(encryptedBackup("app", namespace)));
		await traps.get(namespace)?.held;
	});
};

/** The requests that wrote the key Secret of this namespace. */
const keyWrites = (namespace: string): SeenRequest[] =>
	proxy.requests.filter((seen) => isWrite("key", namespace, seen));

const SCENARIOS: Scenario[] = [
	{ write: "pending", moment: "after", existing: false },
	{ write: "key", moment: "before", existing: false },
	{ write: "key", moment: "before", existing: true },
	{ write: "key", moment: "after", existing: false },
	{ write: "key", moment: "after", existing: true },
	{ write: "status", moment: "before", existing: false },
	{ write: "status", moment: "after", existing: true },
];
/** Here the key is taken out of its Secret while no controller runs. */
const WIPED: Scenario = { write: "status", moment: "before", existing: true };

/** What each Secret held when the controller was dead. */
const left = new Map<string, Awaited<ReturnType<typeof readSecret>>>();

t.test("SIGKILL, and the next controller begins", async (t) => {
	await crash([...SCENARIOS, WIPED]);
	for (const scenario of SCENARIOS) {
		const { write, moment } = scenario;
		const namespace = namespaceOf(scenario);
		const found = await readSecret(session, { namespace, name: "keys" });
		left.set(namespace, found);
		const wasMade = write === "status" || (write === "key" && moment === "after");
		t.equal(found?.has("key") ?? false, wasMade, namespace);
	}
	const wiped = { namespace: namespaceOf(WIPED), name: "app" };
	const { gpgKey } = (await readBackup(session, wiped))?.status ?? {};
	t.match(gpgKey, { pendingFingerprint: /^[0-9A-F]{40}$/, fingerprint: undefined });
	const data = { key: null, "key.pub": null, passphrase: null };
	await merge(session, "secret", { ...wiped, name: "keys" }, { data });
	await restart();
});

for (const scenario of SCENARIOS) {
	const { write, moment, existing } = scenario;
	const where = existing ? "in an existing Secret" : "in a new Secret";
	t.test(`SIGKILL ${moment} the ${write} is written, ${where}`, async (t) => {
		const namespace = namespaceOf(scenario);
		const before = left.get(namespace);
		const wasMade = before?.has("key") ?? false;
		const backup = await awaitReady(session, { namespace, name: "app" });
		const found = await readSecret(session, { namespace, name: "keys" });
		if (wasMade) t.same(found, before, "the key is the one that was made");
		t.same([...(found?.keys() ?? [])].sort(), ["key", "key.pub", "passphrase", ...(existing ? ["token"] : [])]);
		const { metadata } = await session.json(`get secret -n ${namespace} keys`);
		const { key } = JSON.parse(metadata.annotations["riotkit.org/gpg-fingerprint"]);
		t.same([backup.status?.gpgKey?.fingerprint, backup.status?.gpgKey?.pendingFingerprint], [key, undefined]);
		t.equal(keyWrites(namespace).length, wasMade || write === "pending" ? 1 : 2, "and no other was even tried");
	});
}

t.test("a key that was wiped while nobody knew of it but its Secret is lost, not made anew", async (t) => {
	const namespace = namespaceOf(WIPED);
	const lost = { type: "KeysUsable", status: "False", reason: "KeysLost" };
	await awaitCondition(session, { namespace, name: "app" }, lost);
	const found = await readSecret(session, { namespace, name: "keys" });
	t.same([...(found?.keys() ?? [])], ["token"]);
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
