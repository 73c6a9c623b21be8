// What gathering reads in a reconcile: objects that we watch from the watches (a template that the watch does not have yet
// is asked for), Secrets always live, since we keep none of their data.

import { CLUSTER_BACKUP_PROCEDURE_TEMPLATE, SECRET } from "../../src/api/kinds.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import type { References } from "../../src/gather/references.ts";
import { readLive } from "../../src/kube/readlive.ts";
import { type Context, INDEX } from "./context.ts";

/** The References port for reconcilers. Namespace labels only ever lead to warnings, which nobody would see here. */
export const watchedReferences = ({ kube, watches }: Pick<Context, "kube" | "watches">): References => ({
	secret: (namespace, name) => readLive(kube, SECRET, { namespace, name }),
	template: async (name) =>
		watches.templates.get({ name }) ?? (await readLive(kube, CLUSTER_BACKUP_PROCEDURE_TEMPLATE, { name })),
	scheduledBackup: async (namespace, name) => watches.scheduledBackups.get({ namespace, name }),
	namespaceLabels: async () => ({}),
	unfinishedActions: async (namespace, name) => watches.actions.byIndex(INDEX.unfinished, `${namespace}/${name}`),
});

/**
 * The same for what is about to run: nothing comes from a watch, which may lag behind an edit that was accepted.
 * @param target the ScheduledBackup that runs, as the API server has it now; its template is read once.
 */
export const liveReferences = (context: Pick<Context, "kube" | "watches">, target: ScheduledBackup): References => {
	const templates = new Map<string, ReturnType<References["template"]>>();
	return {
		...watchedReferences(context),
		scheduledBackup: async () => target,
		template: (name) => {
			const known = templates.get(name) ?? readLive(context.kube, CLUSTER_BACKUP_PROCEDURE_TEMPLATE, { name });
			templates.set(name, known);
			return known;
		},
	};
};
