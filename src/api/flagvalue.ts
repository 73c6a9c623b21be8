// The value of a flag that is well-formed, but that the program cannot use: a file that does not exist, an address in use.

/** Says which flag has which value, what was found, and what to do. */
export class FlagValueError extends Error {
	/** What the value comes from: `--certs-dir`, `$KUBECONFIG`. */
	readonly flag: string;

	/**
	 * @param flag what the value comes from, as the user writes it
	 * @param value never a secret
	 * @param found what is wrong, such as `file or folder not found (ENOENT)`
	 * @param remedy what to do, in the imperative
	 */
	constructor(flag: string, value: string, found: string, remedy: string, cause?: unknown) {
		super(
			`${flag}: Invalid value: ${JSON.stringify(value)}: ${found}; ${remedy}`,
			cause === undefined ? undefined : { cause },
		);
		this.name = "FlagValueError";
		this.flag = flag;
	}
}
