// A folder of templates over a Map, and a process that applies it to a world.

import {
	startTemplatesFolder,
	type TemplateCounts,
	type TemplatesFolderOptions,
} from "../../../reconcilers/templatesfolder/run.ts";
import type { FolderSystem } from "../../../src/manifests/files.ts";
import { settings } from "../../fixtures/seed.ts";
import { type VirtualClock, virtualClock } from "../../kube/fixtures/clock.ts";

export const folderOf = (files: Record<string, string>): FolderSystem => ({
	isFolder: async (path) => {
		if (path === "/templates") return true;
		if (files[path.slice("/templates/".length)] === undefined) throw Object.assign(new Error(), { code: "ENOENT" });
		return false;
	},
	list: async () => Object.keys(files),
	read: async (path) => files[path.slice("/templates/".length)] as string,
});

export const templateText = (name: string, more: { metadata?: string; spec?: string } = {}): string =>
	[
		"apiVersion: riotkit.org/v1alpha1",
		"kind: ClusterBackupProcedureTemplate",
		`metadata: {name: ${name}${more.metadata ?? ""}}`,
		`spec: {image: "x:1", backup: "echo a", restore: ""${more.spec ?? ""}}`,
		"",
	].join("\n");

export interface Ran {
	counts: TemplateCounts[];
	log: string[];
	clock: VirtualClock;
	folder: ReturnType<typeof startTemplatesFolder>;
}

/** Starts it; `log` gets `level message`. */
export const startFolder = (
	kube: TemplatesFolderOptions["kube"],
	files: Record<string, string>,
	changes: Partial<TemplatesFolderOptions> = {},
): Ran => {
	const counts: TemplateCounts[] = [];
	const log: string[] = [];
	const clock = virtualClock();
	const line = (level: string) => (_fields: object, message: string) => void log.push(`${level} ${message}`);
	const folder = startTemplatesFolder({
		kube,
		system: folderOf(files),
		folder: "/templates",
		settings,
		installation: "backups",
		watchNamespaces: [],
		served: Promise.resolve(),
		signal: new AbortController().signal,
		logger: { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") },
		metrics: { templatesFolder: (found) => void counts.push({ ...found }) },
		clock,
		random: () => 0.5,
		...changes,
	});
	return { counts, log, clock, folder };
};
