// Makes one template in the cluster what the folder says. Made by POST, so that a name which somebody took a moment ago is
// not taken over; changed by server-side apply on exactly the object that was looked at, so that a label or annotation which
// left the manifest leaves the object too.
import { CLUSTER_BACKUP_PROCEDURE_TEMPLATE } from "../../src/api/kinds.ts";
import type { ClusterBackupProcedureTemplate } from "../../src/api/types.ts";
import { AlreadyExistsError, ConflictError, InvalidObjectError, UnavailableError } from "../../src/kube/errors.ts";
import type { Kube } from "../../src/kube/port.ts";
import { readLive } from "../../src/kube/readlive.ts";
import { INSTALLATION_LABEL, isOurs, marksOf } from "./marks.ts";
import type { ShippedTemplate } from "./shipped.ts";

export type Applied =
	| { type: "created" | "changed" | "unchanged" }
	/** Somebody else's object has the name. */
	| { type: "conflict"; message: string }
	/** The API server, or our own admission, does not want it so. */
	| { type: "refused"; message: string };

type Port = Pick<Kube, "get" | "create" | "apply">;

const KIND = CLUSTER_BACKUP_PROCEDURE_TEMPLATE;
/** How often it is looked at again when it changes under our hands. */
const ATTEMPTS = 5;

/** With the precondition in it: an apply that meets another UID or version is a ConflictError. */
const exactly = (
	{ template }: ShippedTemplate,
	{ metadata }: ClusterBackupProcedureTemplate,
): ClusterBackupProcedureTemplate => ({
	...template,
	metadata: {
		...template.metadata,
		...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
		...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
	},
});

/** Only what never leaves it again: what is created belongs to a manager of its own, which no later apply takes from. */
const create = async (kube: Port, shipped: ShippedTemplate, installation: string): Promise<Applied> => {
	const { template, name } = shipped;
	const made = await kube.create(KIND, { ...template, metadata: { name, labels: marksOf(installation) } });
	await kube.apply(KIND, exactly(shipped, made));
	return { type: "created" };
};

const conflict = (name: string, installation: string): Applied => ({
	type: "conflict",
	message: `${KIND.kind} "${name}" exists and is not of this installation: it is left as it is. Rename or delete one of the two, or hand it over: kubectl label ${KIND.plural}.riotkit.org ${name} --overwrite app.kubernetes.io/managed-by=backup-maker-controller ${INSTALLATION_LABEL}=${installation}`,
});

const refusal = (error: InvalidObjectError): Applied => ({
	type: "refused",
	message: `the API server refuses to ${error.operation} (${[error.status, ...error.causes].join(" ")}): it breaks ScheduledBackups that use it, or an admission policy; kubectl apply --server-side --dry-run=server says which`,
});

const attempt = async (kube: Port, shipped: ShippedTemplate, installation: string): Promise<Applied> => {
	const found = await readLive(kube, KIND, { name: shipped.name });
	if (found === undefined) return create(kube, shipped, installation);
	if (!isOurs(found, installation)) return conflict(shipped.name, installation);
	if (found.metadata.deletionTimestamp !== undefined) {
		// To be made anew once it is gone.
		throw new UnavailableError(`${KIND.kind} "${shipped.name}" is being deleted`, {
			operation: `apply ${KIND.plural}`,
		});
	}
	const stored = await kube.apply(KIND, exactly(shipped, found));
	const same = stored.metadata.resourceVersion === found.metadata.resourceVersion;
	return { type: same ? "unchanged" : "changed" };
};

/**
 * Applies one template; an unchanged one costs no write.
 * Errors: those of the port that say nothing about the template itself.
 */
export const applyTemplate = async (kube: Port, shipped: ShippedTemplate, installation: string): Promise<Applied> => {
	for (let left = ATTEMPTS; ; left -= 1) {
		try {
			return await attempt(kube, shipped, installation);
		} catch (error) {
			if (error instanceof InvalidObjectError) return refusal(error);
			const changed = error instanceof AlreadyExistsError || error instanceof ConflictError;
			if (!changed || left <= 1) throw error;
		}
	}
};
