// A key that can make no backup any more: nothing new is encrypted with it, and what it encrypted can still be restored.
import t, { type Test } from "tap";
import { CONFIG_MAP, CRON_JOB, JOB, REQUESTED_BACKUP_ACTION, SCHEDULED_BACKUP, SECRET } from "../../src/api/kinds.ts";
import type { CronJob, Job } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import type { KeyInspector } from "../../src/gather/references.ts";
import * as objects from "../integration/support/objects.ts";
import { encode, put } from "./objects.ts";
import { startRunning } from "./running.ts";

const FINGERPRINT = "7E2F37914C95BDFB51D80A45E80F552F8D465723";
const EXPIRES = "2026-03-01T12:10:00Z";

/** `app` with a key that expires in ten minutes, less half a one. */
const withKey = async (t: Test, spec: objects.Fields = {}) => {
	let time = (): number => 0;
	const inspector: KeyInspector = {
		inspectPublicKey: async () => ({
			material: "present",
			fingerprint: FINGERPRINT,
			userIds: ["a@example.org"],
			expirationTime: EXPIRES,
			canEncrypt: time() < Date.parse(EXPIRES),
		}),
		inspectPrivateKey: async () => "present",
		inspectPair: async () => ({ pair: true, opens: true }),
	};
	const running = await startRunning(t, { inspector });
	time = () => running.clock.now();
	const names = { privateKey: "key", publicKey: "key.pub", passphraseKey: "passphrase" };
	const data = { key: encode("private"), "key.pub": encode("public"), passphrase: encode("words") };
	put(running.api, SECRET, { metadata: { name: "keys", namespace: "default" }, data });
	const gpgKeySecretRef = { secretName: "keys", email: "a@example.org", ...names };
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app", { gpgKeySecretRef, ...spec }));
	await running.settle();
	const expire = async (): Promise<void> => {
		running.clock.advance(10 * 60_000);
		await running.settle();
	};
	const condition = (type: string) =>
		conditionOf(running.api.get<ScheduledBackup>(SCHEDULED_BACKUP, "default/app")?.status?.conditions, type);
	return { running, expire, condition };
};

t.test("its end is told when it comes, though nothing else happens", async (t) => {
	const { running, expire, condition } = await withKey(t);
	t.match(condition("KeysUsable"), { status: "True" });
	t.match(condition("Ready"), { status: "True" });
	await expire();
	t.match(condition("KeysUsable"), {
		status: "False",
		reason: "KeyExpired",
		message: /cannot encrypt: it is expired or revoked.*can still be restored$/,
	});
	t.match(condition("Ready"), { status: "False", reason: "KeyExpired" });
	t.equal(running.events().filter((event) => event.startsWith("Warning KeyExpired: ")).length, 1, "in one Event");
	t.ok(running.api.get<CronJob>(CRON_JOB, "default/app"), "what is installed stays");
});

t.test("a backup waits, and a restore passes it", async (t) => {
	const { running, expire } = await withKey(t, { cronJob: undefined });
	await expire();
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("backup", "app"));
	await running.settle();
	const statusOf = (name: string) =>
		running.api.get<RequestedBackupAction>(REQUESTED_BACKUP_ACTION, `default/${name}`)?.status;
	t.match(statusOf("backup"), { phase: "Pending", healthy: false, message: /is not Ready \(KeyExpired\)/ });
	running.clock.advance(1_000);
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("restore", "app", { action: "restore" }));
	await running.settle();
	const [job] = running.api.list<Job>(JOB);
	t.match(job?.metadata?.name, /^restore-/);
	t.equal(job?.spec?.suspend, false);
});

t.test("what a restore reads is made even where nothing was installed before", async (t) => {
	const { running, condition } = await withKey(t, { cronJob: undefined, vars: "Params: [" });
	t.match(condition("Ready"), { status: "False", reason: "Invalid" });
	t.strictSame(running.api.list(CONFIG_MAP), []);
	running.clock.advance(10 * 60_000);
	const { spec } = running.api.get<ScheduledBackup>(SCHEDULED_BACKUP, "default/app") ?? {};
	const vars = "Params: {host: a}\nRepository: {url: https://b}\n";
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app", { ...spec, vars }));
	await running.settle();
	t.match(condition("Ready"), { status: "False", reason: "KeyExpired" });
	t.ok(running.api.list(CONFIG_MAP).some(({ metadata }) => metadata?.name?.startsWith("app-restore-")));
	t.equal(running.api.get(CRON_JOB, "default/app"), undefined);
});
