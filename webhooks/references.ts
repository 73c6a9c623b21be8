// The References port over the API server: what is not there is undefined, what went wrong is thrown. And the same with
// what the watches know in front, for a first look that costs nothing.

import {
	CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
	NAMESPACE,
	REQUESTED_BACKUP_ACTION,
	SCHEDULED_BACKUP,
	SECRET,
} from "../src/api/kinds.ts";
import type { RequestedBackupAction } from "../src/api/types.ts";
import type { References } from "../src/gather/references.ts";
import type { Kube } from "../src/kube/port.ts";
import { readLive } from "../src/kube/readlive.ts";
import type { Watched } from "./admission.ts";

/** Whether an action still has something to run. */
export const isUnfinished = (action: RequestedBackupAction): boolean =>
	action.status?.phase !== "Succeeded" && action.status?.phase !== "Failed";

/** Every answer is read from the API server now. Errors: those of the port, but for NotFoundError. */
export const liveReferences = (kube: Pick<Kube, "get" | "list">): References => ({
	secret: (namespace, name) => readLive(kube, SECRET, { namespace, name }),
	template: (name) => readLive(kube, CLUSTER_BACKUP_PROCEDURE_TEMPLATE, { name }),
	scheduledBackup: (namespace, name) => readLive(kube, SCHEDULED_BACKUP, { namespace, name }),
	namespaceLabels: async (name) => (await readLive(kube, NAMESPACE, { name }))?.metadata?.labels ?? {},
	unfinishedActions: async (namespace, scheduledBackupName) => {
		const actions = await kube.list(REQUESTED_BACKUP_ACTION, { namespace });
		return actions.filter(
			(action) => action.spec.scheduledBackupRef.name === scheduledBackupName && isUnfinished(action),
		);
	},
});

/**
 * Runs a check first over what the watches know; where it finds errors and anything of it came from a watch, runs it
 * again over live reads alone, and that counts: a denial is never based on a cache (`kubectl apply -f folder/` creates a
 * template and its user milliseconds apart).
 */
export const checkTwice = async <Result>(
	live: References,
	watched: Watched,
	check: (references: References) => Promise<Result>,
	isDenial: (result: Result) => boolean,
): Promise<Result> => {
	let fromWatch = false;
	const known = <T>(object: T | undefined): T | undefined => {
		if (object !== undefined) fromWatch = true;
		return object;
	};
	const first = await check({
		...live,
		template: async (name) => known(watched.template(name)) ?? live.template(name),
		scheduledBackup: async (namespace, name) =>
			known(watched.scheduledBackup(namespace, name)) ?? live.scheduledBackup(namespace, name),
	});
	return fromWatch && isDenial(first) ? check(live) : first;
};
