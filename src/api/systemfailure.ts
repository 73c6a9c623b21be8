// The error codes of the operating system in words, for messages about files and addresses.
// https://nodejs.org/api/errors.html#common-system-errors

const WORDS: Readonly<Record<string, string>> = {
	ENOENT: "file or folder not found",
	ENOTDIR: "a part of the path is not a folder",
	EISDIR: "it is a folder, not a file",
	EACCES: "permission denied",
	EPERM: "permission denied",
	EADDRINUSE: "another process already uses this address",
	EADDRNOTAVAIL: "no network interface of this machine has this address",
	EAFNOSUPPORT: "this machine does not support this kind of address",
	ENOTFOUND: "the host name cannot be resolved",
	EAI_AGAIN: "the host name cannot be resolved",
	ELOOP: "too many symbolic links",
	ENAMETOOLONG: "the name is too long",
	EMFILE: "this process has too many open files",
	EIO: "the device failed",
};

/**
 * What happened, in words and with the code, such as `file or folder not found (ENOENT)`. Nothing else of the error is shown.
 * @param error what a function of Node.js threw
 * @returns the code alone where it is not a known one; `unknown error` without a code
 */
export const systemFailure = (error: unknown): string => {
	const code = (error as { code?: unknown } | null | undefined)?.code;
	if (typeof code !== "string") return "unknown error";
	return Object.hasOwn(WORDS, code) ? `${WORDS[code]} (${code})` : code;
};
