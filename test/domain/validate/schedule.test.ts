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
	t.equal(report({ scheduleEvery: "x", timeZone: "y" }).errors.length, 2);
});
