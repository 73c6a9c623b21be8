// Schedules and time zones, as far as the object's own checks go; what is accepted is tested with the parser.
import t from "tap";
import { validateSchedule } from "../../../src/domain/validate/schedule.ts";
import { errorsOf, plainBackup } from "../../fixtures/seed.ts";

t.test("schedules", async (t) => {
	const report = (cronJob: unknown) => validateSchedule(plainBackup({ cronJob }));
	t.same(report(undefined), { errors: [], warnings: [] });
	t.same(report({}), { errors: [], warnings: [] });
	t.match(errorsOf(report({ scheduleEvery: "0 25 * * *" })), [
		/^spec.cronJob.scheduleEvery: "0 25 \* \* \*" is no schedule: /,
	]);
	t.same(errorsOf(report({ timeZone: "Mars/Base" })), ['spec.cronJob.timeZone: unknown time zone "Mars/Base"']);
	t.same(report({ scheduleEvery: "0 0 31 2 *", enabled: false }).warnings, [
		'spec.cronJob.scheduleEvery: "0 0 31 2 *" never fires: there is no such date',
	]);
	t.same(report({ scheduleEvery: "0 0 29 2 *" }).warnings, []);
	t.same(report({ scheduleEvery: "@every 59s" }).warnings, [
		'spec.cronJob.scheduleEvery: "@every 59s" runs more often than once a minute',
	]);
	t.same(report({ scheduleEvery: "@every 1m" }).warnings, []);
	t.equal(report({ scheduleEvery: "x", timeZone: "y" }).errors.length, 2);
});

t.test("restores that could overlap", async (t) => {
	const warnings = (operation: string, concurrencyPolicy?: string) =>
		validateSchedule(plainBackup({ operation, cronJob: { concurrencyPolicy } })).warnings;
	t.same(warnings("restore", "Allow"), [
		"spec.cronJob.concurrencyPolicy: Allow lets two restores run at once; Forbid is safe",
	]);
	t.same(warnings("restore", "Replace"), [
		"spec.cronJob.concurrencyPolicy: Replace cuts a running restore off for the next one; Forbid is safe",
	]);
	t.same([warnings("restore", "Forbid"), warnings("restore"), warnings("backup", "Allow")], [[], [], []]);
});
