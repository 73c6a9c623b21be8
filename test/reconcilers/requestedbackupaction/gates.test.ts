// Who has to go first where some could not begin: with a key that has expired nothing can be backed up, but all be restored.
import t from "tap";
import { competitors, unreadiness } from "../../../reconcilers/requestedbackupaction/gates.ts";
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
