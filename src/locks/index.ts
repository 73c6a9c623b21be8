// How this process shares the work with others, bound as the configuration says: it leads or stands by, or locks each object
// in Redis, or is alone.
import { randomBytes, randomUUID } from "node:crypto";
import type { LeaderElectionConfig, RunConfig } from "../config.ts";
import { type Connection, connect } from "../kube/client.ts";
import { steadyClock } from "../kube/clock.ts";
import type { Logger } from "../kube/reflector.ts";
import { type Activity, alwaysActive } from "./activity.ts";
import { type ElectionMetrics, electedActivity } from "./lease/election.ts";
import { leaseStore } from "./lease/store.ts";
import type { LockMetrics, Locks } from "./locks.ts";
import { memoryLocks } from "./memory.ts";
import type { Clocks } from "./term.ts";

export interface SharingOptions {
	config: Pick<RunConfig, "kubeconfig" | "inClusterServer" | "namespace" | "identity" | "leaderElection" | "redis">;
	logger: Logger;
	metrics: ElectionMetrics & LockMetrics;
}

export interface Sharing {
	activity: Activity;
	locks: Locks;
	/** Ends its connections; call it when the activity has stopped. */
	close(): Promise<void>;
}

/** The part of the renew deadline that a call about the Lease may take: two fit in, and a pause between them. */
const LEASE_CALL_PART = 0.4;
/** Connections of its own, so that renewals never queue behind reconciles. */
const LEASE_CONNECTIONS = 2;

const CLOCKS: Clocks = { steady: steadyClock, wall: () => Date.now() };

const elected = (
	options: SharingOptions,
	{ lease, timing }: LeaderElectionConfig,
	connection: Connection,
): Activity => {
	const { config, logger, metrics } = options;
	return electedActivity({
		store: leaseStore(connection.kube, { namespace: config.namespace ?? "", name: lease }),
		// A container that is started again in the same pod is another process.
		identity: `${config.identity}_${randomUUID()}`,
		clocks: CLOCKS,
		random: Math.random,
		logger,
		metrics,
		timing,
	});
};

/**
 * Makes no request to the API server yet, and does not wait for Redis.
 * @throws UnavailableError where the credentials cannot be read; FlagValueError where the authorities of Redis cannot.
 */
export const bindSharing = async (options: SharingOptions): Promise<Sharing> => {
	const { config, logger, metrics } = options;
	const random = Math.random;
	if (config.redis !== undefined) {
		// The client is loaded only by those who use it.
		const [{ connectRedis }, { redisLocks }] = await Promise.all([
			import("./redis/connection.ts"),
			import("./redis/locks.ts"),
		]);
		const connection = await connectRedis({ address: config.redis, random, logger, metrics });
		const token = (): string => randomBytes(16).toString("hex");
		const locks = redisLocks({ connection, clocks: CLOCKS, random, token, metrics });
		return { activity: alwaysActive(), locks, close: () => locks.close() };
	}
	const locks = memoryLocks(random);
	if (config.leaderElection === undefined) return { activity: alwaysActive(), locks, close: () => locks.close() };
	const connection = await connect({
		...(config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig }),
		...(config.inClusterServer === undefined ? {} : { inClusterServer: config.inClusterServer }),
		timeout: config.leaderElection.timing.renewDeadline * LEASE_CALL_PART,
		connections: LEASE_CONNECTIONS,
	});
	return {
		activity: elected(options, config.leaderElection, connection),
		locks,
		close: () => connection.close(),
	};
};
