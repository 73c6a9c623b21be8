// What may be said of a failure of Redis. ioredis hangs the command with its arguments (passwords, tokens) onto its errors,
// and some servers quote them: so only words that we know the form of are taken.

/** `WRONGPASS`, `NOAUTH`, `READONLY`: the first word of a reply. */
const REPLY = /^[A-Z][A-Z0-9_]{2,30}(?= |$)/;

/** Texts of ioredis itself that say what happened, with our words for them. */
const KNOWN: readonly [pattern: RegExp, words: string][] = [
	[/^Command timed out/, "no answer in time"],
	[/^connect ETIMEDOUT/, "ETIMEDOUT"],
	[/^Socket timeout/, "no answer in time"],
	[/^Connection is closed|^Stream isn't writeable|max retries per request/, "not connected"],
	[/^All sentinels are unreachable/, "no sentinel knows a master"],
];

/** One or two words for a log, a probe and nothing else. */
export const failureWord = (error: unknown): string => {
	const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
	if (typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code)) return code;
	if (typeof message !== "string") return "failed";
	return REPLY.exec(message)?.[0] ?? KNOWN.find(([pattern]) => pattern.test(message))?.[1] ?? "failed";
};
