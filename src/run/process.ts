// What is under way in one run of the controller: every part of the start adds to it, the probes look at it, and the end
// undoes it.
import type { CertificateSource } from "../../certs/index.ts";
import type { Controllers } from "../../reconcilers/index.ts";
import type { RunConfig } from "../config.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";

export interface Process {
	readonly config: RunConfig;
	readonly logger: Logger;
	readonly metrics: Metrics;
	/** Aborted by SIGTERM or SIGINT. */
	readonly signal: AbortSignal;
	/** What has to be stopped, last started first. */
	readonly stops: (() => Promise<unknown>)[];
	controllers: Controllers | undefined;
	certificates: CertificateSource | undefined;
	/** Whether reviews are answered. */
	serving: boolean;
}

/** A run in which nothing is under way yet. */
export const newProcess = (base: Pick<Process, "config" | "logger" | "metrics" | "signal">): Process => ({
	...base,
	stops: [],
	controllers: undefined,
	certificates: undefined,
	serving: false,
});

/** Resolves when the signal is aborted, or was. */
export const aborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});

/**
 * Ends everything, last started first; what fails to end does not keep the rest from it.
 * Out: whether all of it ended well; what did not is in the log.
 */
export const stopAll = async ({ stops, logger }: Process): Promise<boolean> => {
	let clean = true;
	for (const end of stops.reverse()) {
		try {
			await end();
		} catch (error) {
			clean = false;
			logger.error({ err: error }, "could not stop cleanly");
		}
	}
	return clean;
};
