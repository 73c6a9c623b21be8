// How watched objects are found without looking through all of them: every change leads to its keys by an index.
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { labelValue } from "../../src/domain/names.ts";
import { SCHEDULED_BACKUP_LABEL } from "../../src/domain/objects/labels.ts";
import { environmentSecretName } from "../../src/domain/objects/names.ts";
import { referencedSecrets } from "../../src/domain/secretuses.ts";
import { isOver } from "../../src/domain/status/action.ts";
import type { EventFacts } from "../../src/domain/status/facts.ts";
import type { Indexes } from "../../src/kube/reflector.ts";
import { INDEX } from "../shared/context.ts";

/**
 * Secrets that an object names (HelmValues name some, so vars are parsed), and the one that it may want to make: somebody
 * else's of that name may go. Indexes ask twice for each object.
 */
const secretNames = (() => {
	const known = new WeakMap<ScheduledBackup, string[]>();
	return (object: ScheduledBackup): string[] => {
		const names = known.get(object) ?? [
			...referencedSecrets(object),
			environmentSecretName(object.metadata.name ?? ""),
		];
		known.set(object, names);
		return names;
	};
})();

/** The value under which things are found by the label that names their ScheduledBackup. */
export const labelIndexValue = (object: KubernetesObject, name: string | undefined): string[] =>
	name === undefined ? [] : [`${object.metadata?.namespace}/${name}`];

export const scheduledBackupIndexes: Indexes<ScheduledBackup> = {
	[INDEX.label]: (object) => labelIndexValue(object, labelValue(object.metadata.name ?? "")),
	[INDEX.secret]: (object) => secretNames(object).map((name) => `${object.metadata.namespace}/${name}`),
	[INDEX.template]: ({ spec }) => (spec.templateRef.kind === "internal" ? [] : [spec.templateRef.name]),
};

export const actionIndexes: Indexes<RequestedBackupAction> = {
	[INDEX.label]: (object) => labelIndexValue(object, labelValue(object.metadata.name ?? "")),
	[INDEX.unfinished]: (object) =>
		isOver(object) ? [] : [`${object.metadata.namespace}/${object.spec.scheduledBackupRef.name}`],
};

/** For everything that carries our labels. */
export const childIndexes: Indexes<KubernetesObject> = {
	[INDEX.label]: (object) => labelIndexValue(object, object.metadata?.labels?.[SCHEDULED_BACKUP_LABEL]),
};

export const eventIndexes: Indexes<EventFacts> = { [INDEX.subject]: ({ subjectUid }) => [subjectUid] };
