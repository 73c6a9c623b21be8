// A registry of container images on a loopback address.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Test } from "tap";

/**
 * Starts a registry, and ends it with the test.
 * @param crane path of the program
 * @param folder where it keeps what is pushed
 * Out: `127.0.0.1:PORT`
 * @throws Error where it does not start
 */
export const startRegistry = async (crane: string, folder: string, t: Test): Promise<string> => {
	const child = spawn(crane, ["registry", "serve", "--address=127.0.0.1:0", `--disk=${folder}`], {
		stdio: ["ignore", "ignore", "pipe"],
	});
	t.teardown(() => child.kill());
	for await (const line of createInterface({ input: child.stderr })) {
		const port = /serving on port (\d+)/.exec(line)?.[1];
		if (port === undefined) continue;
		// Its log goes on, and nobody reads it.
		child.stderr.resume();
		return `127.0.0.1:${port}`;
	}
	throw new Error("crane's registry did not start");
};
