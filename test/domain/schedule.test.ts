// The words and the edges; that acceptance and times are Kubernetes' own is asked of its library in schedule.judge.test.ts.

import t from "tap";
import { nextRun, parseSchedule } from "../../src/domain/schedule.ts";
import { parseGoDuration } from "../../src/domain/schedule-duration.ts";
import { isKnownTimeZone, localClock } from "../../src/domain/timezone.ts";
import fc from "../property.ts";

const error = (text: string): string | undefined => {
	const parsed = parseSchedule(text);
	return "error" in parsed ? parsed.error : undefined;
};

const next = (text: string, after: string, timeZone = "Etc/UTC"): string | undefined => {
	const parsed = parseSchedule(text);
	if ("error" in parsed) throw new Error(parsed.error);
	return nextRun(parsed.schedule, new Date(after), timeZone)?.toISOString();
};

t.test("what is wrong is said in words", async (test) => {
	const FIELDS = "minute, hour, day of month, month, day of week";
	const table: [text: string, wanted: string][] = [
		["", `found 0 fields where 5 are needed: ${FIELDS}`],
		["0 2 * *", `found 4 fields where 5 are needed: ${FIELDS}`],
		["0 0 2 * * *", `found 6 fields where 5 are needed: ${FIELDS}; seconds and years are not supported`],
		["TZ=UTC 0 2 * * *", "TZ= and CRON_TZ= are not allowed in a schedule; use timeZone instead"],
		["CRON_TZ=UTC 0 2 * * *", "TZ= and CRON_TZ= are not allowed in a schedule; use timeZone instead"],
		["0 0 * * 7", 'day of week "7" is outside of 0-6 (Sunday is 0)'],
		["60 * * * *", 'minute "60" is outside of 0-59'],
		[
			"61 25 1 x 7",
			'minute "61" is outside of 0-59, hour "25" is outside of 0-23, month "x" is not understood, day of week "7" is outside of 0-6 (Sunday is 0)',
		],
		["* * 0 * *", 'day of month "0" is outside of 1-31'],
		["0 0 L * *", 'day of month "L" is not understood: L, W and # are not supported'],
		["0 0 * * mon#1", 'day of week "mon#1" is not understood: L, W and # are not supported'],
		["x * * * *", 'minute "x" is not understood'],
		["1-2-3 * * * *", 'minute "1-2-3" has more than one hyphen'],
		["*/2/3 * * * *", 'minute "*/2/3" has more than one slash'],
		["*/0 * * * *", 'minute "*/0" has a step of 0'],
		["*/-2 * * * *", 'minute "*/-2" has a negative number'],
		["5-1 * * * *", 'minute "5-1" ends before it begins'],
		[
			"@reboot",
			'unknown schedule "@reboot"; known are @yearly @annually @monthly @weekly @daily @midnight @hourly @every',
		],
		["@every 1d", '"1d" is no duration; write it like 90m or 1h30m'],
		[`${"1".repeat(40)} * * * *`, `minute "${"1".repeat(40)}" is not understood`],
		[`${"1".repeat(50)} * * * *`, `minute "${"1".repeat(40)}…" is not understood`],
	];
	for (const [text, wanted] of table) test.equal(error(text), wanted, text);
	test.equal(error("00 02 * * *"), undefined);
});

t.test("durations are Go's", async (test) => {
	const table: [text: string, wanted: bigint | undefined][] = [
		["90m", 5_400_000_000_000n],
		["1h30m", 5_400_000_000_000n],
		["1.5h", 5_400_000_000_000n],
		["-1.5s", -1_500_000_000n],
		["+.5us", 500n],
		["0", 0n],
		["1ns1µs1μs", 2001n],
		["", undefined],
		["-", undefined],
		["5", undefined],
		[".s", undefined],
		["1d", undefined],
		["1h ", undefined],
		["9223372036854775807ns", 2n ** 63n - 1n],
		["9223372036854775808ns", undefined],
		["-9223372036854775808ns", -(2n ** 63n)],
		["9223372036854775809ns", undefined],
		["0.9999999999999999999999s", 1_000_000_000n],
	];
	for (const [text, wanted] of table) test.equal(parseGoDuration(text), wanted, text);
});

t.test("the next run", async (test) => {
	const table: [name: string, schedule: string, after: string, timeZone: string, wanted: string | undefined][] = [
		["later today", "00 02 * * *", "2026-01-01T01:00:00Z", "Etc/UTC", "2026-01-01T02:00:00.000Z"],
		["never the same moment", "00 02 * * *", "2026-01-01T02:00:00Z", "Etc/UTC", "2026-01-02T02:00:00.000Z"],
		["milliseconds do not count", "* * * * *", "2026-01-01T00:00:59.999Z", "Etc/UTC", "2026-01-01T00:01:00.000Z"],
		["within the hour", "*/15 * * * *", "2026-01-01T00:01:30Z", "Etc/UTC", "2026-01-01T00:15:00.000Z"],
		["names and ranges", "5-59/20 0 * feb-MAR sat,Sun", "2026-01-01T00:00:00Z", "Etc/UTC", "2026-02-01T00:05:00.000Z"],
		["from a number on", "50/5 * * * *", "2026-01-01T00:00:00Z", "Etc/UTC", "2026-01-01T00:50:00.000Z"],
		["a descriptor", "@weekly", "2026-01-01T00:00:00Z", "Etc/UTC", "2026-01-04T00:00:00.000Z"],
		["over the year's end", "0 0 1 1 *", "2026-02-03T00:00:00Z", "Etc/UTC", "2027-01-01T00:00:00.000Z"],
		["in a zone", "00 02 * * *", "2026-01-01T00:00:00Z", "Europe/Warsaw", "2026-01-01T01:00:00.000Z"],
		["skipped in spring", "30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Warsaw", "2026-03-30T00:30:00.000Z"],
		["once in autumn", "30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Warsaw", "2026-10-25T00:30:00.000Z"],
		["midnight that is skipped", "0 12 * * *", "2018-11-03T16:00:00Z", "America/Sao_Paulo", "2018-11-04T14:00:00.000Z"],
		[
			"the first of a month behind a skipped midnight",
			"0 0 5 11 *",
			"2018-11-01T00:00:00Z",
			"America/Sao_Paulo",
			"2018-11-05T02:00:00.000Z",
		],
		["midnight twice", "0 0 18 2 *", "2018-02-16T00:00:00Z", "America/Sao_Paulo", "2018-02-18T03:00:00.000Z"],
		["leap day", "0 0 29 2 *", "2026-01-01T00:00:00Z", "Etc/UTC", "2028-02-29T00:00:00.000Z"],
		["never", "0 0 31 2 *", "2026-01-01T00:00:00Z", "Etc/UTC", undefined],
		["no minute at all", ", * * * *", "2026-01-01T00:00:00Z", "Etc/UTC", undefined],
		["day of month or of week", "0 0 13 * 5", "2026-01-03T00:00:00Z", "Etc/UTC", "2026-01-09T00:00:00.000Z"],
		["an interval", "@every 90m", "2026-01-01T00:00:00.500Z", "Etc/UTC", "2026-01-01T01:30:00.000Z"],
		["an interval under a second", "@every 10ms", "2026-01-01T00:00:00Z", "Etc/UTC", "2026-01-01T00:00:01.000Z"],
		["before 1970", "0 2 * * *", "1969-12-31T01:59:59.5Z", "Etc/UTC", "1969-12-31T02:00:00.000Z"],
	];
	for (const [name, schedule, after, timeZone, wanted] of table) {
		test.equal(next(schedule, after, timeZone), wanted, name);
	}
	test.throws(() => next("* * * * *", "2026-01-01T00:00:00Z", "Mars/Phobos"), RangeError);
});

t.test("no text makes it throw", async (test) => {
	const property = fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[@*,/0-9a-z -]{0,30}$/)), (text) => {
		const parsed = parseSchedule(text);
		return "schedule" in parsed !== "error" in parsed;
	});
	test.doesNotThrow(() => fc.assert(property));
});

t.test("time zones", async (test) => {
	for (const name of ["Etc/UTC", "UTC", "Europe/Warsaw", "US/Eastern", "EST5EDT"]) test.ok(isKnownTimeZone(name), name);
	for (const name of ["", "Local", "europe/warsaw", "Mars/Phobos", "+01:00", "Factory"]) {
		test.notOk(isKnownTimeZone(name), name || "empty");
	}
	const warsaw = localClock("Europe/Warsaw");
	const noon = Date.UTC(2026, 6, 1, 12) / 1000;
	test.equal(warsaw.local(noon), noon + 7200);
	test.equal(warsaw.instant(noon + 7200), noon);
});
