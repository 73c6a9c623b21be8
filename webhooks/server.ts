// The HTTP side of admission: fastify over HTTP/1.1, which is what the API server speaks to a Service, and HTTP/2, which it
// speaks to loopback addresses alone (https://issue.k8s.io/75791). The app is built apart from listening, so that tests can
// inject.
import type { Http2SecureServer } from "node:http2";
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { fastify, LogController } from "fastify";
import { pause, systemClock } from "../src/kube/clock.ts";
import { startCallTime } from "./calltime.ts";
import { failureLog, failureText } from "./failures.ts";
import { MUTATE_PATH, VALIDATE_DELETE_PATH, VALIDATE_PATH } from "./paths.ts";
import { refusalLog } from "./refusals.ts";
import type { AdmissionRequest, Verdict } from "./review.ts";
import { decodeReview, encodeUndecodable, encodeVerdict, failureStatus } from "./review.ts";

/** An UPDATE carries two objects of up to 3 MiB each, and the review around them. */
const BODY_LIMIT_BYTES = 7 * 1024 * 1024;
/** The API server gives up after 5 s; before that it should hear from us why. */
const HANDLER_DEADLINE_MILLISECONDS = 4_000;
/** Over the 90 s for which the API server keeps an idle connection. */
const IDLE_MILLISECONDS = 120_000;
/** For one whole request to arrive. */
const REQUEST_MILLISECONDS = 10_000;
/** How often a closing server looks for connections that have become idle. */
const CLOSE_INTERVAL_MILLISECONDS = 100;

export type Phase = "mutate" | "validate";

/** What a metrics registry wants to know of one admission call. Labels are of small, known sets. */
export interface AdmissionObservation {
	phase: Phase;
	kind: string;
	operation: string;
	verdict: "allowed" | "denied" | "error";
	seconds: number;
}

/** PEM. */
interface ServingPair {
	certificate: string;
	key: string;
}

export interface WebhookServerOptions {
	tls: ServingPair;
	/** PEM of the authorities whose clients are served, and no others. Undefined: every client is. */
	clientAuthority: string | undefined;
	/**
	 * Decides. Rejects where the world failed; the API server then follows the webhook's failure policy. The signal aborts when
	 * the deadline is over or the caller is gone: what is under way then is to end.
	 */
	decide: (phase: Phase, request: AdmissionRequest, signal: AbortSignal) => Promise<Verdict>;
	logger: FastifyBaseLogger;
	observe?: (observation: AdmissionObservation) => void;
	handlerDeadlineMilliseconds?: number;
}

export type WebhookServer = FastifyInstance<Http2SecureServer> & {
	/** Whether it is about to end: who calls over HTTP/1.1 is told to come back on another connection. */
	ending: { is: boolean };
};

/** The body is read by the codec alone, so it is `unknown` until then. */
type ReviewRequest = FastifyRequest<{ Body: unknown }, Http2SecureServer>;

/** Kind and operation of a call as metric labels; unknown ones share a label, since anyone could send any. */
const KINDS: readonly string[] = ["ScheduledBackup", "RequestedBackupAction", "ClusterBackupProcedureTemplate"];
const labelsOf = (phase: Phase, request: AdmissionRequest) => ({
	phase,
	kind: KINDS.includes(request.kind) ? request.kind : "other",
	operation: request.operation,
});

/** One call: decode, decide, encode. What the decision throws goes to the error handler. */
const answerReview = async (
	options: WebhookServerOptions,
	phase: Phase,
	call: ReviewRequest,
	reply: FastifyReply,
): Promise<unknown> => {
	const decoded = decodeReview(call.body);
	if (decoded.request === undefined) {
		const { uid, message } = decoded.failure;
		if (uid !== undefined) return encodeUndecodable(uid, message);
		return reply.code(400).send(failureStatus(400, "BadRequest", message));
	}
	const { request } = decoded;
	const started = performance.now();
	const observe = (verdict: AdmissionObservation["verdict"]): void =>
		options.observe?.({ ...labelsOf(phase, request), verdict, seconds: (performance.now() - started) / 1000 });
	const { signal, late } = startCallTime(
		reply.raw,
		options.handlerDeadlineMilliseconds ?? HANDLER_DEADLINE_MILLISECONDS,
	);
	try {
		const verdict = await Promise.race([options.decide(phase, request, signal), late]);
		observe(verdict.allowed ? "allowed" : "denied");
		return encodeVerdict(request, verdict);
	} catch (error) {
		observe("error");
		const { uid, kind, operation, namespace, name } = request;
		options.logger.error({ uid, kind, operation, namespace, name, ...failureLog(error) }, "an admission check failed");
		throw error;
	}
};

/** Errors of fastify itself (no JSON, too large) keep their 4xx; everything else is 500 with a text of our own. */
const sendFailure = (error: unknown, reply: FastifyReply): FastifyReply => {
	const code = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
	if (code >= 400 && code < 500) {
		return reply.code(code).send(failureStatus(code, "BadRequest", "the body is no JSON of an accepted size"));
	}
	return reply.code(500).send(failureStatus(500, "InternalError", failureText(error)));
};

/** Said here although it is Node's default, which the environment may lower. */
const secureContext = ({ certificate, key }: ServingPair, clientAuthority: string | undefined) => ({
	cert: certificate,
	key,
	minVersion: "TLSv1.2" as const,
	...(clientAuthority === undefined ? {} : { ca: clientAuthority }),
});

/** Part of the server and not of its certificate: it stays when that changes. */
const clientCheck = (clientAuthority: string | undefined) =>
	clientAuthority === undefined ? {} : { requestCert: true, rejectUnauthorized: true };

/**
 * The app, not listening. Its routes are `/mutate`, `/validate` and `/validate-delete`.
 * Errors: those of node:tls where the pair cannot serve.
 */
export const buildServer = (options: WebhookServerOptions): WebhookServer => {
	const app = fastify({
		http2: true,
		https: {
			allowHTTP1: true,
			...secureContext(options.tls, options.clientAuthority),
			...clientCheck(options.clientAuthority),
		},
		bodyLimit: BODY_LIMIT_BYTES,
		http2SessionTimeout: IDLE_MILLISECONDS,
		loggerInstance: options.logger,
		logController: new LogController({ disableRequestLogging: true }),
		// A call that comes while we stop is answered as long as its connection is open.
		return503OnClosing: false,
	}) as unknown as WebhookServer;
	// Fastify applies these to plain HTTP/1.1 servers only.
	Object.assign(app.server, { keepAliveTimeout: IDLE_MILLISECONDS, requestTimeout: REQUEST_MILLISECONDS });
	const ending = { is: false };
	app.decorate("ending", ending);
	app.addHook("onRequest", async (call, reply) => {
		if (ending.is && call.raw.httpVersionMajor === 1) reply.header("connection", "close");
	});
	if (options.clientAuthority !== undefined)
		app.server.on(
			"tlsClientError",
			refusalLog(options.logger, () => performance.now()),
		);
	app.setErrorHandler((error, _call, reply) => sendFailure(error, reply as unknown as FastifyReply));
	const route = (path: string, phase: Phase): void => {
		app.post(path, (call, reply) =>
			answerReview(options, phase, call as unknown as ReviewRequest, reply as unknown as FastifyReply),
		);
	};
	route(MUTATE_PATH, "mutate");
	route(VALIDATE_PATH, "validate");
	route(VALIDATE_DELETE_PATH, "validate");
	return app;
};

/**
 * Serves on for a while, since whoever balances calls learns late that we are not ready any more; what is answered meanwhile
 * also says that its connection ends. (To close one that is in use would cut the call that is just being sent into it.)
 * Then stops accepting, lets what is being answered finish, and ends connections as they become idle. Resolves when all are
 * closed. (Closing alone would wait for the API server's kept-alive HTTP/1.1 connections.)
 */
export const closeServer = async (app: WebhookServer, lingerMilliseconds = 0, clock = systemClock): Promise<void> => {
	app.ending.is = true;
	await pause(clock, lingerMilliseconds);
	const closeIdle = (): void => (app.server as unknown as { closeIdleConnections(): void }).closeIdleConnections();
	const interval = setInterval(closeIdle, CLOSE_INTERVAL_MILLISECONDS);
	try {
		await app.close();
	} finally {
		clearInterval(interval);
	}
};

/**
 * Serves with another certificate from the next connection on. A pair that does not fit is refused by node:tls, and the
 * old one stays.
 * @param clientAuthority the same as before: a context without it would take clients of public authorities
 */
export const changeCertificate = (app: WebhookServer, tls: ServingPair, clientAuthority: string | undefined): void =>
	app.server.setSecureContext(secureContext(tls, clientAuthority));
