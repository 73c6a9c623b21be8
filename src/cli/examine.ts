// `lint` and `render`: reads the manifests, checks them, and prints what came of it.
import { FlagValueError } from "../api/flagvalue.ts";
import type { FilesConfig } from "../config.ts";
import { createMemory } from "../domain/memory.ts";
import { readJobDefaults } from "../gather/jobdefaults.ts";
import { readFiles, UnreadableFile } from "../manifests/files.ts";
import { checkManifests, isOurs } from "./check.ts";
import { type CommandWorld, EXIT } from "./commands.ts";
import { type Findings, findingLines, isAllowed, lintOutput } from "./lint.ts";
import { renderOutput } from "./render.ts";

/** No object of our kinds was given. */
class NothingToCheck extends Error {
	constructor(files: readonly string[]) {
		super(
			`nothing to check: no ScheduledBackup, RequestedBackupAction or ClusterBackupProcedureTemplate in ${files.join(", ")}`,
		);
	}
}

/** A mistyped path must not look like a success. @throws NothingToCheck */
const demandSomething = ({ checked, unreadable }: Findings, files: readonly string[]): void => {
	if (!checked.some(({ manifest }) => isOurs(manifest)) && unreadable.length === 0) throw new NothingToCheck(files);
};

const findingsOf = async (config: FilesConfig, world: CommandWorld): Promise<Findings> => {
	const { manifests, unreadable } = await readFiles(world.system, config.files);
	const jobDefaults = await readJobDefaults(config.jobDefaults, world.system.read);
	const settings = { ...config.settings, jobDefaults, memory: createMemory() };
	const checked = await checkManifests(manifests, { settings, inspector: world.inspector });
	const findings = { checked, unreadable };
	demandSomething(findings, config.files);
	return findings;
};

const printLint = async (config: FilesConfig, world: CommandWorld): Promise<number> => {
	const findings = await findingsOf(config, world);
	world.print(lintOutput(findings, config.output));
	return isAllowed(findings) ? EXIT.allowed : EXIT.denied;
};

const printRender = async (config: FilesConfig, world: CommandWorld): Promise<number> => {
	const findings = await findingsOf(config, world);
	const lines = findingLines(findings);
	if (lines.length > 0) world.printError(`${lines.join("\n")}\n`);
	world.print(renderOutput(findings, config.output));
	return isAllowed(findings) ? EXIT.allowed : EXIT.denied;
};

type FilesCommand = (config: FilesConfig, world: CommandWorld) => Promise<number>;

/** What cannot be read, or is not there, is told in one line, and not thrown. */
const explained =
	(command: FilesCommand): FilesCommand =>
	async (config, world) => {
		try {
			return await command(config, world);
		} catch (error) {
			if (![NothingToCheck, UnreadableFile, FlagValueError].some((known) => error instanceof known)) throw error;
			world.printError(`${(error as Error).message}\n`);
			return EXIT.couldNotRun;
		}
	};

/** Prints the findings. Out: the exit code. */
export const lint = explained(printLint);

/** Prints the objects on standard output, findings on standard error. Out: the exit code. */
export const render = explained(printRender);
