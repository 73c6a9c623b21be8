// Real Redis servers for tests: plain, with a password, with TLS, replicas and sentinels; each in a folder of its own, on a
// free loopback port, ended with the test. They keep nothing on disk.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeServingCertificate } from "../../certs/serving.ts";
import { freePorts } from "../cluster/ports.ts";
import { type Running, start } from "../cluster/processes.ts";
import { eventually } from "../cluster/wait.ts";

export interface RedisServer {
	readonly port: number;
	/** What redis-cli prints, trimmed. */
	cli(...args: string[]): Promise<string>;
	/** SIGSTOP: connections are taken, and nothing is answered. */
	pause(): void;
	/** SIGCONT. */
	resume(): void;
	/** SIGKILL. */
	kill(): Promise<void>;
	/** Starts it again, empty, on its port. */
	restart(): Promise<void>;
}

export interface RedisServerOptions {
	password?: string;
	/** PEM files. */
	tls?: { certificateFile: string; keyFile: string; authorityFile: string };
	/** Further lines of its configuration. */
	lines?: readonly string[];
	sentinel?: boolean;
}

/** Needs a Debian package: `make test` installs it. */
const PROGRAM = "redis-server";

const lines = (port: number, folder: string, options: RedisServerOptions): string[] => {
	const { password, tls, sentinel } = options;
	return [
		"bind 127.0.0.1",
		tls === undefined ? `port ${port}` : "port 0",
		`dir ${folder}`,
		"daemonize no",
		...(sentinel ? [] : ["save ''", "appendonly no"]),
		...(password === undefined ? [] : [`requirepass ${password}`]),
		...(tls === undefined
			? []
			: [
					`tls-port ${port}`,
					`tls-cert-file ${tls.certificateFile}`,
					`tls-key-file ${tls.keyFile}`,
					`tls-ca-cert-file ${tls.authorityFile}`,
					"tls-auth-clients no",
					"tls-replication yes",
				]),
		...(options.lines ?? []),
	];
};

/** Starts one; it ends with the test. */
export const startRedis = async (
	t: { teardown(end: () => unknown): unknown },
	options: RedisServerOptions = {},
): Promise<RedisServer> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-redis-"));
	const [port = 0] = await freePorts(1);
	const configuration = join(folder, "redis.conf");
	await writeFile(configuration, `${lines(port, folder, options).join("\n")}\n`);
	const log = join(folder, "redis.log");
	const cli = (...args: string[]): Promise<string> =>
		new Promise((resolve, reject) => {
			const access = [
				...(options.password === undefined ? [] : ["--no-auth-warning", "-a", options.password]),
				...(options.tls === undefined ? [] : ["--tls", "--cacert", options.tls.authorityFile]),
			];
			execFile("redis-cli", ["-p", String(port), ...access, ...args], { timeout: 5_000 }, (error, stdout) =>
				error === null ? resolve(stdout.trim()) : reject(error),
			);
		});
	let running: Running;
	const run = async (): Promise<void> => {
		running = start(PROGRAM, [configuration, ...(options.sentinel ? ["--sentinel"] : [])], { log });
		await eventually(async () => (await cli("ping")) === "PONG", { what: `Redis answers on port ${port}` });
	};
	await run();
	t.teardown(async () => {
		running.child.kill("SIGCONT");
		await running.end("SIGKILL");
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	return {
		port,
		cli,
		pause: () => {
			running.child.kill("SIGSTOP");
		},
		resume: () => {
			running.child.kill("SIGCONT");
		},
		kill: () => running.end("SIGKILL"),
		restart: run,
	};
};

/** A certificate for 127.0.0.1 and localhost, with its authority, as files. */
export const redisCertificate = async (t: {
	teardown(end: () => unknown): unknown;
}): Promise<Required<RedisServerOptions>["tls"]> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-redis-tls-"));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	const { certificate, key, authority } = await makeServingCertificate(["127.0.0.1", "localhost"], {
		now: new Date(),
		randomBytes,
	});
	const [certificateFile, keyFile, authorityFile] = ["tls.crt", "tls.key", "ca.crt"].map((name) =>
		join(folder, name),
	) as [string, string, string];
	await writeFile(certificateFile, certificate);
	await writeFile(keyFile, key);
	await writeFile(authorityFile, authority);
	return { certificateFile, keyFile, authorityFile };
};
