// Applies the templates that an installation ships with, once it serves. It runs beside everything else: nothing waits for
// it, since each write comes back to us as an admission review, which could not be answered by who waits for the write.
import { FlagValueError } from "../../src/api/flagvalue.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { atLeastRetryAfter, backoffDelay } from "../../src/kube/backoff.ts";
import { type Clock, pause } from "../../src/kube/clock.ts";
import { KubeError } from "../../src/kube/errors.ts";
import type { Kube } from "../../src/kube/port.ts";
import type { Logger } from "../../src/kube/reflector.ts";
import { type FolderSystem, readFolder, UnreadableFile } from "../../src/manifests/files.ts";
import { type Applied, applyTemplate } from "./apply.ts";
import { retireTemplates } from "./retire.ts";
import { type ShippedTemplates, shippedTemplates } from "./shipped.ts";

/** What became of manifests and of templates that left the folder. */
export const TEMPLATE_STATES = ["applied", "wrong", "conflict", "refused", "failed", "kept"] as const;
export type TemplateState = (typeof TEMPLATE_STATES)[number];
export type TemplateCounts = Record<TemplateState, number>;

export interface TemplatesFolderOptions {
	kube: Pick<Kube, "get" | "list" | "create" | "apply" | "delete">;
	system: FolderSystem;
	folder: string;
	settings: Settings;
	/** Tells our templates from those of another installation of the cluster. */
	installation: string;
	/** Where ScheduledBackups are looked at; empty: everywhere. */
	watchNamespaces: readonly string[];
	/** Resolves when our admission is served and registered: every write goes through it. */
	served: Promise<void>;
	/** Ends the work, where this replica may not write any more. */
	signal: AbortSignal;
	logger: Logger;
	metrics: { templatesFolder(counts: TemplateCounts): void };
	clock: Clock;
	/** 0 ≤ x < 1. */
	random: () => number;
}

export interface TemplatesFolder {
	/** Resolves when all that could be done is done, or when stopped; never rejects. */
	done: Promise<void>;
	/** Waits for the call that is under way, and starts no other. */
	stop(): Promise<void>;
}

/** Milliseconds. */
const BACKOFF = { base: 1_000, cap: 60_000 };

interface Pass {
	counts: TemplateCounts;
	/** The failures of the world: what is worth another pass. */
	failures: unknown[];
}

interface Work extends TemplatesFolderOptions {
	/** Each line once, however often it is tried again; as many as the folder has mistakes. */
	said: Set<string>;
}

const say = ({ logger, said }: Work, level: "info" | "warn", message: string): void => {
	if (said.has(message)) return;
	said.add(message);
	logger[level]({}, message);
};

const STATES: Readonly<Record<Applied["type"], TemplateState>> = {
	created: "applied",
	changed: "applied",
	unchanged: "applied",
	conflict: "conflict",
	refused: "refused",
};

const failed = (work: Work, pass: Pass, error: unknown, what: string): void => {
	pass.failures.push(error);
	work.logger.warn({ err: error }, `${what}; it is tried again`);
};

const applyAll = async (work: Work, pass: Pass, { templates }: ShippedTemplates): Promise<void> => {
	for (const shipped of templates) {
		if (work.signal.aborted) return;
		const told = `template ${shipped.name} (${shipped.place})`;
		try {
			const applied = await applyTemplate(work.kube, shipped, work.installation);
			pass.counts[STATES[applied.type]] += 1;
			if ("message" in applied) say(work, "warn", `${told}: ${applied.message}`);
			else if (applied.type !== "unchanged") say(work, "info", `${told}: ${applied.type}`);
		} catch (error) {
			pass.counts.failed += 1;
			failed(work, pass, error, `${told} could not be applied`);
		}
	}
};

const retireAll = async (work: Work, pass: Pass, { names }: ShippedTemplates): Promise<void> => {
	if (work.signal.aborted) return;
	if (names === undefined) {
		say(work, "warn", "not everything in the folder of templates can be read: no template is deleted");
		return;
	}
	const { deleted, kept } = await retireTemplates(work.kube, work.installation, names, work.watchNamespaces);
	pass.counts.kept += kept.length;
	for (const line of kept) say(work, "warn", line);
	for (const name of deleted) say(work, "info", `template ${name} is not in the folder any more: deleted`);
};

const unreadable = ({ folder }: Work, { file, found }: UnreadableFile): string => {
	const where = file === folder ? "" : `${file}: `;
	return new FlagValueError("--templates-dir", folder, `${where}${found}`, "give the path of a readable folder")
		.message;
};

const onePass = async (work: Work): Promise<Pass> => {
	const pass: Pass = {
		counts: { applied: 0, wrong: 0, conflict: 0, refused: 0, failed: 0, kept: 0 },
		failures: [],
	};
	try {
		const shipped = shippedTemplates(await readFolder(work.system, work.folder), work.settings, work.installation);
		pass.counts.wrong = shipped.wrong;
		for (const line of [...shipped.mistakes, ...shipped.warnings]) say(work, "warn", line);
		await applyAll(work, pass, shipped);
		await retireAll(work, pass, shipped);
	} catch (error) {
		const what = "the folder of templates could not be applied";
		failed(work, pass, error, error instanceof UnreadableFile ? `${what}: ${unreadable(work, error)}` : what);
	}
	work.metrics.templatesFolder(pass.counts);
	return pass;
};

const retryAfter = ({ failures }: Pass): number | undefined => {
	const named = failures.flatMap((error) => (error instanceof KubeError ? (error.retryAfter ?? []) : []));
	return named.length === 0 ? undefined : Math.max(...named);
};

const aborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});

const work = async (options: Work): Promise<void> => {
	const { clock, random, signal } = options;
	await Promise.race([options.served, aborted(signal)]);
	for (let failures = 1; !signal.aborted; failures += 1) {
		const pass = await onePass(options);
		if (pass.failures.length === 0) return;
		const delay = backoffDelay(failures, { ...BACKOFF, random });
		await pause(clock, atLeastRetryAfter(delay, retryAfter(pass)), signal);
	}
};

/**
 * Applies the folder, and tries again with back-off while the world fails; what is wrong with a manifest is logged, counted,
 * and keeps nothing from going on. Call it only on a replica that may write.
 */
export const startTemplatesFolder = (options: TemplatesFolderOptions): TemplatesFolder => {
	const stopping = new AbortController();
	const signal = AbortSignal.any([options.signal, stopping.signal]);
	const done = work({ ...options, said: new Set(), signal });
	return {
		done,
		stop: async () => {
			stopping.abort();
			await done;
		},
	};
};
