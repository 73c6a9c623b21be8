import t from "tap";
import { createEndedRuns } from "../../reconcilers/shared/endedruns.ts";
import { ago, complete, job, NOW } from "../domain/status/samples.ts";

t.test("deleted runs are remembered until a status tells of them, the last few only", async (t) => {
	const runs = createEndedRuns(() => NOW);
	const gone = (name: string, more: object = {}) => ({ type: "deleted" as const, object: job({ name, ...more }) });
	runs.observe({ type: "modified", object: job() });
	runs.observe(gone("action", { owner: ["RequestedBackupAction", "a", "a-uid"] }));
	t.strictSame(runs.of("cron-uid"), []);
	runs.observe(gone("ended", { conditions: [complete(ago(5))] }));
	runs.observe(gone("running"));
	const found = runs.of("cron-uid");
	t.match(found, [
		{ metadata: { name: "ended" }, conditions: [{ type: "Complete" }] },
		{
			metadata: { name: "running" },
			conditions: [{ type: "Failed", reason: "JobDeleted", time: "2026-03-01T12:00:00Z" }],
		},
	]);
	runs.observe(gone("later"));
	runs.told("cron-uid", found);
	t.match(runs.of("cron-uid"), [{ metadata: { name: "later" } }]);
	for (let count = 0; count < 9; count += 1) runs.observe(gone(`more${count}`));
	t.equal(runs.of("cron-uid").length, 5);
	for (let count = 0; count < 5000; count += 1) runs.observe(gone("x", { owner: ["CronJob", "c", `uid-${count}`] }));
	t.strictSame(runs.of("cron-uid"), [], "CronJobs that are gone are forgotten in the end");
	runs.told("cron-uid", []);
	t.strictSame(runs.of(undefined), []);
	runs.told(undefined, []);
});

t.test("a run that had ended keeps the end that it had", async (t) => {
	const runs = createEndedRuns(() => NOW);
	const conditions = [complete(ago(5))];
	runs.observe({ type: "deleted", object: job({ name: "ended", conditions }) });
	t.equal(runs.of("cron-uid")[0]?.conditions.length, 1);
	runs.observe({ type: "deleted", object: job({ name: "unfinished" }) });
	t.strictSame(runs.of("cron-uid")[1]?.conditions, [
		{
			type: "Failed",
			status: "True",
			reason: "JobDeleted",
			message:
				"it was deleted before it had ended, by somebody or, with concurrencyPolicy Replace, to make room for the next run",
			time: "2026-03-01T12:00:00Z",
		},
	]);
});
