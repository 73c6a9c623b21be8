// The templates that an installation brings with it.
import { readdir, readFile, stat } from "node:fs/promises";
import type { ControllersOptions } from "../../reconcilers/index.ts";
import { startTemplatesFolder, type TemplatesFolder } from "../../reconcilers/templatesfolder/run.ts";
import type { Settings } from "../domain/settings.ts";
import { systemClock } from "../kube/clock.ts";
import type { Process } from "./process.ts";

const system = {
	isFolder: async (path: string) => (await stat(path)).isDirectory(),
	list: (path: string) => readdir(path),
	read: (file: string) => readFile(file, "utf8"),
};

/**
 * Applies the templates, whenever this replica becomes active. Nothing waits for it: each of its writes comes back to us as a
 * review, which has to be answered.
 * @param served resolves when reviews are answered
 * Out: undefined where the installation brings none.
 */
export const templatesApplier = (
	{ config, logger, metrics, stops, signal: stopping }: Process,
	settings: Settings,
	served: Promise<void>,
): ControllersOptions["whileActive"] => {
	const { templatesDir: folder, installation, watchNamespaces } = config;
	if (folder === undefined) return undefined;
	const options = {
		system,
		folder,
		settings,
		installation,
		watchNamespaces,
		served,
		logger: logger.child({ module: "templates" }),
		metrics,
		clock: systemClock,
		random: Math.random,
	};
	let latest: TemplatesFolder | undefined;
	stops.push(async () => latest?.stop());
	return (kube, signal) => {
		latest = startTemplatesFolder({ ...options, kube, signal: AbortSignal.any([signal, stopping]) });
	};
};
