// One watch connection, from a resourceVersion to its end, whatever ends it. Nothing here decides what comes next:
// that is loop.ts. A connection that says nothing, not even a bookmark (one a minute), is dead and is aborted.
import type { ResourceKind } from "../../api/kinds.ts";
import type { Clock } from "../clock.ts";
import { ExpiredError, UnavailableError } from "../errors.ts";
import { errorFromAnswer } from "../failures.ts";
import type { Transport } from "../transport.ts";
import { collectionPath, operationName, withQuery } from "../urls.ts";
import { parseWatchEvent, type WatchEvent } from "./event.ts";
import { createLineSplitter } from "./lines.ts";

export interface WatchRequest {
	kind: ResourceKind;
	namespace: string | undefined;
	labelSelector: string | undefined;
	/** Optional for callers that never select by field. */
	fieldSelector?: string | undefined;
	resourceVersion: string;
	accept: string | undefined;
	/** Seconds after which the server ends it. */
	timeoutSeconds: number;
	/** Milliseconds without a byte after which we end it. */
	idleAfter: number;
	signal: AbortSignal;
}

/** The watch was silent for too long. */
export class IdleError extends UnavailableError {}

type Ordinary = Exclude<WatchEvent, { type: "error" }>;

/**
 * Opens the watch and gives its events one by one; returns when the server ends it in order.
 * @throws KubeError: ExpiredError for 410, IdleError, UnavailableError for a reset …
 */
export async function* watchEvents(
	transport: Transport,
	clock: Clock,
	request: WatchRequest,
): AsyncGenerator<Ordinary> {
	const { kind, namespace, labelSelector, fieldSelector, resourceVersion, accept, timeoutSeconds } = request;
	const operation = operationName("watch", kind, namespace === undefined ? {} : { namespace });
	const query = {
		watch: true,
		allowWatchBookmarks: true,
		resourceVersion,
		timeoutSeconds,
		labelSelector,
		fieldSelector,
	};
	const watchdog = startWatchdog(clock, request.idleAfter);
	const signal = AbortSignal.any([request.signal, watchdog.signal]);
	try {
		const path = withQuery(collectionPath(kind, namespace), query);
		const bytes = await transport.stream({
			method: "GET",
			path,
			operation,
			signal,
			...(accept === undefined ? {} : { accept }),
		});
		const splitter = createLineSplitter();
		for await (const chunk of bytes) {
			watchdog.feed();
			for (const line of splitter.push(chunk)) yield ordinary(operation, parseWatchEvent(line));
		}
	} catch (error) {
		if (watchdog.signal.aborted && !request.signal.aborted)
			throw new IdleError(`${operation}: silent for ${request.idleAfter / 1000} s`, { operation });
		throw error;
	} finally {
		watchdog.stop();
	}
}

const ordinary = (operation: string, event: WatchEvent): Ordinary => {
	if (event.type !== "error") return event;
	const status = Number(event.status.code);
	if (status === 410) throw new ExpiredError(`${operation}: resourceVersion is too old`, { operation, status });
	throw errorFromAnswer({
		operation,
		status: Number.isInteger(status) && status >= 400 ? status : 500,
		body: event.status,
		retryAfter: undefined,
	});
};

interface Watchdog {
	signal: AbortSignal;
	feed(): void;
	stop(): void;
}

/** One timer that looks back when it fires, instead of one timer per chunk. */
const startWatchdog = (clock: Clock, idleAfter: number): Watchdog => {
	const controller = new AbortController();
	let lastFed = clock.now();
	let cancel = (): void => {};
	const wait = (milliseconds: number): void => {
		cancel = clock.after(milliseconds, () => {
			const left = lastFed + idleAfter - clock.now();
			if (left <= 0) controller.abort();
			else wait(left);
		});
	};
	wait(idleAfter);
	return {
		signal: controller.signal,
		feed: () => {
			lastFed = clock.now();
		},
		stop: () => cancel(),
	};
};
