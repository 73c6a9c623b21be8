// What each command does, apart from the process it runs in: in come the configuration and the world, out goes an exit
// code. A command's own modules are loaded when it is run.
import type { Config, UsageError } from "../config.ts";
import type { KeyInspector } from "../gather/references.ts";
import type { FileSystem } from "../manifests/files.ts";

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

const crds = async (world: CommandWorld): Promise<number> => {
	const texts = await world.readCrds();
	world.print(texts.map((text) => `---\n${text.replace(/^---\n/, "").trimEnd()}\n`).join(""));
	return EXIT.allowed;
};

/** Every command but `run`. */
export type EndingConfig = Exclude<Config | UsageError, { command: "run" }>;

/** Runs a command to its end and answers the exit code: 0 allowed, 1 denied, 2 could not run. */
export const runCommand = async (config: EndingConfig, world: CommandWorld): Promise<number> => {
	switch (config.command) {
		case "lint":
			return (await import("./examine.ts")).lint(config, world);
		case "render":
			return (await import("./examine.ts")).render(config, world);
		case "crds":
			return crds(world);
		case "version":
			world.print(`${await world.readVersion()}\n`);
			return EXIT.allowed;
		case "completion":
			world.print((await import("./completion.ts")).completionScript(config.shell));
			return EXIT.allowed;
		case "help":
			world.print(`${config.text.trimEnd()}\n`);
			return EXIT.allowed;
		case "usage-error":
			world.printError(`${config.message.trimEnd()}\n`);
			return EXIT.couldNotRun;
	}
};
