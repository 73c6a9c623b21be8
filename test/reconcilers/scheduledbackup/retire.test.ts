import t from "tap";
import { retireCronJob } from "../../../reconcilers/scheduledbackup/retire.ts";
import type { Context } from "../../../reconcilers/shared/context.ts";
import { CRON_JOB } from "../../../src/api/kinds.ts";
import type { CronJob, Job } from "../../../src/api/kubernetes.ts";
import { cronJobFacts } from "../../../src/domain/status/facts.ts";
import { ago, complete, job, NOW } from "../../domain/status/samples.ts";
import { createWorld } from "../world.ts";

/** A world with a CronJob of ours, and the Jobs that the API server has. */
const setUp = (schedule: string, jobs: object[] = []) => {
	const world = createWorld();
	const labels = { "riotkit.org/scheduled-backup": "app1" };
	const metadata = { namespace: "default", name: "app1", uid: "cron-uid", labels, creationTimestamp: ago(0) };
	const stored = world.put(CRON_JOB, { metadata, spec: { schedule, suspend: false } } as unknown as CronJob);
	const kube = { ...world.kube, list: async () => jobs as never };
	const context = { kube, now: () => NOW, watches: { cronJobs: { wrote: () => undefined } } } as unknown as Context;
	return { world, retire: (seen = job()) => retireCronJob(context, cronJobFacts(stored), [seen]) };
};
const ended = job({ name: "ended", conditions: [complete()] });
const owned = (conditions: object[]): Job =>
	({
		metadata: {
			name: "unseen",
			ownerReferences: [{ kind: "CronJob", name: "app1", uid: "cron-uid", controller: true }],
		},
		status: { conditions },
	}) as unknown as Job;

t.test("an idle CronJob that is not about to fire is suspended and deleted", async (t) => {
	const { world, retire } = setUp("0 0 1 1 *", [owned([{ type: "Complete", status: "True" }])]);
	t.strictSame(await retire(ended), {});
	t.strictSame(world.writes, ["patch cronjobs app1", "delete cronjobs app1"]);
});

t.test("it stays for runs, those that no watch tells of too, and for one that may yet start", async (t) => {
	const known = setUp("0 0 1 1 *");
	t.match(await known.retire(), { note: /goes when Job "job1" has ended/ });
	const unseen = setUp("0 0 1 1 *", [owned([])]);
	t.match(await unseen.retire(ended), { note: /goes when Job "unseen" has ended/ });
	const due = setUp("@every 1s");
	t.match(await due.retire(ended), { note: /in case a run that was due still starts/, lookAgainIn: 11 });
	for (const { world } of [known, unseen, due]) t.strictSame(world.writes, ["patch cronjobs app1"]);
});
