import t from "tap";
import type { CronJob } from "../../../src/api/kubernetes.ts";
import { cronJobFacts } from "../../../src/domain/status/facts.ts";
import { nextScheduleTime } from "../../../src/domain/status/schedule.ts";
import { NOW } from "./samples.ts";

const next = (spec: object, status: object = {}, created: string | null = "2026-03-01T00:00:00Z"): string | undefined =>
	nextScheduleTime(
		cronJobFacts({
			metadata: created === null ? {} : { creationTimestamp: created },
			spec,
			status,
		} as unknown as CronJob),
		NOW,
	);

t.test("when a CronJob runs next", async (t) => {
	t.equal(nextScheduleTime(undefined, NOW), undefined, "no CronJob");
	t.equal(next({ schedule: "00 02 * * *", suspend: true }), undefined, "suspended");
	t.equal(next({ schedule: "not one" }), undefined, "no schedule");
	t.equal(next({ schedule: "0 0 31 2 *", timeZone: "Etc/UTC" }), undefined, "never fires");
	t.equal(next({ schedule: "00 02 * * *", timeZone: "Etc/UTC" }), "2026-03-02T02:00:00Z");
	t.equal(next({ schedule: "00 02 * * *" }), "2026-03-02T02:00:00Z", "UTC where nothing is said");
	t.equal(next({ schedule: "00 02 * * *", timeZone: "Europe/Warsaw" }), "2026-03-02T01:00:00Z");
});

t.test("@every counts from the last run, else from the CronJob's making", async (t) => {
	t.equal(next({ schedule: "@every 90m" }, { lastScheduleTime: "2026-03-01T11:00:00Z" }), "2026-03-01T12:30:00Z");
	t.equal(next({ schedule: "@every 90m" }), "2026-03-01T13:30:00Z");
	t.equal(next({ schedule: "@every 60m" }), "2026-03-01T13:00:00Z", "not now, the next");
	t.equal(next({ schedule: "@every 90m" }, {}, null), "2026-03-01T13:30:00Z");
});
