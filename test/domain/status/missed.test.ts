// Runs that were due and never began.
import t from "tap";
import type { CronJob } from "../../../src/api/kubernetes.ts";
import { cronJobFacts } from "../../../src/domain/status/facts.ts";
import { missedRun } from "../../../src/domain/status/missed.ts";
import { summariseRuns } from "../../../src/domain/status/runs.ts";
import { ago, complete, event, failed, job, NOW } from "./samples.ts";

interface Sample {
	schedule?: string;
	timeZone?: string;
	suspend?: boolean;
	created?: string;
	changed?: [time: string, subresource?: string][];
	last?: string;
}

const cron = ({ schedule = "*/30 * * * *", created = ago(600), changed = [], ...rest }: Sample) =>
	cronJobFacts({
		metadata: {
			namespace: "default",
			name: "app1",
			uid: "cron-uid",
			creationTimestamp: created,
			managedFields: changed.map(([time, subresource]) => ({ time, subresource })),
		},
		spec: { schedule, timeZone: rest.timeZone, suspend: rest.suspend, concurrencyPolicy: "Forbid" },
		status: { lastScheduleTime: rest.last },
	} as unknown as CronJob);

/** Now is 12:00; a run of the usual schedule is due at that very moment, and counts as missed at 12:05. */
const rows: Record<string, [sample: Sample, missed: string | undefined, lookAgain: string | undefined]> = {
	"the last run was the last one due": [{ last: ago(30) }, undefined, "2026-03-01T12:05:00Z"],
	"just ran": [{ last: ago(0) }, undefined, "2026-03-01T12:35:00Z"],
	"one was due half an hour ago": [{ last: ago(60) }, "2026-03-01T11:30:00Z", undefined],
	"many were due: the first is named": [{ last: ago(600) }, "2026-03-01T02:30:00Z", undefined],
	"none ever ran since it was made": [{}, "2026-03-01T02:30:00Z", undefined],
	"made just now": [{ created: ago(1) }, undefined, "2026-03-01T12:05:00Z"],
	"changed since: it may catch up": [{ last: ago(90), changed: [[ago(2)]] }, undefined, "2026-03-01T12:03:00Z"],
	"changed before it was due": [{ last: ago(60), changed: [[ago(50)]] }, "2026-03-01T11:30:00Z", undefined],
	"its status is no change": [{ last: ago(60), changed: [[ago(1), "status"]] }, "2026-03-01T11:30:00Z", undefined],
	suspended: [{ suspend: true }, undefined, undefined],
	"a schedule that never fires": [{ schedule: "0 0 31 2 *" }, undefined, undefined],
	"a schedule that is none": [{ schedule: "x" }, undefined, undefined],
	"another time zone": [
		{ schedule: "0 12 * * *", timeZone: "Europe/Warsaw", last: ago(1500) },
		"2026-03-01T11:00:00Z",
		undefined,
	],
	"an interval": [{ schedule: "@every 10m", last: ago(16) }, "2026-03-01T11:54:00Z", undefined],
	"an interval, in time": [{ schedule: "@every 10m", last: ago(14) }, undefined, "2026-03-01T12:01:00Z"],
};

for (const [name, [sample, due, lookAgain]] of Object.entries(rows))
	t.test(name, async (t) => {
		const { trouble, lookAgainAt } = missedRun(cron(sample), NOW);
		t.equal(trouble?.reason, due === undefined ? undefined : "MissedSchedule");
		if (due !== undefined)
			t.equal(
				trouble?.message,
				`No run was started when one was due, at ${due}; see \`kubectl describe cronjob app1\`, and whether kube-controller-manager runs`,
			);
		t.equal(lookAgainAt?.toISOString(), lookAgain?.replace("Z", ".000Z"));
	});

t.test("a CronJob without times says nothing", async (t) => {
	t.same(missedRun(cronJobFacts({ spec: { schedule: "@daily" } } as CronJob), NOW), {});
	t.same(missedRun({ ...cron({ last: ago(600) }), changedTime: undefined }, NOW).trouble?.reason, "MissedSchedule");
});

const summarise = (more: Partial<Parameters<typeof summariseRuns>[0]>) =>
	summariseRuns({
		cronJob: cron({ last: ago(60) }),
		jobs: [],
		pods: [],
		events: [],
		previous: undefined,
		now: NOW,
		...more,
	});

t.test("in status: after what hangs, before what ended earlier", async (t) => {
	const done = job({ name: "done", created: ago(60), conditions: [complete(ago(50))] });
	const bad = job({ name: "bad", created: ago(60), conditions: [failed("BackoffLimitExceeded", ago(50))] });
	const missing = { status: "False", reason: "MissedSchedule", message: /^No run was started/ };
	t.match(summarise({ jobs: [done] }).condition, missing);
	t.match(summarise({ jobs: [bad] }).condition, missing);
	const refused = event("FailedCreate", "cron-uid", ago(1));
	t.match(summarise({ jobs: [done], events: [refused] }).condition, { reason: "FailedCreate" });
	const running = job({ name: "running", created: ago(60), active: 1 });
	t.match(summarise({ jobs: [running] }).condition, { reason: "NoRunYet" }, "Forbid skips what is due meanwhile");
	t.match(summarise({ cronJob: cron({ last: ago(30) }), jobs: [done] }), {
		condition: { status: "True" },
		lookAgainAt: new Date("2026-03-01T12:05:00Z"),
	});
});
