// What the API server accepts, and when the controller-manager runs it, asked of the very library that they use.

import t, { type Test } from "tap";
import { nextRun, parseSchedule } from "../../src/domain/schedule.ts";
import { isKnownTimeZone } from "../../src/domain/timezone.ts";
import { TIME_ZONE_NAMES } from "../../src/domain/timezone-names.ts";
import { type Answer, type Question, startJudge } from "../judge-cron/judge.ts";
import fc from "../property.ts";

const ours = ({ schedule: text, timeZone, after, count }: Question): Answer => {
	const parsed = parseSchedule(text);
	const knownZone = isKnownTimeZone(timeZone);
	const accepted = "schedule" in parsed;
	const runs: string[] = [];
	let at: Date | undefined = new Date(after);
	while (accepted && knownZone && runs.length < count) {
		at = nextRun(parsed.schedule, at, timeZone);
		if (at === undefined) break;
		runs.push(at.toISOString().replace(".000Z", "Z"));
	}
	return { accepted, knownZone, runs };
};

const judge = await startJudge();
t.teardown(() => judge.end());

const SCHEDULES = [
	"00 02 * * *",
	"* * * * *",
	"*/15 * * * *",
	"0 0 31 2 *",
	"0 0 29 2 *",
	"0 0 31 * *",
	"0 0 1 1 ?",
	"? ? ? ? ?",
	"0 12 ? JAN-MAR Mon,WED,fri",
	"0 12 13 * 5",
	"0 12 13 * */1",
	"0 12 13 * */2",
	"0 12 */2 * 1",
	"5/20 * * * *",
	"1-10/3,40-50/5 * * * *",
	"+5 2 * * *",
	"05 02 * * *",
	"0 0 * * 7",
	"0 0 * * 0-7",
	"0 0 L * *",
	"0 0 15W * *",
	"0 0 * * 5#2",
	"0 0 0 * * *",
	"0 0 * *",
	"",
	" ",
	"  0   2 * * *  ",
	"\t0\n2\u00a0*\u2003*\u0085*",
	"\ufeff0 2 * * *",
	"60 * * * *",
	"* 24 * * *",
	"* * 0 * *",
	"* * 32 * *",
	"* * * 13 *",
	"* * * 0 *",
	"* * * jan-dec *",
	"* * * january *",
	"* * * dec-jan *",
	"*/0 * * * *",
	"*/ * * * *",
	"*/5/5 * * * *",
	"*/60 * * * *",
	"*/jan * * * *",
	"* * * */jan *",
	"1-2-3 * * * *",
	"*-3 * * * *",
	"*-a-b * * * *",
	"5-1 * * * *",
	"-5 * * * *",
	"5- * * * *",
	"*/-5 * * * *",
	"1,,2 * * * *",
	"0 0 , * 1",
	"0 0 * * ,",
	"99999999999999999999 * * * *",
	"*/9223372036854774784 * * * *",
	"*/9223372036854775808 * * * *",
	"1.5 * * * *",
	"0x1 * * * *",
	"1_0 * * * *",
	"** * * * *",
	"*5 * * * *",
	"@yearly",
	"@annually",
	"@monthly",
	"@weekly",
	"@daily",
	"@midnight",
	"@hourly",
	"@reboot",
	"@Daily",
	"@daily ",
	" @daily",
	"@every",
	"@every ",
	"@every 90m",
	"@every 1h30m10s",
	"@every 1.5h",
	"@every .5h",
	"@every 1.h",
	"@every .h",
	"@every 500ms",
	"@every 1500ms",
	"@every 0",
	"@every 0s",
	"@every -5m",
	"@every +5m",
	"@every 5",
	"@every 5 m",
	"@every  5m",
	"@every 1d",
	"@every 1m1",
	"@every 1us1µs1μs1ns",
	"@every 2562047h47m16s",
	"@every 2562047h47m16.854775807s",
	"@every 2562047h47m16.854775808s",
	"@every -2562047h47m16.854775808s",
	"@every 2562048h",
	"@every 9223372036854775808ns",
	"@every 99999999999999999999h",
	"@every 0.99999999999999999999999h",
	"TZ=UTC 0 2 * * *",
	"CRON_TZ=Europe/Warsaw 0 2 * * *",
	"TZ=UTC",
	"30 2 * * *",
	"30 0 * * *",
	"30 23 * * *",
	"0 */6 * * *",
	"30 1 * * 0",
];

// Where clocks change: at midnight, by half an hour, in the other hemisphere, over the date line, and where they do not.
const ZONES = [
	"Etc/UTC",
	"Europe/Warsaw",
	"Europe/London",
	"America/New_York",
	"America/Sao_Paulo",
	"America/Havana",
	"America/Santiago",
	"Asia/Beirut",
	"Africa/Cairo",
	"Australia/Lord_Howe",
	"Asia/Kathmandu",
	"Pacific/Apia",
	"Pacific/Chatham",
];

// Just before changes of some of these zones, leap days and year ends. (Not the day that Apia left out in 2011: there
// robfig/cron itself never ends.)
const MOMENTS = [
	"2026-03-28T12:00:00Z",
	"2026-10-24T12:00:00Z",
	"2026-03-08T05:59:59Z",
	"2026-11-01T04:30:30Z",
	"2026-04-04T10:00:00Z",
	"2026-12-31T23:59:59Z",
	"2018-11-03T12:00:00Z",
	"2019-02-16T12:00:00Z",
	"2021-04-03T12:00:00Z",
	"2024-02-28T12:34:56Z",
];

/** What the runs of a schedule depend on, as a text: `@daily` and `0 0 * * *` have the same. Empty where it is not accepted. */
const meaningOf = (text: string): string[] => {
	const parsed = parseSchedule(text);
	if (!("schedule" in parsed)) return [];
	return [JSON.stringify(parsed.schedule, (_key, value) => (value instanceof Set ? [...value].sort() : value))];
};

const compare = async (test: Test, questions: readonly Question[]): Promise<void> => {
	const answers = await judge.ask(questions);
	for (const [index, question] of questions.entries()) {
		const found = ours(question);
		if (JSON.stringify(found) !== JSON.stringify(answers[index])) {
			test.same(found, answers[index], JSON.stringify(question));
		}
	}
	test.pass(`${questions.length} questions, the same answers`);
};

t.test(
	"every schedule of the table is accepted, refused and run as by Kubernetes, around clock changes",
	async (test) => {
		const [first = "", ...others] = MOMENTS;
		await compare(
			test,
			SCHEDULES.map((schedule) => ({ schedule, timeZone: "Etc/UTC", after: first, count: 10 })),
		);
		const accepted = [
			...new Map(SCHEDULES.flatMap((schedule) => meaningOf(schedule).map((key) => [key, schedule]))).values(),
		];
		for (const timeZone of ZONES) {
			const questions = accepted.flatMap((schedule) =>
				others.map((after) => ({ schedule, timeZone, after, count: 3 })),
			);
			await compare(test, questions);
		}
	},
);

t.test("a field of commas alone is accepted and matches nothing", async (test) => {
	const schedules = [", * * * *", "0 , * * *", "0 0 , * *", "0 0 * , *", "0 0 * * ,", "0 0 , * ,", "0 0 ,, * 1"];
	// One moment: Go tries every minute of five years.
	const at = { timeZone: "Etc/UTC", after: "2026-03-28T12:00:00Z", count: 1 };
	await compare(
		test,
		schedules.map((schedule) => ({ schedule, ...at })),
	);
});

t.test("time zones: the same names as Go, spelt exactly", async (test) => {
	const wrong = ["", "Local", "local", "LOCAL", "europe/warsaw", "UTC+1", "+01:00", "PST", "../etc/passwd", "Europe/"];
	const more = ["Europe", "/Europe/Warsaw", "Europe//Warsaw", "Mars/Phobos", "utc", "Etc/GMT+15", "Europe/Warsaw "];
	const names = [...TIME_ZONE_NAMES, ...wrong, ...more];
	await compare(
		test,
		names.map((timeZone) => ({ schedule: "0 2 * * *", timeZone, after: "2026-06-01T00:00:00Z", count: 1 })),
	);
	test.notOk(isKnownTimeZone("Factory"), "Go has it, but it means that no zone was set");
});

const FIELD = fc.oneof(
	fc.constantFrom("*", "?", "*/2", "*/7", "0", "30", "mon", "feb", "1-5", "2/3", "10-20/4", "7", "29-31", "L"),
	fc.stringMatching(/^[0-9*/?-][0-9*,/?-]{0,5}$/).filter((field) => !/^,+$/.test(field)),
);

t.test("any five fields, in any zone, at any time", async (test) => {
	const question = fc.record({
		schedule: fc.oneof(
			{ weight: 9, arbitrary: fc.tuple(FIELD, FIELD, FIELD, FIELD, FIELD).map((fields) => fields.join(" ")) },
			{ weight: 1, arbitrary: fc.stringMatching(/^@every [-+0-9.hmsuµn]{1,12}$/) },
		),
		timeZone: fc.constantFrom(...ZONES),
		after: fc
			.date({ min: new Date("2012-01-01"), max: new Date("2060-01-01"), noInvalidDate: true })
			.map((date) => date.toISOString().replace(/\.\d+Z$/, "Z")),
		count: fc.constant(2),
	});
	await compare(test, fc.sample(question, { numRuns: 1500 }));
});
