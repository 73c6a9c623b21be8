// Reads the installation's defaults for the pods of Jobs, once, where the program is put together. Wrong defaults would make
// every backup wrong, so nothing starts with them.
import { type JobDefaults, parseJobDefaults } from "../domain/jobdefaults.ts";

/** The file cannot be read, or is wrong. The message names the file and all that is wrong with it, one a line. */
export class JobDefaultsError extends Error {
	/** One sentence each. */
	readonly mistakes: readonly string[];

	constructor(file: string, mistakes: readonly string[], cause?: unknown) {
		const lines = mistakes.map((mistake) => `${file}: ${mistake}`);
		super(["the job defaults cannot be used", ...lines].join("\n"), cause === undefined ? undefined : { cause });
		this.name = "JobDefaultsError";
		this.mistakes = lines;
	}
}

const textOf = async (file: string, read: (file: string) => Promise<string>): Promise<string> => {
	try {
		return await read(file);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
		throw new JobDefaultsError(file, [`it could not be read (${code})`], error);
	}
};

/**
 * The defaults of a file; undefined where there is none.
 * @throws JobDefaultsError
 */
export const readJobDefaults = async (
	file: string | undefined,
	read: (file: string) => Promise<string>,
): Promise<JobDefaults | undefined> => {
	if (file === undefined) return undefined;
	const { defaults, mistakes } = parseJobDefaults(await textOf(file, read));
	if (mistakes.length > 0) throw new JobDefaultsError(file, mistakes);
	return defaults;
};
