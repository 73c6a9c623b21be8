// Takes templates out of the cluster that have left the folder, where nobody uses them any more. Who uses one is asked of
// the API server, not of a watch: a ScheduledBackup that was made a moment ago must not lose its template.
import { CLUSTER_BACKUP_PROCEDURE_TEMPLATE, SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { ClusterBackupProcedureTemplate, ScheduledBackup } from "../../src/api/types.ts";
import { InvalidObjectError } from "../../src/kube/errors.ts";
import type { Kube } from "../../src/kube/port.ts";
import { isOurs, marksSelector } from "./marks.ts";

export interface Retired {
	deleted: string[];
	/** One sentence for each that stays. */
	kept: string[];
}

type Port = Pick<Kube, "list" | "delete">;

const KIND = CLUSTER_BACKUP_PROCEDURE_TEMPLATE;
/** How many users are named. */
const LISTED = 10;

const listUsers = async (kube: Port, namespaces: readonly string[]): Promise<ScheduledBackup[]> =>
	namespaces.length === 0
		? kube.list(SCHEDULED_BACKUP)
		: (await Promise.all(namespaces.map((namespace) => kube.list(SCHEDULED_BACKUP, { namespace })))).flat();

const usersOf = (name: string, all: readonly ScheduledBackup[]): string[] =>
	all
		.filter(({ spec }) => spec.templateRef.kind !== "internal" && spec.templateRef.name === name)
		.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
		.sort();

const inUse = (name: string, users: readonly string[]): string => {
	const more = users.length > LISTED ? ` and ${users.length - LISTED} more` : "";
	return `${KIND.kind} "${name}" is not in the folder any more and stays, since it is used by ScheduledBackup ${users.slice(0, LISTED).join(", ")}${more}`;
};

/** False where a check of deletions keeps it: ours, which knows of users too, or an admission policy. */
const remove = async (kube: Port, { metadata }: ClusterBackupProcedureTemplate): Promise<boolean> => {
	const { name = "", uid = "", resourceVersion = "" } = metadata;
	try {
		await kube.delete(KIND, { name }, { uid, resourceVersion });
		return true;
	} catch (error) {
		if (error instanceof InvalidObjectError) return false;
		throw error;
	}
};

/**
 * Deletes what carries our marks, is not among `names` and is not used.
 * @param namespaces where to look for users; empty: everywhere
 * Errors: those of the port.
 */
export const retireTemplates = async (
	kube: Port,
	installation: string,
	names: ReadonlySet<string>,
	namespaces: readonly string[],
): Promise<Retired> => {
	const ours = await kube.list(KIND, { labelSelector: marksSelector(installation) });
	const left = ours.filter(
		(template) =>
			isOurs(template, installation) &&
			template.metadata.deletionTimestamp === undefined &&
			!names.has(template.metadata.name ?? ""),
	);
	const retired: Retired = { deleted: [], kept: [] };
	if (left.length === 0) return retired;
	const all = await listUsers(kube, namespaces);
	for (const template of left) {
		const { name = "" } = template.metadata;
		const users = usersOf(name, all);
		if (users.length > 0) retired.kept.push(inUse(name, users));
		else if (await remove(kube, template)) retired.deleted.push(name);
		else
			retired.kept.push(
				`${KIND.kind} "${name}" is not in the folder any more and stays, since its deletion is refused`,
			);
	}
	return retired;
};
