// What each command does, apart from the process it runs in: in come the configuration and the world, out goes an exit
// code.
import type { Config, FilesConfig, UsageError } from "../config.ts";
import { createMemory } from "../domain/memory.ts";
import { JobDefaultsError, readJobDefaults } from "../gather/jobdefaults.ts";
import type { KeyInspector } from "../gather/references.ts";
import { type FileSystem, readFiles, UnreadableFile } from "../manifests/files.ts";
import { checkManifests } from "./check.ts";
import { completionScript } from "./completion.ts";
import { type Findings, findingLines, isAllowed, lintOutput } from "./lint.ts";
import { renderOutput } from "./render.ts";

export const EXIT = { allowed: 0, denied: 1, couldNotRun: 2 } as const;

/** The world of a command that ends by itself. */
export interface CommandWorld {
	system: FileSystem;
	inspector: KeyInspector;
	/** The text of every file of crds/. */
	readCrds(): Promise<string[]>;
	/** Of the program, such as `1.2.3`. */
	readVersion(): Promise<string>;
	print(text: string): void;
	printError(text: string): void;
}

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
	if (checked.length === 0 && unreadable.length === 0) throw new NothingToCheck(files);
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

const lint = async (config: FilesConfig, world: CommandWorld): Promise<number> => {
	const findings = await findingsOf(config, world);
	world.print(lintOutput(findings, config.output));
	return isAllowed(findings) ? EXIT.allowed : EXIT.denied;
};

const render = async (config: FilesConfig, world: CommandWorld): Promise<number> => {
	const findings = await findingsOf(config, world);
	const lines = findingLines(findings);
	if (lines.length > 0) world.printError(`${lines.join("\n")}\n`);
	world.print(renderOutput(findings, config.output));
	return isAllowed(findings) ? EXIT.allowed : EXIT.denied;
};

const crds = async (world: CommandWorld): Promise<number> => {
	const texts = await world.readCrds();
	world.print(texts.map((text) => `---\n${text.replace(/^---\n/, "").trimEnd()}\n`).join(""));
	return EXIT.allowed;
};

/** Every command but `run`. */
export type EndingConfig = Exclude<Config | UsageError, { command: "run" }>;

const perform = async (config: EndingConfig, world: CommandWorld): Promise<number> => {
	switch (config.command) {
		case "lint":
			return lint(config, world);
		case "render":
			return render(config, world);
		case "crds":
			return crds(world);
		case "version":
			world.print(`${await world.readVersion()}\n`);
			return EXIT.allowed;
		case "completion":
			world.print(completionScript(config.shell));
			return EXIT.allowed;
		case "help":
			world.print(`${config.text.trimEnd()}\n`);
			return EXIT.allowed;
		case "usage-error":
			world.printError(`${config.message.trimEnd()}\n`);
			return EXIT.couldNotRun;
	}
};

/** Runs a command to its end and answers the exit code: 0 allowed, 1 denied, 2 could not run. */
export const runCommand = async (config: EndingConfig, world: CommandWorld): Promise<number> => {
	try {
		return await perform(config, world);
	} catch (error) {
		if (![NothingToCheck, UnreadableFile, JobDefaultsError].some((known) => error instanceof known)) throw error;
		world.printError(`${(error as Error).message}\n`);
		return EXIT.couldNotRun;
	}
};
