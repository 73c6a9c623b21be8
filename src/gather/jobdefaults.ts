// Reads the installation's defaults for the pods of Jobs, once, where the program is put together. Wrong defaults would make
// every backup wrong, so nothing starts with them.
import { FlagValueError } from "../api/flagvalue.ts";
import { systemFailure } from "../api/systemfailure.ts";
import { type JobDefaults, parseJobDefaults } from "../domain/jobdefaults.ts";

const FLAG = "--job-defaults";

/** The content of the file is wrong. The message names the flag, the file and all that is wrong with it, one a line. */
export class JobDefaultsError extends FlagValueError {
	/** One sentence each. */
	readonly mistakes: readonly string[];

	constructor(file: string, mistakes: readonly string[]) {
		const lines = mistakes.map((mistake) => `${file}: ${mistake}`);
		super(FLAG, file, "the defaults for Jobs cannot be used", ["correct the file:", ...lines].join("\n"));
		this.name = "JobDefaultsError";
		this.mistakes = lines;
	}
}

const textOf = async (file: string, read: (file: string) => Promise<string>): Promise<string> => {
	try {
		return await read(file);
	} catch (error) {
		throw new FlagValueError(FLAG, file, systemFailure(error), "give the path of a readable file", error);
	}
};

/**
 * The defaults of a file; undefined where there is none.
 * @throws FlagValueError where the file cannot be read; JobDefaultsError, which is one too, where it is wrong
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
