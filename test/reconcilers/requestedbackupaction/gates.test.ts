// Who has to go first where some could not begin: with a key that has expired nothing can be backed up, but all be restored.
import t from "tap";
import { absence, competitors, isReady, unreadiness } from "../../../reconcilers/requestedbackupaction/gates.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../../src/api/types.ts";
import { readyBackup, requested } from "./context.ts";

const expired: ScheduledBackup = {
	...readyBackup(),
	status: {
		observedGeneration: 1,
		conditions: [
			{ type: "Ready", status: "False", reason: "KeyExpired", message: "", lastTransitionTime: "2026-03-01T12:00:00Z" },
		],
	},
};
const named = (name: string, operation: "backup" | "restore", status: object = {}): RequestedBackupAction => ({
	...requested(operation, { name, uid: `${name}-uid` }),
	status,
});
const waiting = named("waiting", "backup");
const withJob = named("with-job", "backup", { jobUID: "u" });
const restore = named("restore", "restore");
const all = [waiting, withJob, restore];
const rows: [string, ScheduledBackup, "backup" | "restore", RequestedBackupAction[]][] = [
	["ready: all count", readyBackup(), "restore", all],
	["expired: a backup that has no Job does not count for a restore", expired, "restore", [withJob, restore]],
	["expired: a backup waits for all", expired, "backup", all],
];
t.test(
	"a ScheduledBackup that is not Ready needs somebody; one that is not reconciled yet only takes its time",
	async (t) => {
		const backup = requested("backup");
		t.match(unreadiness(backup, expired), { troubled: true, message: /is not Ready \(KeyExpired\)/ });
		t.equal(unreadiness(requested("restore"), expired), undefined);
		t.match(unreadiness(backup, undefined), { troubled: true, message: /does not exist/ });
		const renewed = readyBackup({}, { generation: 2 });
		t.notOk("troubled" in (unreadiness(backup, renewed) ?? {}));
	},
);
for (const [name, backup, operation, counted] of rows)
	t.test(name, async (t) => {
		t.same(competitors(all, backup, unreadiness(requested(operation), backup)), counted);
	});

t.test(
	"a ScheduledBackup that does not exist, or is being deleted, keeps an action from running until somebody acts",
	async (t) => {
		const backup = requested("backup");
		t.strictSame(absence(backup, undefined), {
			reason: "WaitingForScheduledBackup",
			message: 'ScheduledBackup "app" does not exist; the action waits for it',
			troubled: true,
		});
		const deleted = {
			reason: "WaitingForScheduledBackup",
			message: 'ScheduledBackup "app" is being deleted',
			troubled: true,
		};
		t.strictSame(absence(backup, readyBackup({}, { deletionTimestamp: "x" })), deleted);
		t.strictSame(unreadiness(backup, readyBackup({}, { deletionTimestamp: "x" })), deleted);
		t.equal(absence(backup, readyBackup()), undefined);
	},
);

t.test("what is waited for is named in words", async (t) => {
	const reason = "WaitingForScheduledBackup";
	t.strictSame(unreadiness(requested("backup"), readyBackup({}, { generation: 2 })), {
		reason,
		message: 'ScheduledBackup "app" is not reconciled yet',
	});
	t.strictSame(unreadiness(requested("backup"), expired), {
		reason,
		message: 'ScheduledBackup "app" is not Ready (KeyExpired): ',
		troubled: true,
	});
	const { conditions: _, ...status } = readyBackup().status ?? {};
	t.match(unreadiness(requested("restore"), { ...readyBackup(), status }), { message: /is not Ready \(Unknown\): $/ });
});

t.test("whether its objects are installed", async (t) => {
	const { status: _, ...unseen } = readyBackup();
	t.strictSame([isReady(readyBackup()), isReady(expired), isReady(unseen)], [true, false, false]);
});
