// How long one admission call may take, and when nobody waits for its answer any more. Fastify's own signal and time-out are
// not used: they also end when the body of an HTTP/1.1 call has been read, and HTTP/1.1 is what the API server speaks to a
// Service (https://issue.k8s.io/75791).
import type { EventEmitter } from "node:events";

/** The deadline is over, and no answer was ready. */
export class LateError extends Error {
	constructor(milliseconds: number) {
		super(`no answer within ${milliseconds} ms`);
		this.name = "LateError";
	}
}

export interface CallTime {
	/** Aborts when the deadline is over, or the caller is gone, or has its answer: what is under way then is to end. */
	readonly signal: AbortSignal;
	/** Rejects with a LateError when the deadline is over; else never settles. */
	readonly late: Promise<never>;
}

/** Starts the clock of one call. In: its response, which closes when it was sent or its connection has ended. */
export const startCallTime = (response: Pick<EventEmitter, "once">, milliseconds: number): CallTime => {
	const ending = new AbortController();
	const { promise: late, reject } = Promise.withResolvers<never>();
	// Who does not wait for it any more is no failure.
	late.catch(() => undefined);
	const timer = setTimeout(() => {
		const error = new LateError(milliseconds);
		reject(error);
		ending.abort(error);
	}, milliseconds);
	response.once("close", () => {
		clearTimeout(timer);
		ending.abort();
	});
	return { signal: ending.signal, late };
};
