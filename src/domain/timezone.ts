// Time zones as a CronJob has them. The controller-manager computes with Go's database, we with the one in Node: the
// names are Go's, and the local clock is read through Intl.
import { TIME_ZONE_NAMES } from "./timezone-names.ts";

const SECOND = 1000;

/**
 * Whether a CronJob's `timeZone` may be this: an IANA name, spelt exactly; neither empty nor `Local`
 * (k8s.io/kubernetes/pkg/apis/batch/validation, validateTimeZone).
 */
export const isKnownTimeZone = (name: string): boolean => TIME_ZONE_NAMES.has(name);

/** A wall clock's reading, as if it were UTC: seconds since 1970. */
export type LocalSeconds = number;

/** A time zone's clock. All times are whole seconds since 1970. */
export interface LocalClock {
	/** What the wall clock shows at an instant. */
	local(instant: number): LocalSeconds;
	/**
	 * The instant at which the wall clock shows this, chosen as Go's time.Date does: what is skipped in spring is read with
	 * the offset before or after it, and of what is there twice in autumn, one is taken.
	 */
	instant(local: LocalSeconds): number;
}

const READING = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/;

/** Most schedules are in UTC, and a formatter takes longer to make than all that is asked of it. */
const UTC: LocalClock = { local: (instant) => instant, instant: (wall) => wall };
const UTC_NAMES: ReadonlySet<string> = new Set(["Etc/UTC", "UTC"]);

/** The clock of a known time zone; throws a RangeError for an unknown one. */
export const localClock = (timeZone: string): LocalClock => (UTC_NAMES.has(timeZone) ? UTC : formattingClock(timeZone));

const formattingClock = (timeZone: string): LocalClock => {
	const format = new Intl.DateTimeFormat("en-US", {
		timeZone,
		calendar: "gregory",
		numberingSystem: "latn",
		hourCycle: "h23",
		year: "numeric",
		month: "numeric",
		day: "numeric",
		hour: "numeric",
		minute: "numeric",
		second: "numeric",
	});
	const local = (instant: number): LocalSeconds => {
		const parts = (READING.exec(format.format(instant * SECOND)) as RegExpExecArray).map(Number);
		const [, month, day, year, hour, minute, second] = parts as [
			number,
			number,
			number,
			number,
			number,
			number,
			number,
		];
		return Date.UTC(year, month - 1, day, hour, minute, second) / SECOND;
	};
	const offset = (instant: number): number => local(instant) - instant;
	return {
		local,
		instant(wall) {
			// Go looks the wall clock up as if it were UTC, and takes no second look where that gives no offset at all.
			const first = offset(wall);
			return first === 0 ? wall : wall - offset(wall - first);
		},
	};
};
