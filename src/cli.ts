#!/usr/bin/env node
// The program's entry: reads the command line and either runs the controller or a command that ends by itself.
import { readdir, readFile, stat } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type CommandWorld, EXIT, runCommand } from "./cli/commands.ts";
import { parseConfiguration } from "./config.ts";
import { CRDS_FOLDER, readVersion } from "./files.ts";
import { nodeProblem } from "./nodeversion.ts";

const readCrds = async (): Promise<string[]> => {
	const names = (await readdir(CRDS_FOLDER)).filter((name) => name.endsWith(".yaml")).sort();
	return Promise.all(names.map((name) => readFile(`${CRDS_FOLDER}${name}`, "utf8")));
};

/** OpenPGP takes a while to load, and most manifests need none of it. */
const lazyInspector = (): CommandWorld["inspector"] => {
	const loading = async () => (await import("./gpg/index.ts")).createKeyInspector();
	return {
		inspectPublicKey: async (armored) => (await loading()).inspectPublicKey(armored),
		inspectPrivateKey: async (armored) => (await loading()).inspectPrivateKey(armored),
		inspectPair: async (material) => (await loading()).inspectPair(material),
	};
};

const world: CommandWorld = {
	system: {
		isFolder: async (path) => (await stat(path)).isDirectory(),
		list: (folder) => readdir(folder),
		read: (file) => readFile(file, "utf8"),
		readStandardInput: () => text(process.stdin),
	},
	inspector: lazyInspector(),
	readCrds,
	readVersion,
	print: (output) => void process.stdout.write(output),
	printError: (output) => void process.stderr.write(output),
};

const framesOf = (stack: string): string =>
	stack
		.split("\n")
		.filter((line) => /^\s+at /.test(line))
		.join("\n");

const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
	process.stderr.write(`${problem}\n`);
	process.exit(EXIT.couldNotRun);
}
const config = parseConfiguration(process.argv.slice(2), process.env);
if (config.command === "run") {
	const { run } = await import("./main.ts");
	const stopping = new AbortController();
	for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());
	process.exitCode = await run(config, stopping.signal);
} else {
	try {
		process.exitCode = await runCommand(config, world);
	} catch (error) {
		// Not its message, which may quote what was read: where it happened is what a report of the fault needs.
		const { name, stack = "" } = error instanceof Error ? error : new Error("unknown");
		process.stderr.write(`could not go on (${name}); this is a fault of the program\n${framesOf(stack)}\n`);
		process.exitCode = EXIT.couldNotRun;
	}
}
