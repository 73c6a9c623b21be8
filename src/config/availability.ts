// How several replicas share the work: one leads by a Lease, or all work with locks in Redis. Passwords come by environment
// variables alone, since everybody can read a process's arguments.
import { type Arguments, UsageMistake } from "./arguments.ts";
import { milliseconds } from "./values.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface LeaderElectionConfig {
	/** Name of the Lease. */
	readonly lease: string;
	/** Milliseconds, as `LeaseTiming` of src/locks/lease describes them. */
	readonly timing: { readonly duration: number; readonly renewDeadline: number; readonly retryPeriod: number };
}

export interface RedisConfig {
	/** Of Redis itself (one), or of its sentinels. */
	readonly hosts: readonly { readonly host: string; readonly port: number }[];
	readonly username: string | undefined;
	readonly password: string | undefined;
	readonly database: number;
	/** Undefined: no TLS. `caFile` undefined: the authorities that Node.js knows. */
	readonly tls: { readonly caFile: string | undefined } | undefined;
	/** Undefined: no sentinels. */
	readonly sentinel: { readonly master: string; readonly password: string | undefined } | undefined;
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;
const MOST_DATABASE = 1_000_000;
const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** `redis`, `redis:6379`, `[::1]`, `[::1]:6379`. */
const HOST = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/@]+))(?::(\d{1,5}))?$/;
const DETAILS = ["redis-username", "redis-tls", "redis-ca-file", "redis-sentinel-master", "redis-database"];

const port = (flag: string, text: string): number => {
	const number = Number(text);
	if (!/^\d{1,5}$/.test(text) || number < 1 || number > 65_535)
		throw new UsageMistake(`--${flag}: a port is a number from 1 to 65535, not ${JSON.stringify(text)}`);
	return number;
};

const hostsOf = (text: string, defaultPort: number): RedisConfig["hosts"] =>
	text.split(",").map((part) => {
		const match = HOST.exec(part.trim());
		const host = match?.[1] ?? match?.[2];
		// Not printed: a URL with a password in it may have been meant.
		if (match === null || host === undefined)
			throw new UsageMistake("--redis-host is HOST, HOST:PORT or [IPV6]:PORT, several separated by commas, no URL");
		return { host, port: match[3] === undefined ? defaultPort : port("redis-host", match[3]) };
	});

const databaseOf = (text: string | undefined): number => {
	if (!text) return 0;
	if (!/^\d{1,7}$/.test(text) || Number(text) > MOST_DATABASE)
		throw new UsageMistake(`--redis-database is a number from 0, not ${JSON.stringify(text)}`);
	return Number(text);
};

const isGiven = ({ values, switches }: Arguments, flag: string): boolean =>
	Boolean(values.get(flag)) || switches.get(flag) === true;

/** A host makes the others count; a port alone is what the original was started with, and means nothing. */
const refuseDetailsAlone = (given: Arguments): void => {
	const alone = DETAILS.find((flag) => isGiven(given, flag));
	if (alone !== undefined) throw new UsageMistake(`--${alone} needs --redis-host`);
};

const tlsOf = ({ values, switches }: Arguments): RedisConfig["tls"] => {
	const caFile = values.get("redis-ca-file") || undefined;
	if (switches.get("redis-tls") === true) return { caFile };
	if (caFile !== undefined) throw new UsageMistake("--redis-ca-file needs --redis-tls");
	return undefined;
};

const credentialsOf = ({ values }: Arguments, env: Environment): Pick<RedisConfig, "username" | "password"> => {
	const username = values.get("redis-username") || undefined;
	const password = env["REDIS_PASSWORD"] || undefined;
	if (username !== undefined && password === undefined)
		throw new UsageMistake("--redis-username needs a password in the environment variable REDIS_PASSWORD");
	return { username, password };
};

/** Undefined where Redis is not used. @throws UsageMistake */
export const redisOf = (given: Arguments, env: Environment): RedisConfig | undefined => {
	const { values, switches } = given;
	if (switches.get("disable-redis")) return undefined;
	const hostText = values.get("redis-host");
	if (!hostText) {
		refuseDetailsAlone(given);
		return undefined;
	}
	const master = values.get("redis-sentinel-master") || undefined;
	const givenPort = values.get("redis-port") || undefined;
	const standard = master === undefined ? REDIS_PORT : SENTINEL_PORT;
	const hosts = hostsOf(hostText, givenPort === undefined ? standard : port("redis-port", givenPort));
	if (hosts.length > 1 && master === undefined)
		throw new UsageMistake("--redis-host: several hosts are sentinels, and need --redis-sentinel-master");
	return {
		hosts,
		...credentialsOf(given, env),
		database: databaseOf(values.get("redis-database")),
		tls: tlsOf(given),
		sentinel: master === undefined ? undefined : { master, password: env["REDIS_SENTINEL_PASSWORD"] || undefined },
	};
};

/** By so much, at most, a try comes later than the retry period: client-go's JitterFactor. */
const JITTER_FACTOR = 1.2;

const mustBe = (flag: string, text: string, required: string): UsageMistake =>
	new UsageMistake(`--${flag}: Invalid value: ${JSON.stringify(text)}: must be ${required}`);

/**
 * The rules are those of client-go (NewLeaderElector in tools/leaderelection). The Lease has its duration in whole seconds.
 * @throws UsageMistake
 */
const timingOf = (text: (flag: string) => string): LeaderElectionConfig["timing"] => {
	const [lease, deadline, period] = [
		"leader-elect-lease-duration",
		"leader-elect-renew-deadline",
		"leader-elect-retry-period",
	] as const;
	const duration = milliseconds(lease, text(lease));
	const renewDeadline = milliseconds(deadline, text(deadline));
	const retryPeriod = milliseconds(period, text(period));
	if (duration % 1000 !== 0) throw mustBe(lease, text(lease), "a number of whole seconds");
	if (renewDeadline >= duration) throw mustBe(deadline, text(deadline), `shorter than --${lease} (${text(lease)})`);
	if (retryPeriod * JITTER_FACTOR >= renewDeadline)
		throw mustBe(
			period,
			text(period),
			`shorter than --${deadline} (${text(deadline)}) divided by ${JITTER_FACTOR}, since tries are spread by that factor`,
		);
	return { duration, renewDeadline, retryPeriod };
};

/**
 * Undefined where no leader is elected.
 * @param text a flag's value or default.
 * @param namespace where the Lease is to be.
 * @throws UsageMistake
 */
export const leaderElectionOf = (
	given: Arguments,
	text: (flag: string) => string,
	namespace: string | undefined,
	redis: RedisConfig | undefined,
): LeaderElectionConfig | undefined => {
	if (!given.switches.get("leader-elect")) return undefined;
	if (redis !== undefined)
		throw new UsageMistake(
			"--leader-elect and --redis-host exclude each other: with Redis all replicas are active; give one of them, or --disable-redis",
		);
	if (namespace === undefined)
		throw new UsageMistake("--leader-elect needs --namespace, or POD_NAMESPACE in the environment: its Lease is there");
	const lease = text("leader-elect-lease");
	if (lease.length > 253 || !DNS_NAME.test(lease))
		throw new UsageMistake(`--leader-elect-lease: ${JSON.stringify(lease)} is no name of an object`);
	return { lease, timing: timingOf(text) };
};
