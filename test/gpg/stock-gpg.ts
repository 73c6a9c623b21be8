// Runs the machine's own gpg, as the pod does, in a home of its own.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface GpgResult {
	status: number | null;
	stdout: Buffer;
	stderr: string;
}

export interface StockGpg {
	/** GNUPGHOME. */
	home: string;
	/** `input` is what gpg reads on file descriptor 0. There is never a terminal. */
	run(args: readonly string[], input?: string | Buffer): GpgResult;
	/** Ends this home's agent and removes the home. */
	close(): void;
}

/** A fresh GNUPGHOME. Its path is short, because the agent's socket in it must be shorter than 108 bytes. */
export const stockGpg = (): StockGpg => {
	const home = mkdtempSync(join(tmpdir(), "g-"));
	// Each new agent would measure for 0.2 s how often it can hash.
	writeFileSync(join(home, "gpg-agent.conf"), "s2k-count 65536\n");
	const env = { PATH: process.env.PATH ?? "", HOME: home, GNUPGHOME: home, LC_ALL: "C" };
	return {
		home,
		run(args, input = "") {
			// setsid: gpg must not find a terminal through the session either.
			const result = spawnSync("setsid", ["-w", "gpg", ...args], { env, input });
			return { status: result.status, stdout: result.stdout, stderr: result.stderr.toString() };
		},
		close() {
			spawnSync("gpgconf", ["--kill", "gpg-agent"], { env });
			rmSync(home, { recursive: true, force: true });
		},
	};
};

/** Imports a private key exactly as backup-maker does. */
export const importPrivateKey = (gpg: StockGpg, file: string, passphrase: string): GpgResult =>
	gpg.run(["--passphrase-fd", "0", "--pinentry-mode", "loopback", "--import", file], `${passphrase}\n`);
