// When a schedule fires next, hour by hour as robfig/cron's SpecSchedule.Next walks there, clock changes included: a run
// that the controller-manager skips in spring must not be promised by our NEXT column.
import type { CalendarSchedule, Schedule } from "./schedule.ts";
import { type LocalClock, localClock } from "./timezone.ts";

const MILLISECONDS = 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const MAX_YEARS = 5;
const NOON = 12;

/** What a wall clock shows at an instant. */
interface Reading {
	/** Seconds since 1970. */
	instant: number;
	year: number;
	/** From 1. */
	month: number;
	day: number;
	hour: number;
	minute: number;
	/** 0 is Sunday. */
	weekday: number;
}

/** What the steps share: the rule, the clock, and whether a field was moved already (then the smaller ones are 0). */
interface Walk {
	readonly schedule: CalendarSchedule;
	readonly clock: LocalClock;
	moved: boolean;
}

/** What a step says: a reading whose field matches, or that a larger field turned over and must be looked at again. */
type Step = { reading: Reading; wrapped: boolean };

const readingAt = (clock: LocalClock, instant: number): Reading => {
	const date = new Date(clock.local(instant) * MILLISECONDS);
	return {
		instant,
		year: date.getUTCFullYear(),
		month: date.getUTCMonth() + 1,
		day: date.getUTCDate(),
		hour: date.getUTCHours(),
		minute: date.getUTCMinutes(),
		weekday: date.getUTCDay(),
	};
};

/** Go's time.Date: parts beyond their range turn over into the larger ones. */
const readingOf = (clock: LocalClock, year: number, month: number, day: number, hour = 0): Reading =>
	readingAt(clock, clock.instant(Date.UTC(year, month - 1, day, hour) / MILLISECONDS));

const dayMatches = ({ dayOfMonth, dayOfWeek }: CalendarSchedule, { day, weekday }: Reading): boolean => {
	const inMonth = dayOfMonth.matches.has(day);
	const inWeek = dayOfWeek.matches.has(weekday);
	return dayOfMonth.star || dayOfWeek.star ? inMonth && inWeek : inMonth || inWeek;
};

const toMonth = (walk: Walk, start: Reading): Step => {
	let reading = start;
	while (!walk.schedule.month.matches.has(reading.month)) {
		if (!walk.moved) reading = readingOf(walk.clock, reading.year, reading.month, 1);
		walk.moved = true;
		// AddDate keeps the clock's hour, which is not 0 where midnight was skipped.
		reading = nextDate(walk.clock, reading, 1, 0);
		if (reading.month === 1) return { reading, wrapped: true };
	}
	return { reading, wrapped: false };
};

const nextDate = (clock: LocalClock, { instant }: Reading, months: number, days: number): Reading => {
	const wall = new Date(clock.local(instant) * MILLISECONDS);
	wall.setUTCMonth(wall.getUTCMonth() + months, wall.getUTCDate() + days);
	return readingAt(clock, clock.instant(wall.getTime() / MILLISECONDS));
};

const toDay = (walk: Walk, start: Reading): Step => {
	let reading = start;
	while (!dayMatches(walk.schedule, reading)) {
		if (!walk.moved) reading = readingOf(walk.clock, reading.year, reading.month, reading.day);
		walk.moved = true;
		reading = toMidnight(walk.clock, nextDate(walk.clock, reading, 0, 1));
		if (reading.day === 1) return { reading, wrapped: true };
	}
	return { reading, wrapped: false };
};

/** Where the clock change leaves no midnight, or one hour off it, robfig/cron moves by whole hours. */
const toMidnight = (clock: LocalClock, reading: Reading): Reading => {
	if (reading.hour === 0) return reading;
	const hours = reading.hour > NOON ? 24 - reading.hour : -reading.hour;
	return readingAt(clock, reading.instant + hours * HOUR);
};

const toHour = (walk: Walk, start: Reading): Step => {
	let reading = start;
	while (!walk.schedule.hour.matches.has(reading.hour)) {
		if (!walk.moved) reading = readingOf(walk.clock, reading.year, reading.month, reading.day, reading.hour);
		walk.moved = true;
		reading = readingAt(walk.clock, reading.instant + HOUR);
		if (reading.hour === 0) return { reading, wrapped: true };
	}
	return { reading, wrapped: false };
};

const toMinute = (walk: Walk, start: Reading): Step => {
	let reading = start;
	while (!walk.schedule.minute.matches.has(reading.minute)) {
		const from = walk.moved ? reading.instant : Math.floor(reading.instant / MINUTE) * MINUTE;
		walk.moved = true;
		reading = readingAt(walk.clock, from + MINUTE);
		if (reading.minute === 0) return { reading, wrapped: true };
	}
	return { reading, wrapped: false };
};

/** The seconds must be 0: on to the next minute, or to where it already is. */
const toSecond = (walk: Walk, reading: Reading): Step => {
	const past = ((walk.clock.local(reading.instant) % MINUTE) + MINUTE) % MINUTE;
	if (past === 0) return { reading, wrapped: false };
	walk.moved = true;
	const next = readingAt(walk.clock, reading.instant + MINUTE - past);
	return { reading: next, wrapped: true };
};

const STEPS = [toMonth, toDay, toHour, toMinute, toSecond];

const walkOnce = (walk: Walk, start: Reading): Step => {
	let reading = start;
	for (const step of STEPS) {
		const result = step(walk, reading);
		if (result.wrapped) return result;
		reading = result.reading;
	}
	return { reading, wrapped: false };
};

const nextCalendarRun = (schedule: CalendarSchedule, after: number, clock: LocalClock): number | undefined => {
	// `,` is a field that matches nothing: five years of minutes need not be looked at to know.
	if ([schedule.minute, schedule.hour, schedule.month].some(({ matches }) => matches.size === 0)) return undefined;
	const walk: Walk = { schedule, clock, moved: false };
	let step: Step = { reading: readingAt(clock, after + 1), wrapped: true };
	const lastYear = step.reading.year + MAX_YEARS;
	while (step.wrapped) {
		if (step.reading.year > lastYear) return undefined;
		step = walkOnce(walk, step.reading);
	}
	return step.reading.instant;
};

/**
 * The first run after an instant, as the controller-manager computes it.
 * @param timeZone a name for which `isKnownTimeZone` holds; throws a RangeError otherwise
 * @returns undefined where there is none within five years (`0 0 31 2 *`): it never fires
 */
export const nextRun = (schedule: Schedule, after: Date, timeZone: string): Date | undefined => {
	const seconds = Math.floor(after.getTime() / MILLISECONDS);
	if (schedule.kind === "interval") return new Date((seconds + schedule.seconds) * MILLISECONDS);
	const next = nextCalendarRun(schedule, seconds, localClock(timeZone));
	return next === undefined ? undefined : new Date(next * MILLISECONDS);
};
