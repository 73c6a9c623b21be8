// Runs a container's command as the container runtime would, with the pod's directories mapped into a test folder.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrapCommand } from "../../../src/domain/objects/bootstrap.ts";

export interface BootstrapRun {
	status: number | null;
	stdout: string;
	stderr: string;
	/** The completed script as it was run; undefined where there is none. */
	completed: Buffer | undefined;
	/** Where the completed script was. */
	path: string;
	milliseconds: number;
}

export interface BootstrapInput {
	/** A writable folder of the test. */
	folder: string;
	script: string | Buffer;
	environment: Record<string, string>;
	stdin?: string;
}

/** Runs the bootstrap command on a script, with nothing in the environment but PATH and what is given. */
export const runBootstrap = (input: BootstrapInput): BootstrapRun => {
	const source = join(input.folder, "source.sh");
	const path = join(input.folder, "backup.sh");
	const stdinFile = join(input.folder, "stdin");
	writeFileSync(source, input.script);
	writeFileSync(stdinFile, input.stdin ?? "");
	// A file, as bash takes a socket for a sign that it was started by a remote shell.
	const stdin = openSync(stdinFile, "r");
	const start = performance.now();
	const result = runCommand([...bootstrapCommand(), source, path], input.environment, stdin);
	const milliseconds = performance.now() - start;
	closeSync(stdin);
	return {
		status: result.status,
		stdout: result.stdout.toString(),
		stderr: result.stderr.toString(),
		completed: fileContent(path),
		path,
		milliseconds,
	};
};

const runCommand = (command: readonly string[], environment: Record<string, string>, stdin: number) => {
	const [program, ...args] = command;
	const env = { PATH: process.env.PATH ?? "", ...environment };
	// Another version of bash can be tested by naming its path.
	return spawnSync(process.env["BMC_TEST_BASH"] ?? (program as string), args, {
		env,
		stdio: [stdin, "pipe", "pipe"],
		maxBuffer: 64 * 1024 * 1024,
	});
};

const fileContent = (path: string): Buffer | undefined => {
	try {
		return readFileSync(path);
	} catch {
		return undefined;
	}
};
