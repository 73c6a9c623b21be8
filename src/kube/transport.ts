// HTTP to the API server: one set of kept-alive connections for calls, and one for watches, which each hold a
// connection for minutes and would starve the calls. HTTP/1.1: measured against HTTP/2 it lists 10,000 objects in half
// the time and patches as fast (only 64 GETs at once are slower), and a watch that stalls stalls nobody else. Knows nothing of kinds; never throws anything but KubeError.
import { Agent, buildConnector, type Dispatcher } from "undici";
import { type Clock, systemClock } from "./clock.ts";
import {
	type Credentials,
	type CredentialsOptions,
	loadCredentials,
	type TlsMaterial,
} from "./credentials/credentials.ts";
import { ForbiddenError, type KubeError } from "./errors.ts";
import { type ApiStatus, errorFromAnswer, errorFromFailure, retryAfterSeconds } from "./failures.ts";
import { refusable, refusing } from "./permission.ts";

export interface Call {
	method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** With query. */
	path: string;
	/** What errors call it. */
	operation: string;
	accept?: string;
	contentType?: string;
	body?: unknown;
	signal?: AbortSignal;
	/** Whether the call can be sent again after a reset, when nobody knows whether it was done. By default: a GET can. */
	repeatable?: boolean;
	/** Asked at the last moment before the first byte is sent; where it says no, a NotPermittedError is thrown instead. */
	mayBegin?: () => boolean;
}

export interface Transport {
	/** The parsed JSON of a success. @throws KubeError */
	call(call: Call): Promise<unknown>;
	/** The bytes of an answer as they come, once its status is known to be a success. @throws KubeError */
	stream(call: Call): Promise<AsyncIterable<Uint8Array>>;
	close(): Promise<void>;
}

export interface TransportOptions extends Partial<CredentialsOptions> {
	/** Ends everything that is under way. */
	signal?: AbortSignal;
	/** Milliseconds for a whole call, or until a stream's headers. */
	timeout?: number;
	/** The most connections that calls use at once; the rest queue. */
	connections?: number;
}

const DEFAULT_TIMEOUT = 30_000;
const DEFAULT_CONNECTIONS = 16;
/** Milliseconds. Below the API server's own idle time-out (90 s), so that we never write into a closing connection. */
const KEEP_ALIVE = 30_000;
/** Milliseconds, at least, between two renewals of credentials after a 401. */
const RENEW_EVERY = 10_000;

interface Agents {
	calls: Dispatcher;
	streams: Dispatcher;
}

/** Each new connection uses the TLS material of its moment, so rotated certificates and CAs need no restart. */
const freshConnector = (credentials: Credentials): buildConnector.connector => {
	let made: { tls: TlsMaterial; connect: buildConnector.connector } | undefined;
	return (options, callback) => {
		credentials.tls().then(
			(tls) => {
				if (made?.tls !== tls)
					made = {
						tls,
						connect: buildConnector({ ...tls, allowH2: false, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE }),
					};
				made.connect(options, callback);
			},
			(error: Error) => callback(error, null),
		);
	};
};

const makeAgents = (credentials: Credentials, connections: number): Agents => {
	const connect = freshConnector(credentials);
	return {
		calls: new Agent({ connect, connections, keepAliveTimeout: KEEP_ALIVE, pipelining: 1 }).compose(refusing),
		streams: new Agent({ connect, keepAliveTimeout: KEEP_ALIVE, pipelining: 1, bodyTimeout: 0 }),
	};
};

type Response = Dispatcher.ResponseData;

const header = (response: Response, name: string): string | undefined => {
	const value = response.headers[name];
	return Array.isArray(value) ? value[0] : value;
};

const parseStatus = (text: string): ApiStatus | undefined => {
	try {
		const parsed: unknown = JSON.parse(text);
		return typeof parsed === "object" && parsed !== null ? (parsed as ApiStatus) : undefined;
	} catch {
		return undefined;
	}
};

/** A reset of a kept-alive connection: the server may never have seen the request. */
const isReset = (error: unknown): boolean => {
	const code = (error as { code?: string }).code;
	return code === "ECONNRESET" || code === "UND_ERR_SOCKET" || code === "EPIPE";
};

const isRepeatable = ({ method, repeatable = method === "GET" }: Call): boolean => repeatable;

/**
 * Makes the transport; opens no connection yet.
 * @throws UnavailableError where the kubeconfig cannot be read.
 */
export const createTransport = async (options: TransportOptions): Promise<Transport> => {
	const clock = options.clock ?? systemClock;
	const timeout = options.timeout ?? DEFAULT_TIMEOUT;
	const connections = options.connections ?? DEFAULT_CONNECTIONS;
	const credentials = await loadCredentials({ ...options, clock });
	let agents = makeAgents(credentials, connections);
	let renewedAt = Number.NEGATIVE_INFINITY;
	const basePath = credentials.server.pathname.replace(/\/$/, "");

	const send = async (call: Call, agent: Dispatcher, signal: AbortSignal): Promise<Response> =>
		agent.request({
			...refusable(call),
			origin: credentials.server.origin,
			path: basePath + call.path,
			method: call.method,
			headers: {
				...(await credentials.headers()),
				accept: call.accept ?? "application/json",
				"user-agent": "backup-maker-controller",
				...(call.body === undefined ? {} : { "content-type": call.contentType ?? "application/json" }),
			},
			body: call.body === undefined ? null : JSON.stringify(call.body),
			signal,
			headersTimeout: timeout,
		});

	/** After a 401: other credentials, and other connections where the old ones carried the old certificate. */
	const renew = (used: Agents): boolean => {
		if (used !== agents) return true;
		// Credentials that are refused for good must not make us open connections for ever.
		if (clock.now() - renewedAt < RENEW_EVERY) return false;
		renewedAt = clock.now();
		credentials.reload();
		const old = agents;
		agents = makeAgents(credentials, connections);
		void old.calls.close();
		void old.streams.close();
		return true;
	};

	const refuse = async (call: Call, response: Response): Promise<KubeError> =>
		errorFromAnswer({
			operation: call.operation,
			status: response.statusCode,
			body: parseStatus(await response.body.text()),
			retryAfter: retryAfterSeconds(header(response, "retry-after"), clock.now()),
		});

	/** Sends, and answers a success or throws. Tries again once after a 401, and once after a reset of what is repeatable. */
	const answered = async (call: Call, kind: keyof Agents, signal: AbortSignal, again = true): Promise<Response> => {
		const used = agents;
		let response: Response;
		try {
			response = await send(call, used[kind], signal);
		} catch (error) {
			if (again && isRepeatable(call) && isReset(error)) return answered(call, kind, signal, false);
			throw error;
		}
		if (response.statusCode < 300) return response;
		const error = await refuse(call, response);
		if (!(again && error instanceof ForbiddenError && error.status === 401 && renew(used))) throw error;
		return answered(call, kind, signal, false);
	};

	return {
		call: (call) =>
			bounded(call, options.signal, timeout, clock, async (signal) =>
				(await answered(call, "calls", signal)).body.json(),
			),
		stream: async (call) => {
			// The time-out is for the headers alone; the body is the caller's to watch over.
			const response = await bounded(call, options.signal, timeout, clock, (signal) =>
				answered(call, "streams", signal),
			);
			return readable(call, response);
		},
		close: async () => {
			await Promise.all([agents.calls.destroy(), agents.streams.destroy()]);
		},
	};
};

/** Runs with a time-out, and says which of time-out, stop and network it was that ended it. */
const bounded = async <T>(
	call: Call,
	outer: AbortSignal | undefined,
	timeout: number,
	clock: Clock,
	run: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
	const late = new AbortController();
	const cancel = clock.after(timeout, () => late.abort());
	const signals = [late.signal, outer, call.signal].filter((signal) => signal !== undefined);
	try {
		return await run(AbortSignal.any(signals));
	} catch (error) {
		if (isKubeError(error)) throw error;
		if (late.signal.aborted) throw errorFromFailure(call.operation, `no answer within ${timeout / 1000} s`, error);
		throw errorFromFailure(call.operation, signals.some((signal) => signal.aborted) ? "stopped" : "no answer", error);
	} finally {
		cancel();
	}
};

async function* readable(call: Call, response: Response): AsyncGenerator<Uint8Array> {
	try {
		for await (const chunk of response.body) yield chunk as Uint8Array;
	} catch (error) {
		throw errorFromFailure(call.operation, call.signal?.aborted ? "stopped" : "broken off", error);
	}
}

const isKubeError = (error: unknown): error is KubeError => error instanceof Error && "operation" in error;
