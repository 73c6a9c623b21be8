// Everything that can be measured, in one place, so that names and labels are one vocabulary. Labels are kinds,
// controllers and words from closed sets: never names of users' objects, which are unbounded and may be secret.
import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from "prom-client";

export interface Metrics {
	/** @param verdict `allowed`, `denied`, `warned`, `error`. @param seconds how long the answer took. */
	admitted(kind: string, verdict: string, seconds: number): void;
	/** @param seconds how long the run took. */
	reconciled(controller: string, outcome: string, seconds: number): void;
	/** Makes a queue's depth readable at each scrape. */
	watchQueue(controller: string, depth: () => number): void;
	watchRestarted(kind: string, reason: string): void;
	eventDropped(kind: string, reason: string): void;
	/** @param counts by state (`applied`, `wrong` …), as the last pass over the folder of templates left them. */
	templatesFolder(counts: Readonly<Record<string, number>>): void;
	/** @param certificate `serving`, `authority`. @param expires milliseconds since the epoch. */
	certificateExpires(certificate: string, expires: number): void;
	certificateRenewed(certificate: string): void;
	certificateFailed(reason: string): void;
	/** Whether this replica leads; call it only where one is elected. */
	leading(is: boolean): void;
	/** @param result `acquired`, `busy`, `unknown`, `lost`. */
	locked(result: string): void;
	/** Whether Redis answers; call it only where it is used. */
	redisUp(up: boolean): void;
}

const PREFIX = "backup_maker_controller_";
/** Seconds. Admission's own goal is 5 ms, its deadline 5 s. */
const ADMISSION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Seconds. A reconcile makes some ten requests, and may make a key. */
const RECONCILE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Registers all metrics, with Node's own. One registry per process: a second call on the same one throws. */
export const createMetrics = (registry: Registry): Metrics => {
	collectDefaultMetrics({ register: registry });
	const registers = [registry];
	const admissions = new Histogram({
		name: `${PREFIX}admission_duration_seconds`,
		help: "Admission reviews answered, by kind and verdict, with the time that the answer took.",
		labelNames: ["kind", "verdict"],
		buckets: ADMISSION_BUCKETS,
		registers,
	});
	const reconciles = new Histogram({
		name: `${PREFIX}reconcile_duration_seconds`,
		help: "Reconciles that ended, by controller and outcome, with the time that they took.",
		labelNames: ["controller", "outcome"],
		buckets: RECONCILE_BUCKETS,
		registers,
	});
	const restarts = new Counter({
		name: `${PREFIX}watch_restarts_total`,
		help: "Watches that ended and were begun again, by kind and reason; timeout is the ordinary one.",
		labelNames: ["kind", "reason"],
		registers,
	});
	const dropped = new Counter({
		name: `${PREFIX}watch_events_dropped_total`,
		help: "Watch events that could not be used, by kind and reason; each is a fault.",
		labelNames: ["kind", "reason"],
		registers,
	});
	const templates = new Gauge({
		name: `${PREFIX}folder_templates`,
		help: "Manifests of --templates-dir, and templates that left it, by what became of them.",
		labelNames: ["state"],
		registers,
	});
	return {
		admitted: (kind, verdict, seconds) => admissions.observe({ kind, verdict }, seconds),
		reconciled: (controller, outcome, seconds) => reconciles.observe({ controller, outcome }, seconds),
		templatesFolder: (counts) => {
			for (const [state, count] of Object.entries(counts)) templates.set({ state }, count);
		},
		watchQueue: queueGauge(registry),
		watchRestarted: (kind, reason) => restarts.inc({ kind, reason }),
		eventDropped: (kind, reason) => dropped.inc({ kind, reason }),
		...certificateMetrics(registers),
		...availabilityMetrics(registry),
	};
};

const certificateMetrics = (
	registers: Registry[],
): Pick<Metrics, "certificateExpires" | "certificateRenewed" | "certificateFailed"> => {
	const expiry = new Gauge({
		name: `${PREFIX}certificate_expiry_timestamp_seconds`,
		help: "When the certificate that is in use expires, by certificate, in seconds since the epoch.",
		labelNames: ["certificate"],
		registers,
	});
	const renewals = new Counter({
		name: `${PREFIX}certificate_renewals_total`,
		help: "New certificates, by certificate; of authorities those that this replica made.",
		labelNames: ["certificate"],
		registers,
	});
	const failures = new Counter({
		name: `${PREFIX}certificate_failures_total`,
		help: "Failed tries to keep certificates up to date, by reason.",
		labelNames: ["reason"],
		registers,
	});
	return {
		certificateExpires: (certificate, expires) => expiry.set({ certificate }, expires / 1000),
		certificateRenewed: (certificate) => renewals.inc({ certificate }),
		certificateFailed: (reason) => failures.inc({ reason }),
	};
};

/** A gauge that is there once it was set, so that it is not 0 where there is nothing to tell. */
const flag = (registry: Registry, name: string, help: string): ((is: boolean) => void) => {
	let gauge: Gauge | undefined;
	return (is) => {
		gauge ??= new Gauge({ name, help, registers: [registry] });
		gauge.set(is ? 1 : 0);
	};
};

const availabilityMetrics = (registry: Registry): Pick<Metrics, "leading" | "locked" | "redisUp"> => {
	const locks = new Counter({
		name: `${PREFIX}locks_total`,
		help: "Tries to lock an object in Redis, by result; lost counts locks that were acquired and did not last.",
		labelNames: ["result"],
		registers: [registry],
	});
	return {
		leading: flag(registry, `${PREFIX}leader`, "1 where this replica holds the Lease, 0 where it stands by."),
		locked: (result) => locks.inc({ result }),
		redisUp: flag(registry, `${PREFIX}redis_up`, "1 where Redis answers, 0 where work goes on without locks."),
	};
};

const queueGauge = (registry: Registry): Metrics["watchQueue"] => {
	const depths = new Map<string, () => number>();
	new Gauge({
		name: `${PREFIX}queue_depth`,
		help: "Keys that wait for a reconcile, by controller.",
		labelNames: ["controller"],
		registers: [registry],
		collect() {
			for (const [controller, depth] of depths) this.set({ controller }, depth());
		},
	});
	return (controller, depth) => {
		depths.set(controller, depth);
	};
};
