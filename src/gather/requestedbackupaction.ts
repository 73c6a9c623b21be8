// Reads what the checks of a RequestedBackupAction need: its ScheduledBackup, and that one's template.
import type { RequestedBackupAction } from "../api/types.ts";
import type { RequestedBackupActionFacts } from "../domain/facts.ts";
import type { References } from "./references.ts";
import { readTemplate } from "./scheduledbackup.ts";

/**
 * The facts about an action's world.
 * @throws what the port throws: a failure of the world, never something that is merely not there.
 */
export const gatherRequestedBackupAction = async (
	references: References,
	object: RequestedBackupAction,
): Promise<RequestedBackupActionFacts> => {
	const namespace = object.metadata?.namespace ?? "";
	const name: unknown = object.spec?.scheduledBackupRef?.name;
	const readTarget = async () =>
		typeof name === "string" && name !== "" ? references.scheduledBackup(namespace, name) : undefined;
	const [scheduledBackup, namespaceLabels] = await Promise.all([readTarget(), references.namespaceLabels(namespace)]);
	const template = scheduledBackup === undefined ? undefined : await readTemplate(references, scheduledBackup);
	return { scheduledBackup, template, namespaceLabels, denied: [] };
};
