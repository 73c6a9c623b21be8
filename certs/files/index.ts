// Serves with the files of a directory, as cert-manager or somebody else keeps them, and follows their changes. A mounted
// Secret changes by a symbolic link (`..data`) that is swapped, so the directory is watched and not the files; where
// watching fails (some file systems tell nothing) they are read again once a minute of the wall clock.
import { type FSWatcher, watch } from "node:fs";
import type { Clock } from "../../src/kube/clock.ts";
import type { Logger } from "../../src/kube/reflector.ts";
import type { Check } from "../../src/telemetry/health.ts";
import type { CertificatePair } from "../authority.ts";
import { readServingFiles, unusableFiles } from "../serving.ts";
import { type CertificateMetrics, type CertificateSource, CHECK_NAME, createSupply } from "../source.ts";
import { whenClockShows } from "../wallclock.ts";
import { type Certificate, firstCertificate, isValid } from "../x509.ts";
import { choosePair } from "./policy.ts";

export interface FilesOptions {
	directory: string;
	clock: Clock;
	logger: Logger;
	metrics: CertificateMetrics;
}

/** Milliseconds after the last change: who writes two files one after the other is let finish. */
const SETTLE = 250;
/** Milliseconds between readings that no change asked for. */
const READ_EVERY = 60_000;

interface Served {
	pair: CertificatePair;
	facts: Certificate;
}

const read = async (directory: string): Promise<Served> => {
	const pair = await readServingFiles(directory);
	const facts = firstCertificate(pair.certificate);
	if (facts === undefined) throw unusableFiles(directory, "tls.crt has no PEM certificate");
	return { pair, facts };
};

const checkOf = ({ facts }: Served, now: number): Check =>
	isValid(facts, now)
		? { name: CHECK_NAME, ok: true }
		: { name: CHECK_NAME, ok: false, detail: "the one in the files is not valid now" };

/** Watches the directory as long as that works. Out: what ends it. */
const watchDirectory = (directory: string, changed: () => void, failed: (error: unknown) => void): (() => void) => {
	let watcher: FSWatcher | undefined;
	const fail = (error: unknown): void => {
		watcher?.close();
		failed(error);
	};
	try {
		watcher = watch(directory, { persistent: false }, changed);
		watcher.on("error", fail);
	} catch (error) {
		fail(error);
	}
	return () => watcher?.close();
};

/** One reading at a time; whoever asks during one gets another after it. */
const createReader = (reload: () => Promise<void>) => {
	let again = false;
	let running: Promise<void> | undefined;
	const loop = async (): Promise<void> => {
		do {
			again = false;
			await reload();
		} while (again);
		running = undefined;
	};
	return {
		ask: (): Promise<void> => {
			again = true;
			running ??= loop();
			return running;
		},
	};
};

/** What is served, and how a reading of the files changes it. */
const createReload = (
	{ directory, clock, logger, metrics }: FilesOptions,
	first: Served,
	give: (pair: CertificatePair) => void,
) => {
	let served = first;
	let complained = "";
	const serve = (found: Served): void => {
		// First, since a server may refuse it.
		give(found.pair);
		served = found;
		metrics.certificateExpires("serving", found.facts.notAfter);
	};
	/** Once until it is another complaint. */
	const complain = (why: string, fields: object): void => {
		metrics.certificateFailed("unusable");
		if (why !== complained) logger.error({ directory, ...fields }, `the old certificate is kept: ${why}`);
		complained = why;
	};
	serve(first);
	return {
		served: () => served,
		reload: async (): Promise<void> => {
			try {
				const found = await read(directory);
				const choice = choosePair(served.facts, found.facts, clock.now());
				if (choice === "keep") return complain("the one in the files is not valid now", {});
				complained = "";
				if (choice === "same") return;
				serve(found);
				metrics.certificateRenewed("serving");
				logger.info({ expires: new Date(found.facts.notAfter).toISOString() }, "another certificate is served");
			} catch (error) {
				complain(error instanceof Error ? error.message : "the files cannot be used", { err: error });
			}
		},
	};
};

/**
 * Reads the pair and goes on following it.
 * Errors: FlagValueError where there is no usable pair to begin with.
 */
export const startFiles = async (options: FilesOptions): Promise<CertificateSource> => {
	const { directory, clock, logger } = options;
	const supply = createSupply();
	const { served, reload } = createReload(options, await read(directory), supply.give);
	const reader = createReader(reload);
	let cancelSettling: () => void = () => undefined;
	let cancelReading: () => void = () => undefined;
	let endWatch: () => void = () => undefined;
	const changed = (): void => {
		cancelSettling();
		cancelSettling = clock.after(SETTLE, () => void reader.ask());
	};
	const unwatched = (error: unknown): void =>
		logger.warn({ directory, err: error }, "certificates are not watched, but read once a minute");
	/** The directory may be another one by now, so the watch is begun again each time. */
	const follow = (): void => {
		endWatch();
		endWatch = watchDirectory(directory, changed, unwatched);
		void reader.ask();
		cancelReading = whenClockShows(clock, clock.now() + READ_EVERY, follow);
	};
	follow();
	return {
		first: supply.first,
		onChange: supply.onChange,
		check: () => checkOf(served(), clock.now()),
		stop: async () => {
			cancelSettling();
			cancelReading();
			endWatch();
		},
	};
};
