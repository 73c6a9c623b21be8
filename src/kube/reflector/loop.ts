// List, watch, and begin again, for ever, for one kind in one namespace (or all). The rules of beginning again:
// - the server's own time-out: at once, from where we were;
// - 410, or a lost line: a new list;
// - anything else: from where we were, after a jittered, doubling wait that honours Retry-After.
// Every failure waits, so that no mistake of a server makes us hammer it.
import type { KubernetesObject } from "../../api/kubernetes.ts";
import { atLeastRetryAfter, backoffDelay } from "../backoff.ts";
import { type Clock, pause } from "../clock.ts";
import { ExpiredError, ForbiddenError, KubeError, UnavailableError } from "../errors.ts";
import { listAll } from "../list.ts";
import type { Transport } from "../transport.ts";
import type { Logger, ReflectorMetrics, RestartReason } from "./observer.ts";
import { IdleError, type WatchRequest, watchEvents } from "./watch.ts";

export interface LoopTiming {
	clock: Clock;
	random: () => number;
	/** Milliseconds: first and longest wait after failures. */
	backoff: { base: number; cap: number };
	/** Milliseconds without a byte. */
	idleAfter: number;
	/** Milliseconds: a watch that ends in order but lived shorter than this counts as a failure. */
	shortLived: number;
}

/** What the loop gives its findings to; none of it throws. */
export interface LoopSink {
	/** A page of a list that has not ended yet. */
	listPage(objects: KubernetesObject[]): void;
	listRestarted(): void;
	/** The pages given since are the whole state at this version. */
	listed(resourceVersion: string): void;
	changed(object: KubernetesObject): void;
	deleted(object: KubernetesObject): void;
	/** A line could not be read. */
	lost(why: string): void;
}

export type LoopTarget = Pick<WatchRequest, "kind" | "namespace" | "labelSelector" | "fieldSelector" | "signal"> & {
	listAccept: string | undefined;
	watchAccept: string | undefined;
};

export interface LoopContext {
	transport: Transport;
	target: LoopTarget;
	sink: LoopSink;
	timing: LoopTiming;
	logger: Logger;
	metrics: ReflectorMetrics;
}

interface Position {
	/** Undefined: list first. */
	resourceVersion: string | undefined;
	/** In a row. */
	failures: number;
}

/** Thrown by our own loop when a line was lost: the state is no longer known to be whole. */
class IncompleteError extends KubeError {}

/** Runs until the target's signal aborts; never rejects. */
export const runLoop = async (context: LoopContext): Promise<void> => {
	const { target, timing } = context;
	const position: Position = { resourceVersion: undefined, failures: 0 };
	while (!target.signal.aborted) {
		try {
			position.resourceVersion ??= await list(context);
			const startedAt = timing.clock.now();
			await watch(context, position);
			position.failures = timing.clock.now() - startedAt < timing.shortLived ? position.failures + 1 : 0;
			context.metrics.watchRestarted(target.kind.kind, "timeout");
			if (position.failures > 0) await wait(context, position, undefined);
		} catch (error) {
			if (target.signal.aborted) return;
			await recover(context, position, error);
		}
	}
};

const list = async (context: LoopContext): Promise<string> => {
	const { transport, target, sink } = context;
	const { namespace, labelSelector, fieldSelector, listAccept, signal } = target;
	sink.listRestarted();
	const resourceVersion = await listAll(
		transport,
		target.kind,
		{
			signal,
			...(namespace === undefined ? {} : { namespace }),
			...(labelSelector === undefined ? {} : { labelSelector }),
			...(fieldSelector === undefined ? {} : { fieldSelector }),
			...(listAccept === undefined ? {} : { accept: listAccept }),
		},
		{ restart: () => sink.listRestarted(), page: (items) => sink.listPage(items) },
	);
	sink.listed(resourceVersion);
	return resourceVersion;
};

/** 5 to 10 minutes, so that the watches of many clients do not end together. */
const randomTimeout = (random: () => number): number => Math.floor(300 + 300 * random());

const watch = async (context: LoopContext, position: Position): Promise<void> => {
	const { transport, target, sink, timing } = context;
	const { kind, namespace, labelSelector, fieldSelector, signal } = target;
	const request: WatchRequest = {
		kind,
		namespace,
		labelSelector,
		fieldSelector,
		signal,
		resourceVersion: position.resourceVersion ?? "",
		accept: target.watchAccept,
		timeoutSeconds: randomTimeout(timing.random),
		idleAfter: timing.idleAfter,
	};
	let incompleteSince: number | undefined;
	for await (const event of watchEvents(transport, timing.clock, request)) {
		if (event.type === "unparsable") {
			sink.lost(event.why);
			incompleteSince ??= timing.clock.now();
			continue;
		}
		if (event.type === "changed") sink.changed(event.object);
		else if (event.type === "deleted") sink.deleted(event.object);
		position.resourceVersion = event.resourceVersion;
		if (incompleteSince === undefined) position.failures = 0;
		// The watch goes on, so that a stream of bad lines is no stream of lists; but not for long without the lost one.
		if (incompleteSince !== undefined && timing.clock.now() - incompleteSince > timing.backoff.cap) break;
	}
	if (incompleteSince !== undefined) throw new IncompleteError("a watch event was lost", { operation: "watch" });
};

const reasonOf = (error: unknown): RestartReason => {
	if (error instanceof ExpiredError) return "expired";
	if (error instanceof IncompleteError) return "incomplete";
	if (error instanceof IdleError) return "idle";
	if (error instanceof ForbiddenError) return "forbidden";
	if (error instanceof UnavailableError) return "unavailable";
	return "error";
};

const recover = async (context: LoopContext, position: Position, error: unknown): Promise<void> => {
	const reason = reasonOf(error);
	const { target, logger, metrics } = context;
	// An error that we do not know may come of what we know wrongly: list again.
	if (reason === "expired" || reason === "incomplete" || reason === "error") position.resourceVersion = undefined;
	position.failures += 1;
	metrics.watchRestarted(target.kind.kind, reason);
	const fields = {
		kind: target.kind.kind,
		namespace: target.namespace,
		reason,
		failures: position.failures,
		err: error,
	};
	if (position.failures > 1 || reason === "forbidden" || reason === "error") logger.warn(fields, "watch failed");
	else logger.info(fields, "watch interrupted");
	await wait(context, position, error instanceof KubeError ? error.retryAfter : undefined);
};

const wait = async (context: LoopContext, position: Position, retryAfter: number | undefined): Promise<void> => {
	const { timing, target } = context;
	const delay = backoffDelay(position.failures, { ...timing.backoff, random: timing.random });
	await pause(timing.clock, atLeastRetryAfter(delay, retryAfter), target.signal);
};
