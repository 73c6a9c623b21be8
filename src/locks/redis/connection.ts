// One connection to Redis, or to the master that its sentinels know. It never keeps a command for later: what cannot be
// answered in time fails, so that work goes on without locks, nothing piles up, and a server that hangs is left alone until
// a new connection to it works.
import { readFile } from "node:fs/promises";
import { Redis, type RedisOptions } from "ioredis";
import { FlagValueError } from "../../api/flagvalue.ts";
import { systemFailure } from "../../api/systemfailure.ts";
import { hostAndPort } from "../../config/values.ts";
import type { RedisConfig } from "../../config.ts";
import { backoffDelay } from "../../kube/backoff.ts";
import type { Logger } from "../../kube/reflector.ts";
import type { LockMetrics } from "../locks.ts";
import { failureWord } from "./failure.ts";

export interface RedisConnectionOptions {
	address: RedisConfig;
	/** 0 ≤ x < 1. */
	random: () => number;
	logger: Logger;
	metrics: Pick<LockMetrics, "redisUp">;
	/** Milliseconds that a command may take; 1,000 where absent. */
	commandTimeout?: number;
}

export interface RedisConnection {
	/**
	 * Runs a script on one key.
	 * @throws Error with a word that says why, where there is no answer in time: at once where no connection is up.
	 */
	run(script: string, key: string, ...values: (string | number)[]): Promise<number>;
	/** Undefined while it answers as it should, else a word for why not. */
	trouble(): string | undefined;
	close(): void;
}

/** Milliseconds. */
const COMMAND_TIMEOUT = 1_000;
const CONNECT_TIMEOUT = 3_000;
/** Milliseconds: waits between two tries to connect. */
const RECONNECT = { base: 100, cap: 3_000 };

/** Replies are mapped as they always were. */
type Options = Omit<RedisOptions, "replyMapping">;

const endpoints = ({ hosts, sentinel, tls }: RedisConfig, ca: string | undefined): Options => {
	const secure = tls === undefined ? undefined : ca === undefined ? {} : { ca };
	const [first] = hosts;
	if (sentinel === undefined)
		return { host: first?.host ?? "", port: first?.port ?? 6379, ...(secure === undefined ? {} : { tls: secure }) };
	return {
		sentinels: hosts.map(({ host, port }) => ({ host, port })),
		name: sentinel.master,
		role: "master",
		...(sentinel.password === undefined ? {} : { sentinelPassword: sentinel.password }),
		...(secure === undefined ? {} : { tls: secure, sentinelTLS: secure, enableTLSForSentinelMode: true }),
	};
};

const clientOptions = (options: RedisConnectionOptions, ca: string | undefined): Options => {
	const { address, random, commandTimeout = COMMAND_TIMEOUT } = options;
	const retry = (failures: number): number => backoffDelay(failures, { ...RECONNECT, random });
	return {
		...endpoints(address, ca),
		db: address.database,
		...(address.username === undefined ? {} : { username: address.username }),
		...(address.password === undefined ? {} : { password: address.password }),
		// Every server since version 2.6 speaks it.
		protocol: 2,
		// Both, whatever a name resolves to.
		family: 0,
		disableClientInfo: true,
		connectTimeout: CONNECT_TIMEOUT,
		commandTimeout,
		sentinelCommandTimeout: commandTimeout,
		// Nothing is kept for later.
		enableOfflineQueue: false,
		autoResendUnfulfilledCommands: false,
		maxRetriesPerRequest: 0,
		retryStrategy: retry,
		sentinelRetryStrategy: retry,
		// A master that became a replica: ask the sentinels again.
		reconnectOnError: (error) => error.message.startsWith("READONLY"),
	};
};

const readAuthorities = async (file: string | undefined): Promise<string | undefined> => {
	if (file === undefined) return undefined;
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		const remedy = "give a readable file with the PEM certificates of the authorities";
		throw new FlagValueError("--redis-ca-file", file, systemFailure(error), remedy, error);
	}
};

/**
 * Connects, and reconnects for ever; resolves at once.
 * @throws FlagValueError where the file of authorities cannot be read.
 */
export const connectRedis = async (options: RedisConnectionOptions): Promise<RedisConnection> => {
	const { address, logger, metrics } = options;
	const ca = await readAuthorities(address.tls?.caFile);
	const hosts = address.hosts.map(hostAndPort).join(", ");
	const where = address.sentinel === undefined ? hosts : `${address.sentinel.master} of the sentinels ${hosts}`;
	let up = false;
	let refused: string | undefined;
	let why = "not connected yet";
	let told: string | undefined;
	/** Once for each reason, not for each try. */
	const tell = (reason: string): void => {
		if (told !== reason)
			logger.warn(
				{ reason },
				`--redis-host: Redis at ${where} gives no locks (${reason}); the controller continues without them`,
			);
		told = reason;
	};
	const down = (reason: string): void => {
		up = false;
		why = reason;
		metrics.redisUp(false);
		tell(reason);
	};
	metrics.redisUp(false);
	const client = new Redis(clientOptions(options, ca));
	client.on("error", (error: unknown) => down(failureWord(error)));
	client.on("close", () => {
		if (up) down("connection closed");
	});
	client.on("ready", () => {
		up = true;
		told = undefined;
		metrics.redisUp(true);
		logger.info({ database: address.database }, "Redis answers: a lock per object");
	});
	return {
		run: async (script, key, ...values) => {
			if (!up) throw new Error(`Redis: ${why}`);
			try {
				const answer = Number(await client.eval(script, 1, key, ...values));
				refused = undefined;
				return answer;
			} catch (error) {
				const reason = failureWord(error);
				if (reason === "no answer in time" && up) {
					down(reason);
					client.disconnect(true);
				} else if (up) {
					// A reply is an answer: the server is up, but does not do what it is told (no rights, no memory).
					refused = reason;
					tell(reason);
				}
				throw new Error(`Redis: ${reason}`);
			}
		},
		trouble: () => (up ? refused : why),
		close: () => {
			client.removeAllListeners();
			client.on("error", () => undefined);
			client.disconnect();
		},
	};
};
