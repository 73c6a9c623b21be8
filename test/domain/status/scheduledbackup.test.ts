import t from "tap";
import type { Condition, ScheduledBackupStatus } from "../../../src/api/types.ts";
import type { KeysVerdict } from "../../../src/domain/status/keys.ts";
import {
	type ScheduledBackupObservation,
	sameStatus,
	scheduledBackupStatus,
	specHash,
} from "../../../src/domain/status/scheduledbackup.ts";
import { ago, NOW, scheduledBackup } from "./samples.ts";

const run: ScheduledBackupObservation["runs"] = {
	active: [],
	health: [],
	condition: { type: "LastRunSucceeded", status: "Unknown", reason: "NoRunYet", message: "" },
};
const observe = (more: Partial<ScheduledBackupObservation> = {}): ScheduledBackupStatus =>
	scheduledBackupStatus({
		object: scheduledBackup(),
		verdict: { standing: "ready", reason: "Installed", message: "installed" },
		keys: { type: "none" },
		owned: [],
		runs: run,
		nextScheduleTime: undefined,
		now: NOW,
		...more,
	});
const statuses = ({ conditions = [] }: ScheduledBackupStatus): Record<string, string> =>
	Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));

t.test("installed", async (t) => {
	const status = observe();
	t.strictSame(statuses(status), {
		Ready: "True Installed",
		Reconciling: "False Installed",
		Stalled: "False Installed",
		LastRunSucceeded: "Unknown NoRunYet",
		BackupObjectsInstallation: "True SpecWasUpdated",
	});
	t.match(status, { observedGeneration: 3, healthy: true, lastAppliedSpecHash: specHash(scheduledBackup()) });
	t.equal(status.nextScheduleTime, undefined);
	t.equal(status.gpgKey, undefined);
});

t.test("times", async (t) => {
	const runs = { ...run, lastScheduleTime: ago(3), lastSuccessfulTime: ago(2), lastFailedTime: ago(1) };
	t.match(observe({ runs, nextScheduleTime: ago(-1) }), {
		lastScheduleTime: ago(3),
		lastSuccessfulTime: ago(2),
		lastFailedTime: ago(1),
		nextScheduleTime: ago(-1),
	});
});

t.test("stalled: the hash of what was applied last stays", async (t) => {
	const verdict = { standing: "stalled", reason: "Invalid", message: "wrong" } as const;
	const status = observe({ verdict, object: scheduledBackup({ lastAppliedSpecHash: "old" }) });
	t.match(status, { healthy: false, lastAppliedSpecHash: "old" });
	t.match(statuses(status), {
		Ready: "False Invalid",
		Stalled: "True Invalid",
		BackupObjectsInstallation: "False Invalid",
	});
	t.equal(observe({ verdict }).lastAppliedSpecHash, undefined);
});

t.test("keys", async (t) => {
	const key = { fingerprint: "AB" };
	const usable: KeysVerdict = { type: "usable", key, message: "" };
	t.match(observe({ keys: usable }), { gpgKey: key, healthy: true });
	const lost: KeysVerdict = { type: "unusable", reason: "KeysLost", message: "gone" };
	const remembered = scheduledBackup({ gpgKey: key });
	t.match(observe({ keys: lost, object: remembered }), { gpgKey: key, healthy: false }, "a lost key stays recorded");
	t.match(statuses(observe({ keys: lost })), {
		Ready: "False KeysLost",
		KeysUsable: "False KeysLost",
		BackupObjectsInstallation: "True SpecWasUpdated",
	});
	const expired: KeysVerdict = { type: "unusable", reason: "KeyExpired", message: "old", key };
	t.match(statuses(observe({ keys: expired })), { Ready: "False KeyExpired", KeysUsable: "False KeyExpired" });
	const restoring = scheduledBackup(undefined, { operation: "restore" });
	t.match(
		statuses(observe({ keys: expired, object: restoring })),
		{ Ready: "True Installed", KeysUsable: "False KeyExpired" },
		"a schedule of restores goes on",
	);
	t.match(statuses(observe({ keys: lost, object: restoring })), { Ready: "False KeysLost" });
	t.same(observe({ keys: { type: "none" }, object: remembered }).gpgKey, key, "also where none is asked for any more");
	const nameless: KeysVerdict = { type: "usable", key: {}, message: "" };
	t.same(observe({ keys: nameless, object: remembered }).gpgKey, key, "or where nothing is known of what is there");
	const gpgKeySecretRef = { secretName: "keys", privateKey: "key", publicKey: "key.pub" };
	const pending = scheduledBackup({ gpgKey: { pendingFingerprint: "CD" } }, { gpgKeySecretRef });
	t.same(
		observe({ keys: usable, object: pending }).gpgKey,
		{ fingerprint: "AB", secretName: "keys", privateKey: "key", publicKey: "key.pub" },
		"with its place, and nothing is pending any more",
	);
	const before: Condition = {
		type: "KeysUsable",
		status: "True",
		reason: "Usable",
		message: "",
		lastTransitionTime: ago(5),
	};
	t.equal(statuses(observe({ object: scheduledBackup({ conditions: [before] }) }))["KeysUsable"], undefined);
	t.equal(observe({ keys: { type: "usable", key: {}, message: "" } }).gpgKey, undefined, "nothing is known of it");
});

t.test("a failed or hanging run makes it unhealthy, not unready", async (t) => {
	const runs = { ...run, condition: { ...run.condition, status: "False" as const, reason: "OOMKilled" } };
	t.match(observe({ runs }), { healthy: false });
	t.match(statuses(observe({ runs })), { Ready: "True Installed", LastRunSucceeded: "False OOMKilled" });
});

t.test("without a schedule nothing is said of runs, unless something was before", async (t) => {
	const spec = { cronJob: undefined };
	t.equal(statuses(observe({ object: scheduledBackup(undefined, spec) }))["LastRunSucceeded"], undefined);
	const before: Condition = {
		type: "LastRunSucceeded",
		status: "True",
		reason: "Succeeded",
		message: "",
		lastTransitionTime: ago(5),
	};
	t.hasProp(statuses(observe({ object: scheduledBackup({ conditions: [before] }, spec) })), "LastRunSucceeded");
});

t.test("the same findings give the same status", async (t) => {
	const first = observe();
	t.ok(sameStatus(first, observe({ object: scheduledBackup(first), now: new Date(NOW.getTime() + 5000) })));
	t.notOk(sameStatus(undefined, first));
	t.match(observe({ object: { ...scheduledBackup(), metadata: {} } }), { observedGeneration: 0 });
});
