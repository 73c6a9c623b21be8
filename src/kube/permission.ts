// Writes that are refused at the last moment. Between the decision to write and the first byte there may be a queue for a
// connection, and a process that stood still and goes on may find its queue first and its timers after: so whether a call may
// begin is asked where its bytes are handed to the socket.
import type { Dispatcher } from "undici";
import { NotPermittedError } from "./errors.ts";
import type { Kube } from "./port.ts";
import type { Call, Transport } from "./transport.ts";

/** Whether this replica may write, and a word when that ends. */
export interface Permit {
	/** Aborts when it ends. */
	readonly signal: AbortSignal;
	/** Whether a write may begin now. False for good once it was false. */
	mayWrite(): boolean;
}

const PERMISSION = Symbol("whether it may begin");

interface Refusable {
	[PERMISSION]?: () => void;
}

const refusal = (operation: string): NotPermittedError =>
	new NotPermittedError(`${operation}: not sent, another replica may be writing`, { operation });

/** What a request is to carry so that `refusing` asks. */
export const refusable = ({ mayBegin, operation }: Call): object =>
	mayBegin === undefined
		? {}
		: {
				[PERMISSION]: () => {
					if (!mayBegin()) throw refusal(operation);
				},
			};

/** An interceptor for undici: asks, right before a request is written into its connection. */
export const refusing: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
	const ask = (options as Refusable)[PERMISSION];
	if (ask === undefined) return dispatch(options, handler);
	return dispatch(options, {
		onRequestStart: (controller, context) => {
			try {
				ask();
			} catch (error) {
				controller.abort(error as Error);
				return;
			}
			handler.onRequestStart?.(controller, context);
		},
		onRequestUpgrade: (...answer) => handler.onRequestUpgrade?.(...answer),
		onResponseStart: (...answer) => handler.onResponseStart?.(...answer),
		onResponseData: (...answer) => handler.onResponseData?.(...answer),
		onResponseEnd: (...answer) => handler.onResponseEnd?.(...answer),
		onResponseError: (...answer) => handler.onResponseError?.(...answer),
	});
};

/** The transport for work that needs a permit: its end cuts what is under way, and no write begins after it. */
export const permitted = (transport: Transport, permit: Permit): Transport => ({
	...transport,
	call: (call) =>
		transport.call({
			...call,
			signal: permit.signal,
			...(call.method === "GET" ? {} : { mayBegin: () => permit.mayWrite() }),
		}),
});

/**
 * The port for work that may be called off: once the signal is aborted its writes throw a NotPermittedError. Reads go on,
 * and so do Events, which tell of what was done before.
 */
export const untilAborted = (kube: Kube, signal: AbortSignal): Kube => {
	const unless = async <T>(operation: string, write: () => Promise<T>): Promise<T> => {
		if (signal.aborted) throw refusal(operation);
		return write();
	};
	return {
		...kube,
		create: (kind, object, options) => unless(`create ${kind.plural}`, () => kube.create(kind, object, options)),
		apply: (kind, object) => unless(`apply ${kind.plural}`, () => kube.apply(kind, object)),
		patch: (kind, key, body, precondition) =>
			unless(`patch ${kind.plural}`, () => kube.patch(kind, key, body, precondition)),
		replaceStatus: (kind, object) => unless(`replace status of ${kind.plural}`, () => kube.replaceStatus(kind, object)),
		delete: (kind, key, precondition) => unless(`delete ${kind.plural}`, () => kube.delete(kind, key, precondition)),
	};
};
