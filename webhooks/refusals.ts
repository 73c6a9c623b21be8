// A client without an accepted certificate only sees its connection end: an API server reports `unexpected EOF`, which tells
// nobody what is missing. So our log does; not for every call, since whoever reaches the port can make as many as they like.
import type { TLSSocket } from "node:tls";
import type { FastifyBaseLogger } from "fastify";

/** Milliseconds between two lines. */
const LOG_EVERY = 60_000;

/** What a server's `tlsClientError` is told to. In: a clock in milliseconds that only goes forward. */
export const refusalLog = (logger: FastifyBaseLogger, now: () => number) => {
	let quietUntil = Number.NEGATIVE_INFINITY;
	let unsaid = 0;
	return (_error: Error, socket: Pick<TLSSocket, "authorizationError">): void => {
		// A code of OpenSSL's, such as UNABLE_TO_GET_ISSUER_CERT; not there where it was no certificate that failed.
		const reason = socket.authorizationError;
		if (!reason) return;
		if (now() < quietUntil) {
			unsaid += 1;
			return;
		}
		logger.warn({ reason, before: unsaid }, "a client without an accepted certificate was refused");
		quietUntil = now() + LOG_EVERY;
		unsaid = 0;
	};
};
