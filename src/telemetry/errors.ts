// How an error looks in a log: everything that helps to find the fault, nothing that a server or a user wrote.
// An unknown property of an error may be a response, a socket or a header, so only known ones are taken.

export interface PlainError {
	name: string;
	message: string;
	operation?: string;
	status?: number;
	reason?: string;
	code?: string;
	/** The flag whose value cannot be used. */
	flag?: string;
	/** Where it was thrown, without the message. */
	stack?: string[];
	cause?: PlainError;
}

const DEEPEST_CAUSE = 5;
const LONGEST_MESSAGE = 500;
const MOST_FRAMES = 12;

const frames = (stack: unknown): string[] =>
	typeof stack !== "string"
		? []
		: stack
				.split("\n")
				.map((line) => line.trim())
				.filter((line) => line.startsWith("at "))
				.slice(0, MOST_FRAMES);

const texts = (error: object, names: readonly string[]): Record<string, string> =>
	Object.fromEntries(
		names.flatMap((name) => {
			const value = (error as Record<string, unknown>)[name];
			return typeof value === "string" ? [[name, value.slice(0, LONGEST_MESSAGE)]] : [];
		}),
	);

/** Any thrown value as plain data, with its causes. Stack frames only where no typed error says what happened. */
export const plainError = (thrown: unknown, depth = 0): PlainError => {
	if (typeof thrown !== "object" || thrown === null) return { name: "Error", message: `threw ${typeof thrown}` };
	const { status, cause, stack } = thrown as { status?: unknown; cause?: unknown; stack?: unknown };
	const known = {
		name: "Error",
		message: "",
		...texts(thrown, ["name", "message", "operation", "reason", "code", "flag"]),
	};
	const where = "operation" in thrown || "flag" in thrown ? [] : frames(stack);
	return {
		...known,
		...(typeof status === "number" ? { status } : {}),
		...(where.length === 0 ? {} : { stack: where }),
		...(cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: plainError(cause, depth + 1) }),
	};
};
