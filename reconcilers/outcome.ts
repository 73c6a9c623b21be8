// What a reconcile may answer. Three values, so that a reconciler never touches the queue and the rules of trying
// again stand in one place (controller.ts). A failure of the world is thrown instead, as a typed error.
import type { Report } from "../src/domain/report.ts";

/** The cluster is as it should be; the next change of an input comes by a watch. */
export interface Done {
	readonly type: "done";
}

/** To be looked at again at a known time, though nothing failed: a schedule, a deadline. */
export interface Requeue {
	readonly type: "requeue";
	/** Seconds. */
	readonly after: number;
	/** For the log: `waits for the key`. No user data. */
	readonly why: string;
}

/** The user's object is wrong: it is in its status; trying again would change nothing until an input does. */
export interface Invalid {
	readonly type: "invalid";
	readonly report: Report;
}

export type Outcome = Done | Requeue | Invalid;

export const done: Done = Object.freeze({ type: "done" });

/** @param after seconds. */
export const requeue = (after: number, why: string): Requeue => ({ type: "requeue", after, why });

export const invalid = (report: Report): Invalid => ({ type: "invalid", report });
