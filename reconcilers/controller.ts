// Runs a reconcile function over a queue. The one place that knows what its outcomes and its errors mean for the
// next try; reconcilers only answer or throw.
import { InspectionError } from "../src/gather/inspectionerror.ts";
import { type Clock, pause, systemClock } from "../src/kube/clock.ts";
import {
	AlreadyExistsError,
	ConflictError,
	NotFoundError,
	NotPermittedError,
	UnavailableError,
} from "../src/kube/errors.ts";
import type { Logger } from "../src/kube/reflector.ts";
import type { Lock, Locks } from "../src/locks/locks.ts";
import type { Outcome } from "./outcome.ts";
import type { Queue, RetryOptions } from "./queue.ts";

/** How a run ended, as a metric label. */
export type RunResult =
	| "done"
	| "requeue"
	| "invalid"
	| "conflict"
	| "unavailable"
	| "error"
	| "stopped"
	/** Another replica is at it. */
	| "locked";

export interface ControllerMetrics {
	/** @param seconds how long it took. */
	reconciled(controller: string, result: RunResult, seconds: number): void;
	/** Makes the depth readable for as long as the process lives. */
	watchQueue(controller: string, depth: () => number): void;
}

/**
 * One run.
 * @param signal aborts when the work must end or the key's lock is lost: begin no more writes.
 * @param progressed is called where something was made that need not be made again, whatever comes after it.
 */
export type Reconcile<Key extends string> = (key: Key, signal: AbortSignal, progressed: () => void) => Promise<Outcome>;

export interface ControllerOptions<Key extends string> {
	/** For logs and metrics. */
	name: string;
	queue: Queue<Key>;
	reconcile: Reconcile<Key>;
	locks: Locks;
	/** The same in all replicas, for the same object; undefined where there is nothing to be locked. */
	lockName: (key: Key) => string | undefined;
	/** Ends all work at once. */
	signal?: AbortSignal;
	/** How many keys are worked on at a time. */
	workers?: number;
	logger: Logger;
	metrics: ControllerMetrics;
	clock?: Clock;
}

export interface Controller {
	/**
	 * Takes no more keys, lets the running ones end, and resolves then.
	 * @param graceSeconds after which their signal aborts.
	 */
	stop(graceSeconds?: number): Promise<void>;
}

const DEFAULT_WORKERS = 4;
const DEFAULT_GRACE_SECONDS = 20;
/** Milliseconds. Somebody else wrote first: the newer state is there already, so a short wait is enough. */
const CONFLICT_BASE = 50;

/** Starts the workers at once. */
export const runController = <Key extends string>(options: ControllerOptions<Key>): Controller => {
	const { name, queue, workers = DEFAULT_WORKERS, metrics, clock = systemClock } = options;
	const stopping = new AbortController();
	const signal = AbortSignal.any([stopping.signal, ...(options.signal === undefined ? [] : [options.signal])]);
	metrics.watchQueue(name, () => queue.depth);
	const work = async (): Promise<void> => {
		for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
			const startedAt = clock.now();
			const result = await runOnce(options, key, signal);
			queue.done(key);
			metrics.reconciled(name, result, (clock.now() - startedAt) / 1000);
		}
	};
	const running = Promise.all(Array.from({ length: workers }, work));
	return {
		stop: async (graceSeconds = DEFAULT_GRACE_SECONDS) => {
			const waited = new AbortController();
			void pause(clock, graceSeconds * 1000, waited.signal).then(() => stopping.abort());
			await queue.shutDown();
			await running;
			waited.abort();
		},
	};
};

/** One key, once, unless another replica is at it. Never throws. */
const runOnce = async <Key extends string>(
	options: ControllerOptions<Key>,
	key: Key,
	signal: AbortSignal,
): Promise<RunResult> => {
	const name = options.lockName(key);
	if (name === undefined) return reconcileOnce(options, key, signal);
	const acquired = await options.locks.acquire(name);
	if (acquired.type !== "busy") return withLock(options, key, signal, acquired.lock);
	options.queue.addAfter(key, acquired.retryAfter);
	options.logger.debug({ controller: options.name, key, after: acquired.retryAfter }, "another replica is at it");
	return "locked";
};

const withLock = async <Key extends string>(
	options: ControllerOptions<Key>,
	key: Key,
	signal: AbortSignal,
	lock: Lock,
): Promise<RunResult> => {
	try {
		return await reconcileOnce(options, key, AbortSignal.any([signal, lock.signal]));
	} finally {
		await lock.release();
	}
};

const reconcileOnce = async <Key extends string>(
	options: ControllerOptions<Key>,
	key: Key,
	signal: AbortSignal,
): Promise<RunResult> => {
	const { name, queue, logger } = options;
	// Each step that got through gets the next one as many tries as it had itself: where every other call fails, waits that add
	// up over a whole object would keep one with many children from ever being done. What fails at the same place again waits
	// longer and longer, as nothing is made before it.
	const progressed = (): void => queue.forget(key);
	try {
		const outcome = await options.reconcile(key, signal, progressed);
		queue.forget(key);
		if (outcome.type === "requeue") queue.addAfter(key, outcome.after);
		const why = outcome.type === "requeue" ? { after: outcome.after, why: outcome.why } : {};
		const found = outcome.type === "invalid" ? { problems: outcome.report.errors.length } : {};
		logger.debug({ controller: name, key, outcome: outcome.type, ...why, ...found }, "reconciled");
		return outcome.type;
	} catch (error) {
		return failed(options, key, signal, error);
	}
};

const failed = <Key extends string>(
	options: ControllerOptions<Key>,
	key: Key,
	signal: AbortSignal,
	error: unknown,
): RunResult => {
	const { name, queue, logger } = options;
	const { result, retry } = signal.aborted ? STOPPED : meaningOf(error);
	// Where the queue is shut down, this does nothing; a key whose lock was lost is looked at again.
	const after = queue.retry(key, retry);
	const fields = { controller: name, key, after, err: error };
	if (result === "stopped") logger.debug(fields, "reconcile was called off");
	else if (result === "conflict") logger.debug(fields, "reconcile met a newer version");
	else if (result === "unavailable") logger.warn(fields, "reconcile could not reach what it needs");
	else logger.error(fields, "reconcile failed");
	return result;
};

const STOPPED: { result: RunResult; retry: RetryOptions } = { result: "stopped", retry: {} };

const meaningOf = (error: unknown): { result: RunResult; retry: RetryOptions } => {
	// The permit ended at this very write.
	if (error instanceof NotPermittedError) return STOPPED;
	// AlreadyExists: made by someone since we looked, or by us and not in the watch yet.
	if (error instanceof ConflictError || error instanceof AlreadyExistsError)
		return { result: "conflict", retry: { base: CONFLICT_BASE } };
	// Deleted since we looked: for the next look to judge, which must not come at once as long as the watch lags.
	if (error instanceof NotFoundError) return { result: "conflict", retry: {} };
	if (error instanceof UnavailableError)
		return { result: "unavailable", retry: error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter } };
	// The thread that looks at keys is busy, or ended: it is there again at the next try.
	if (error instanceof InspectionError) return { result: "unavailable", retry: {} };
	return { result: "error", retry: {} };
};
