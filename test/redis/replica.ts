// One replica's locks over a real Redis, with everything that a test wants to know of them.
import { randomBytes } from "node:crypto";
import type { Test } from "tap";
import type { RedisConfig } from "../../src/config.ts";
import { steadyClock } from "../../src/kube/clock.ts";
import type { Acquisition, Lock, LockResult } from "../../src/locks/locks.ts";
import { connectRedis } from "../../src/locks/redis/connection.ts";
import { redisLocks } from "../../src/locks/redis/locks.ts";
import { eventually } from "../cluster/wait.ts";
import type { RedisServer } from "./server.ts";

export const PASSWORD = "a-pass-word-that-must-not-leak";
/** Of the one lock that `acquire` asks for. */
export const KEY = "backup-maker-controller:lock:uid";

/** Where it is, without password or TLS. */
export const addressOf = ({ port }: Pick<RedisServer, "port">, change: Partial<RedisConfig> = {}): RedisConfig => ({
	hosts: [{ host: "127.0.0.1", port }],
	username: undefined,
	password: undefined,
	database: 0,
	tls: undefined,
	sentinel: undefined,
	...change,
});

/** Connects; the connection ends with the test. */
export const replica = async (t: Test, address: RedisConfig, timeToLive = 15_000) => {
	const logs: string[] = [];
	const counted: LockResult[] = [];
	let up: boolean | undefined;
	const log = (fields: object, message?: string): void => {
		logs.push(`${JSON.stringify(fields)} ${message}`);
	};
	const logger = { debug: log, info: log, warn: log, error: log };
	const metrics = {
		locked: (result: LockResult) => counted.push(result),
		redisUp: (is: boolean) => {
			up = is;
		},
	};
	const connection = await connectRedis({ address, random: Math.random, logger, metrics });
	const token = (): string => randomBytes(16).toString("hex");
	const clocks = { steady: steadyClock, wall: () => Date.now() };
	const locks = redisLocks({ connection, clocks, random: Math.random, token, metrics, timeToLive });
	t.teardown(() => locks.close());
	const acquire = (): Promise<Acquisition> => locks.acquire("uid");
	const untilUp = (): Promise<boolean> => eventually(() => up === true, { what: "Redis is up" });
	/** The lock, once it is held. */
	const held = (): Promise<Lock> =>
		eventually(
			async () => {
				const acquired = await acquire();
				if (acquired.type === "unknown") await acquired.lock.release();
				return acquired.type === "held" ? acquired.lock : undefined;
			},
			{ what: "the lock is held" },
		);
	return { locks, logs, counted, acquire, untilUp, held, up: () => up, detail: () => locks.checks()[0]?.detail };
};
