// For how long a run of a suspended CronJob may still start.
import t from "tap";
import { unsettledFor } from "../../../reconcilers/requestedbackupaction/quiet.ts";
import type { CronJob } from "../../../src/api/kubernetes.ts";

const NOW = new Date("2026-01-01T12:00:00Z");
const CREATED = "2026-01-01T00:30:00Z";

/** Suspended 4 s ago: 7 of the 11 s remain. */
const suspended = (spec: object | undefined, lastScheduleTime?: string): CronJob =>
	({
		metadata: {
			creationTimestamp: CREATED,
			managedFields: [
				{ time: "2026-01-01T11:59:56Z" },
				{ time: "2026-01-01T11:59:59Z", subresource: "status" },
				{ time: "not a time" },
			],
		},
		spec,
		status: lastScheduleTime === undefined ? {} : { lastScheduleTime },
	}) as unknown as CronJob;

const cases: [name: string, cronJob: CronJob, seconds: number][] = [
	["a run is missing since the creation", suspended({ schedule: "0 1 * * *" }), 7],
	["the last run is recorded", suspended({ schedule: "0 1 * * *" }, "2026-01-01T01:00:00Z"), 0],
	["a run is due in 0 s", suspended({ schedule: "0 12 * * *" }, "2025-12-31T12:00:00Z"), 7],
	["a run is due in a minute", suspended({ schedule: "1 12 * * *" }, "2025-12-31T12:01:00Z"), 0],
	["the time zone counts", suspended({ schedule: "0 13 * * *", timeZone: "Europe/Warsaw" }), 7],
	["an invalid schedule may mean any time", suspended({ schedule: "never" }), 7],
	["no schedule may mean any time", suspended({}), 7],
	["no spec may mean any time", suspended(undefined), 7],
];

for (const [name, cronJob, seconds] of cases)
	t.test(name, (t) => {
		t.equal(unsettledFor(cronJob, NOW), seconds);
		t.end();
	});

t.test("without notes of changes, the creation counts", (t) => {
	const cronJob = { metadata: { creationTimestamp: "2026-01-01T11:59:58Z" }, spec: {} } as unknown as CronJob;
	t.equal(unsettledFor(cronJob, NOW), 9);
	t.end();
});
