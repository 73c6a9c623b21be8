// What can go wrong between us and the API server, as types. No error carries a response body or a header:
// both may hold a Secret's data, and errors end up in logs.

export interface KubeErrorDetails {
	/** `get secrets default/backup-keys`: what was being done. */
	operation: string;
	/** HTTP status; absent where no answer came. */
	status?: number;
	/** The API's reason word (`Conflict`, `NotFound`, `Forbidden` …), never its message. */
	reason?: string;
	/** Seconds, from Retry-After. */
	retryAfter?: number;
	/** Field paths and reason words of the API's causes (`spec.schedule FieldValueInvalid`, `NamespaceTerminating`), never their messages. */
	causes?: readonly string[];
	cause?: unknown;
}

/** Any failure of a call to the API server. */
export class KubeError extends Error {
	readonly operation: string;
	readonly status: number | undefined;
	readonly reason: string | undefined;
	readonly retryAfter: number | undefined;
	readonly causes: readonly string[];

	constructor(message: string, details: KubeErrorDetails) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.name = new.target.name;
		this.operation = details.operation;
		this.status = details.status;
		this.reason = details.reason;
		this.retryAfter = details.retryAfter;
		this.causes = details.causes ?? [];
	}
}

/** 404. */
export class NotFoundError extends KubeError {}
/** 409, reason AlreadyExists. */
export class AlreadyExistsError extends KubeError {}
/** 409: the object is not the one (UID) or not at the version (resourceVersion) that the call named. */
export class ConflictError extends KubeError {}
/** 401 or 403. */
export class ForbiddenError extends KubeError {}
/** 410: the resourceVersion or continue token is too old. */
export class ExpiredError extends KubeError {}
/** 400 or 422: the API server refuses what we sent. */
export class InvalidObjectError extends KubeError {}
/** Never sent: this replica may not write any more, since another one may. */
export class NotPermittedError extends KubeError {}
/** 429, 5xx, a time-out, a reset: may work later. */
export class UnavailableError extends KubeError {}
