// Keys that the controller makes, with real OpenPGP, over an API server in memory: made once, recorded, never replaced.
import t, { type Test } from "tap";
import { CRON_JOB, SCHEDULED_BACKUP, SECRET } from "../../src/api/kinds.ts";
import type { CronJob, Secret } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import { generateIdentity } from "../../src/gpg/index.ts";
import * as objects from "../integration/support/objects.ts";
import { encode, put } from "./objects.ts";
import { type Running, startRunning } from "./running.ts";

const REFERENCE = { secretName: "keys", email: "backup@example.org", createIfNotExists: true };
const backup = (reference: object = REFERENCE, spec: objects.Fields = {}, metadata: objects.Fields = {}) =>
	objects.scheduledBackup("app", { gpgKeySecretRef: reference, ...spec }, metadata);
const statusOf = ({ api }: Running) => api.get<ScheduledBackup>(SCHEDULED_BACKUP, "default/app")?.status;
const condition = (running: Running, type: string) => conditionOf(statusOf(running)?.conditions, type);
const keys = ({ api }: Running) => api.get<Secret>(SECRET, "default/keys");

/** The controllers; how many keys they made. */
const making = async (t: Test) => {
	let made = 0;
	const running = await startRunning(t, {
		gpg: {
			generateIdentity: (request) => {
				made += 1;
				return generateIdentity(request);
			},
		},
	});
	/** Keys are made by real computation, which no turn of the loop waits for. */
	const settled = async (): Promise<void> => {
		for (let tries = 0; tries < 400; tries += 1) {
			await running.settle();
			if (condition(running, "Ready")?.status === "True") return;
			await new Promise((resolve) => setTimeout(resolve, 25));
		}
		throw new Error("keys were never made");
	};
	return { running, settled, made: () => made };
};

t.test("made where none is, stored and recorded before anything uses it, and told in an Event", async (t) => {
	const { running, settled, made } = await making(t);
	put(running.api, SCHEDULED_BACKUP, backup());
	await settled();
	await running.settle();
	t.equal(made(), 1);
	const secret = keys(running);
	t.match(Buffer.from(Object.values(secret?.data ?? {}).join(""), "base64").toString(), /BEGIN PGP/);
	const { fingerprint } = statusOf(running)?.gpgKey ?? {};
	t.match(fingerprint, /^[0-9A-F]{40}$/i);
	t.match(secret?.metadata?.annotations?.["riotkit.org/gpg-fingerprint"], fingerprint ?? "none");
	const writes = running.writesSince().filter((write) => !write.includes(" events "));
	t.strictSame(
		writes.map((write) => write.replace(/-[0-9a-f]{10}$/, "-#")),
		[
			"status scheduledbackups default/app",
			"create secrets default/keys",
			"status scheduledbackups default/app",
			"create configmaps default/app-backup-#",
			"create configmaps default/app-restore-#",
			"create cronjobs default/app",
			"status scheduledbackups default/app",
		],
	);
	t.ok(
		running
			.events()
			.includes(
				`Normal KeyGenerated: Made the GPG key ${fingerprint} in Secret "keys"; keep a copy outside of this cluster`,
			),
	);
	t.match(condition(running, "Ready"), { status: "True" });
	const types = statusOf(running)?.conditions?.map(({ type }) => type) ?? [];
	t.ok(types.some((type) => /Key/.test(type)));
	put(running.api, SCHEDULED_BACKUP, backup(REFERENCE, { collectionId: "other" }));
	await running.settle();
	t.equal(made(), 1, "never twice");
});

t.test("a key that was lost is not replaced, unless a person allows it", async (t) => {
	const { running, settled, made } = await making(t);
	put(running.api, SCHEDULED_BACKUP, backup());
	await settled();
	await running.settle();
	const { fingerprint = "" } = statusOf(running)?.gpgKey ?? {};
	running.api.remove(SECRET, "default/keys");
	await running.settle();
	t.equal(made(), 1);
	t.match(condition(running, "Ready"), { status: "False" });
	t.ok(running.events().some((event) => event.startsWith("Warning ")));
	t.ok(running.api.get<CronJob>(CRON_JOB, "default/app"), "what is installed stays");
	const warnings = running.events().filter((event) => event.startsWith("Warning ")).length;
	put(running.api, SCHEDULED_BACKUP, backup(REFERENCE, { collectionId: "b" }));
	await running.settle();
	t.equal(running.events().filter((event) => event.startsWith("Warning ")).length, warnings, "told once");
	const annotations = { "riotkit.org/replace-lost-key": fingerprint };
	put(running.api, SCHEDULED_BACKUP, backup(REFERENCE, {}, { annotations }));
	await settled();
	await running.settle();
	t.equal(made(), 2);
	t.not(statusOf(running)?.gpgKey?.fingerprint, fingerprint);
	t.match(condition(running, "Ready"), { status: "True" });
});

t.test("a passphrase that cannot lock a key is refused, and told", async (t) => {
	const { running, made } = await making(t);
	const vars = 'Params: {host: a}\nRepository: {url: https://b, passphrase: "two\\nlines"}\n';
	put(running.api, SCHEDULED_BACKUP, backup(REFERENCE, { vars }));
	await running.settle();
	t.equal(made(), 0);
	t.match(condition(running, "Ready"), { status: "False" });
	t.equal(keys(running), undefined);
	t.equal(running.api.get(CRON_JOB, "default/app"), undefined);
});

t.test("a Secret without keys, where none may be made", async (t) => {
	const { running, made } = await making(t);
	put(running.api, SECRET, { metadata: { name: "keys", namespace: "default" }, data: { a: encode("b") } });
	put(running.api, SCHEDULED_BACKUP, backup({ secretName: "keys", email: "backup@example.org" }));
	await running.settle();
	t.equal(made(), 0);
	t.match(condition(running, "Ready"), { status: "False", message: /keys/ });
	t.strictSame(keys(running)?.data, { a: encode("b") });
});

t.test("keys that vanish as fast as they are made are tried again after half a minute", async (t) => {
	const { running, made } = await making(t);
	put(running.api, SCHEDULED_BACKUP, backup());
	running.api.refuse = ({ method, path }) =>
		method === "POST" && path.includes("/secrets")
			? { status: 201, body: { metadata: { name: "keys", namespace: "default", uid: "u", resourceVersion: "1" } } }
			: undefined;
	for (let tries = 0; tries < 400 && !running.results.includes("scheduledbackup requeue"); tries += 1) {
		await running.settle();
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	t.equal(made(), 1);
	t.match(condition(running, "Ready"), { status: "False" });
	t.equal(running.api.get(CRON_JOB, "default/app"), undefined, "nothing uses it");
});
