import t from "tap";
import {
	forgetUnused,
	retireCronJob,
	retireScripts,
	type UnusedSince,
} from "../../../reconcilers/scheduledbackup/retire.ts";
import type { Context } from "../../../reconcilers/shared/context.ts";
import { CRON_JOB } from "../../../src/api/kinds.ts";
import type { CronJob, Job } from "../../../src/api/kubernetes.ts";
import type { DesiredObjects } from "../../../src/domain/desired.ts";
import { cronJobFacts } from "../../../src/domain/status/facts.ts";
import { ago, complete, job, NOW, scheduledBackup } from "../../domain/status/samples.ts";
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

t.test("a script that nobody reads goes after its grace; nothing is remembered of what has gone", async (t) => {
	const owner = scheduledBackup();
	const labels = { "riotkit.org/scheduled-backup": "app1" };
	const ownerReferences = [{ kind: "ScheduledBackup", name: "app1", uid: owner.metadata.uid, controller: true }];
	const script = (name: string) => ({
		metadata: { namespace: "default", name, uid: `${name}-uid`, labels, ownerReferences },
	});
	const unused: UnusedSince = new Map([["foreign-uid", { since: 0, owner: "default/another" }]]);
	const deleted: string[] = [];
	const retire = (seconds: number, ...names: string[]) => {
		const context = {
			kube: { delete: async (_kind: unknown, { name }: { name: string }) => void deleted.push(name) },
			now: () => new Date(NOW.getTime() + seconds * 1000),
			watches: { jobs: { byIndex: () => [] }, configMaps: { byIndex: () => names.map(script) } },
		} as unknown as Context;
		return retireScripts(context, owner, { configMaps: [] } as unknown as DesiredObjects, unused);
	};
	t.match(await retire(0, "a", "b"), { lookAgainIn: 10 });
	t.same([...unused.keys()], ["foreign-uid", "a-uid", "b-uid"]);
	t.match(await retire(4, "a"), { lookAgainIn: 6 });
	t.same([...unused.keys()], ["foreign-uid", "a-uid"], "somebody took b away");
	t.match(await retire(11, "a"), { lookAgainIn: undefined });
	t.same([deleted, [...unused.keys()]], [["a"], ["foreign-uid"]]);
	await retire(20, "c");
	forgetUnused(unused, "default/app1");
	t.same([...unused.keys()], ["foreign-uid"], "the ScheduledBackup went while c waited");
});
