// Turns what went wrong on the wire into our typed errors, and leaves everything behind that might be secret: bodies,
// headers, certificates. What remains is the status, the API's reason words and field paths, and the error's code.
import {
	AlreadyExistsError,
	ConflictError,
	ExpiredError,
	ForbiddenError,
	InvalidObjectError,
	type KubeError,
	type KubeErrorDetails,
	NotFoundError,
	UnavailableError,
} from "./errors.ts";

/** The parts of https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ that we look at. */
export interface ApiStatus {
	code?: unknown;
	reason?: unknown;
	details?: { retryAfterSeconds?: unknown; causes?: unknown };
}

/** Reason words and field paths, never messages: the API server's messages quote values. */
const WORD = /^[A-Za-z]{1,64}$/;
const FIELD = /^[\w.[\]/-]{1,200}$/;
const MOST_CAUSES = 5;

const word = (value: unknown): string | undefined =>
	typeof value === "string" && WORD.test(value) ? value : undefined;

/** `spec.schedule FieldValueInvalid`, for at most five causes. */
const causesOf = (status: ApiStatus): string[] => {
	const causes = Array.isArray(status.details?.causes) ? status.details.causes : [];
	return causes.slice(0, MOST_CAUSES).flatMap((cause: { field?: unknown; reason?: unknown } | null) => {
		const field = typeof cause?.field === "string" && FIELD.test(cause.field) ? cause.field : undefined;
		const text = [field, word(cause?.reason)].filter((part) => part !== undefined).join(" ");
		return text === "" ? [] : [text];
	});
};

type ErrorClass = new (message: string, details: KubeErrorDetails) => KubeError;

const classOf = (status: number, reason: string | undefined): ErrorClass => {
	if (status === 404) return NotFoundError;
	if (status === 409) return reason === "AlreadyExists" ? AlreadyExistsError : ConflictError;
	if (status === 401 || status === 403) return ForbiddenError;
	if (status === 410) return ExpiredError;
	if (status === 429 || status >= 500) return UnavailableError;
	return InvalidObjectError;
};

/**
 * Seconds from a Retry-After header: a number or an HTTP date (RFC 9110, 10.2.3).
 * @param now milliseconds since the epoch, to count a date from.
 */
export const retryAfterSeconds = (header: string | undefined, now: number): number | undefined => {
	if (header === undefined) return undefined;
	if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim());
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
};

export interface Answer {
	operation: string;
	status: number;
	/** The body, parsed, where it was JSON; only its reason words are used. */
	body: ApiStatus | undefined;
	/** Seconds, from the header. */
	retryAfter: number | undefined;
}

/** The typed error for an answer that is not a success. */
export const errorFromAnswer = (answer: Answer): KubeError => {
	const reason = word(answer.body?.reason);
	const told = Number(answer.body?.details?.retryAfterSeconds);
	const retryAfter = answer.retryAfter ?? (told > 0 ? told : undefined);
	const causes = answer.body === undefined ? [] : causesOf(answer.body);
	const what = [String(answer.status), reason].filter((part) => part !== undefined).join(" ");
	const message = `${answer.operation}: ${what}${causes.length === 0 ? "" : ` (${causes.join(", ")})`}`;
	return new (classOf(answer.status, reason))(message, {
		operation: answer.operation,
		status: answer.status,
		...(reason === undefined ? {} : { reason }),
		...(retryAfter === undefined ? {} : { retryAfter }),
		causes,
	});
};

/**
 * What may be told of an error of the network, TLS or a credential plugin: name, code and, for errors with a code of
 * Node's or undici's own making, the message. Such errors can carry sockets, certificates or header values as properties.
 */
export const safeCause = (error: unknown): Error => {
	const { name, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: unknown };
	const known = typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code) && code !== "UND_ERR_INVALID_ARG";
	const safe = new Error(known && typeof message === "string" ? message : "details withheld");
	safe.name = typeof name === "string" ? name : "Error";
	safe.stack = `${safe.name}: ${safe.message}`;
	return known ? Object.assign(safe, { code }) : safe;
};

/** No answer came, or it broke off. */
export const errorFromFailure = (operation: string, what: string, error: unknown): UnavailableError => {
	const cause = safeCause(error);
	const code = (cause as { code?: string }).code;
	return new UnavailableError(`${operation}: ${what}${code === undefined ? "" : ` (${code})`}`, { operation, cause });
};
