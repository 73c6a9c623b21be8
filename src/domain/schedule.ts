// A CronJob's schedule, read exactly as the API server reads it (github.com/robfig/cron/v3, ParseStandard): what we take
// and it refuses would fail only when the CronJob is written, after `kubectl apply` has said yes.
import { parseGoDuration } from "./schedule-duration.ts";

export { nextRun } from "./schedule-next.ts";

/** One of the five fields: the numbers that match. */
export interface ScheduleField {
	readonly matches: ReadonlySet<number>;
	/** Whether `*` or `?` was among them: then the days of the month and of the week must match both. */
	readonly star: boolean;
}

export interface CalendarSchedule {
	readonly kind: "calendar";
	readonly minute: ScheduleField;
	readonly hour: ScheduleField;
	/** From 1. */
	readonly dayOfMonth: ScheduleField;
	/** From 1. */
	readonly month: ScheduleField;
	/** 0 is Sunday. */
	readonly dayOfWeek: ScheduleField;
}

export interface IntervalSchedule {
	readonly kind: "interval";
	/** Whole seconds, at least 1. */
	readonly seconds: number;
}

export type Schedule = CalendarSchedule | IntervalSchedule;

interface Bounds {
	name: string;
	min: number;
	max: number;
	/** Of the numbers from `min` on, where they have any. */
	names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MINUTE: Bounds = { name: "minute", min: 0, max: 59, names: [] };
const HOUR: Bounds = { name: "hour", min: 0, max: 23, names: [] };
const DAY_OF_MONTH: Bounds = { name: "day of month", min: 1, max: 31, names: [] };
const MONTH: Bounds = { name: "month", min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: Bounds = { name: "day of week", min: 0, max: 6, names: DAYS };
const FIELDS = [MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK] as const;

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
	["@yearly", "0 0 1 1 *"],
	["@annually", "0 0 1 1 *"],
	["@monthly", "0 0 1 * *"],
	["@weekly", "0 0 * * 0"],
	["@daily", "0 0 * * *"],
	["@midnight", "0 0 * * *"],
	["@hourly", "0 * * * *"],
]);
const EVERY = "@every ";
const NANOSECONDS = 1_000_000_000n;
/** What Go's strings.Fields splits at: U+0085 is white space to it, U+FEFF is not. */
const WHITE_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const NUMBER = /^[-+]?[0-9]+$/;
const TOO_LARGE = 2 ** 63;

/** Thrown inside of this file, and made a value at its border. */
class ScheduleMistake extends Error {}

/**
 * Reads a schedule: five fields with names, steps, ranges and `?`; `@daily` and its kin; `@every` with a Go duration.
 * @returns the schedule, or what is wrong with it in one sentence
 */
export const parseSchedule = (text: string): { schedule: Schedule } | { error: string } => {
	if (text.includes("TZ")) return { error: "TZ= and CRON_TZ= are not allowed in a schedule; use timeZone instead" };
	try {
		return { schedule: text.startsWith("@") ? parseDescriptor(text) : parseFields(text) };
	} catch (mistake) {
		return { error: (mistake as ScheduleMistake).message };
	}
};

const parseDescriptor = (text: string): Schedule => {
	const fields = DESCRIPTORS.get(text);
	if (fields !== undefined) return parseFields(fields);
	if (!text.startsWith(EVERY)) {
		throw new ScheduleMistake(`unknown schedule ${quote(text)}; known are ${[...DESCRIPTORS.keys()].join(" ")} @every`);
	}
	const duration = parseGoDuration(text.slice(EVERY.length));
	if (duration === undefined) {
		throw new ScheduleMistake(`${quote(text.slice(EVERY.length))} is no duration; write it like 90m or 1h30m`);
	}
	return { kind: "interval", seconds: duration < NANOSECONDS ? 1 : Number(duration / NANOSECONDS) };
};

const parseFields = (text: string): CalendarSchedule => {
	const fields = text.split(WHITE_SPACE).filter((field) => field !== "");
	if (fields.length !== FIELDS.length) {
		const names = FIELDS.map(({ name }) => name).join(", ");
		const seconds = fields.length === FIELDS.length + 1 ? "; seconds and years are not supported" : "";
		throw new ScheduleMistake(`found ${fields.length} fields where 5 are needed: ${names}${seconds}`);
	}
	const [minute, hour, dayOfMonth, month, dayOfWeek] = parseEach(fields);
	return { kind: "calendar", minute, hour, dayOfMonth, month, dayOfWeek };
};

/** All five, so that of several mistakes none is left for later. */
const parseEach = (
	texts: readonly string[],
): [ScheduleField, ScheduleField, ScheduleField, ScheduleField, ScheduleField] => {
	const mistakes: string[] = [];
	const fields = FIELDS.map((bounds, index) => {
		try {
			return parseField(texts[index] as string, bounds);
		} catch (mistake) {
			mistakes.push((mistake as ScheduleMistake).message);
			return undefined;
		}
	});
	if (mistakes.length > 0) throw new ScheduleMistake(mistakes.join(", "));
	return fields as [ScheduleField, ScheduleField, ScheduleField, ScheduleField, ScheduleField];
};

/** `1,5-9/2`: the ranges between commas; without any (`,`) the field matches nothing, as in robfig/cron. */
const parseField = (text: string, bounds: Bounds): ScheduleField => {
	const ranges = text
		.split(",")
		.filter((range) => range !== "")
		.map((range) => parseRange(range, bounds));
	return {
		matches: new Set(ranges.flatMap(({ numbers }) => numbers)),
		star: ranges.some(({ star }) => star),
	};
};

const parseRange = (text: string, bounds: Bounds): { numbers: number[]; star: boolean } => {
	const [range, stepText, ...furtherSteps] = text.split("/") as [string, ...string[]];
	if (furtherSteps.length > 0) throw mistake(bounds, text, "has more than one slash");
	const { low, high, star } = parseEnds(range, text, stepText !== undefined, bounds);
	const step = stepText === undefined ? 1 : parseNumber(stepText, text, bounds);
	if (low < bounds.min || high > bounds.max) {
		const week = bounds === DAY_OF_WEEK ? " (Sunday is 0)" : "";
		throw mistake(bounds, text, `is outside of ${bounds.min}-${bounds.max}${week}`);
	}
	if (low > high) throw mistake(bounds, text, "ends before it begins");
	if (step === 0) throw mistake(bounds, text, "has a step of 0");
	const numbers: number[] = [];
	for (let number = low; number <= high; number += step) numbers.push(number);
	return { numbers, star: star && step === 1 };
};

const parseEnds = (range: string, text: string, hasStep: boolean, bounds: Bounds) => {
	const [from, to, ...further] = range.split("-") as [string, ...string[]];
	// robfig/cron looks no further once it has seen `*`: `*-3` is `*`.
	if (from === "*" || from === "?") return { low: bounds.min, high: bounds.max, star: true };
	const low = parseEnd(from, text, bounds);
	if (further.length > 0) throw mistake(bounds, text, "has more than one hyphen");
	if (to !== undefined) return { low, high: parseEnd(to, text, bounds), star: false };
	return { low, high: hasStep ? bounds.max : low, star: false };
};

/** An end of a range: a name or a number. */
const parseEnd = (text: string, whole: string, bounds: Bounds): number => {
	const named = bounds.names.indexOf(text.toLowerCase());
	return named >= 0 ? bounds.min + named : parseNumber(text, whole, bounds);
};

const parseNumber = (text: string, whole: string, bounds: Bounds): number => {
	const number = Number(text);
	// Go's Atoi takes no more than an int64; the last one that a double holds below that bound is far above any field.
	if (!NUMBER.test(text) || number >= TOO_LARGE) throw mistake(bounds, whole, `is not understood${hintFor(text)}`);
	if (number < 0) throw mistake(bounds, whole, "has a negative number");
	return number;
};

const hintFor = (text: string): string => (/[LW#]/i.test(text) ? ": L, W and # are not supported" : "");

const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

const mistake = (bounds: Bounds, text: string, what: string): ScheduleMistake =>
	new ScheduleMistake(`${bounds.name} ${quote(text)} ${what}`);
