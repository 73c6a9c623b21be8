// What a reflector tells of itself. Structural, so that pino and the metrics registry fit without being known here.

export interface Logger {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
}

/** Why a watch ended and was begun again. */
export type RestartReason =
	/** The server's own time-out: as it should be. */
	| "timeout"
	/** 410: listed again. */
	| "expired"
	/** No byte for too long. */
	| "idle"
	/** A line was lost: listed again. */
	| "incomplete"
	/** 401 or 403. */
	| "forbidden"
	/** 429, 5xx, reset, no answer. */
	| "unavailable"
	/** Anything else, such as an ERROR event. */
	| "error";

/** What was lost, and why. */
export type DropReason = "unparsable" | "transform" | "handler";

export interface ReflectorMetrics {
	watchRestarted(kind: string, reason: RestartReason): void;
	eventDropped(kind: string, reason: DropReason): void;
}
