// The port for locks: one replica at a time works on an object. They save work and conflicts; correctness never rests on
// them (a lock can be lost at any moment: the API server's resourceVersions are what refuses a stale writer).

/** A lock that this process holds, or does without. */
export interface Lock {
	/** Aborts when it is lost: somebody else may be at it. */
	readonly signal: AbortSignal;
	/** Lets others have it. Never throws; does nothing to a lock that somebody else holds by now. */
	release(): Promise<void>;
}

export type Acquisition =
	| { type: "held"; lock: Lock }
	/** Somebody else works on it. Look again after so many seconds, jittered, at most what the lock has left. */
	| { type: "busy"; retryAfter: number }
	/** Nobody can tell: go on without. */
	| { type: "unknown"; lock: Lock };

export interface Locks {
	/**
	 * Tries once, within a short bounded time. Never throws.
	 * @param name of the object, the same for all replicas.
	 */
	acquire(name: string): Promise<Acquisition>;
	/** A line of /readyz for what is asked; none where nothing is. Always ok: work goes on without locks. */
	checks(): { name: string; ok: boolean; detail?: string }[];
	/** Lets go of every connection; what is still held is left to expire. */
	close(): Promise<void>;
}

/** How a try ended, as a metric label; `lost` counts beside `acquired`. */
export type LockResult = "acquired" | "busy" | "unknown" | "lost";

export interface LockMetrics {
	locked(result: LockResult): void;
	/** Whether the server answers. */
	redisUp(up: boolean): void;
}

/** The wait for a lock that is held elsewhere: the jitter keeps many waiting replicas from coming together. Seconds. */
export const busyWait = (leftMilliseconds: number, random: () => number): number =>
	(Math.max(leftMilliseconds, 100) * (0.5 + 0.5 * random())) / 1000;
