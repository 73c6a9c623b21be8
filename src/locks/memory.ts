// Locks within one process, for a replica that works alone. Nothing is lost and nobody else can hold one; a name that is
// taken twice means that two workers are at it, which the queue already prevents.
import { busyWait, type Locks } from "./locks.ts";

/** Milliseconds after which a name that is held is tried again: within a process a holder lets go soon. */
const RETRY = 1_000;

const NEVER = new AbortController().signal;

/** @param random 0 ≤ x < 1. */
export const memoryLocks = (random: () => number): Locks => {
	const held = new Set<string>();
	return {
		acquire: async (name) => {
			if (held.has(name)) return { type: "busy", retryAfter: busyWait(RETRY, random) };
			held.add(name);
			let released = false;
			const release = async (): Promise<void> => {
				if (!released) held.delete(name);
				released = true;
			};
			return { type: "held", lock: { signal: NEVER, release } };
		},
		checks: () => [],
		close: async () => undefined,
	};
};
