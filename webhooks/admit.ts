// Which check answers which call: one table, read from the top. What is not in it passes.
import { isDeepStrictEqual } from "node:util";
import { GROUP, SCHEDULED_BACKUP } from "../src/api/kinds.ts";
import type { KubernetesObject } from "../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../src/api/types.ts";
import { REPLACE_LOST_KEY_ANNOTATION } from "../src/domain/annotations.ts";
import { onlyQuietsSchedule } from "../src/domain/quieter.ts";
import type { Admission, Handler } from "./admission.ts";
import { allow } from "./admission.ts";
import { mutateRequestedBackupAction, validateRequestedBackupAction } from "./requestedbackupaction.ts";
import type { AdmissionRequest, Operation, Verdict } from "./review.ts";
import {
	deleteScheduledBackup,
	mutateScheduledBackup,
	quietScheduledBackup,
	validateScheduledBackup,
} from "./scheduledbackup.ts";
import type { Phase } from "./server.ts";
import { deleteTemplate, mutateTemplate, validateTemplate } from "./template.ts";
import { tellUnwatched } from "./unwatched.ts";

type Table = Readonly<Record<string, Partial<Record<Operation, Handler>>>>;

const TABLES: Readonly<Record<Phase, Table>> = {
	mutate: {
		ScheduledBackup: { CREATE: mutateScheduledBackup, UPDATE: mutateScheduledBackup },
		RequestedBackupAction: { CREATE: mutateRequestedBackupAction, UPDATE: mutateRequestedBackupAction },
		ClusterBackupProcedureTemplate: { CREATE: mutateTemplate, UPDATE: mutateTemplate },
	},
	validate: {
		ScheduledBackup: {
			CREATE: validateScheduledBackup,
			UPDATE: validateScheduledBackup,
			DELETE: deleteScheduledBackup,
		},
		RequestedBackupAction: { CREATE: validateRequestedBackupAction, UPDATE: validateRequestedBackupAction },
		ClusterBackupProcedureTemplate: { CREATE: validateTemplate, UPDATE: validateTemplate, DELETE: deleteTemplate },
	},
};

const specOf = (object: KubernetesObject): unknown => ("spec" in object ? object.spec : undefined);

/** Whether an update consents to the loss of a key: it has us make another one, as a change of the spec does. */
const isConsent = (kind: string, object: KubernetesObject, oldObject: KubernetesObject): boolean => {
	const [given, before] = [object, oldObject].map(
		({ metadata }) => metadata?.annotations?.[REPLACE_LOST_KEY_ANNOTATION],
	);
	return kind === SCHEDULED_BACKUP.kind && given !== undefined && given !== before;
};

/**
 * An update that leaves the spec alone, or of an object that is going away: nothing that we check changes, and a denial
 * would keep finalizers and owner references from being removed.
 */
const isHarmless = (request: AdmissionRequest): boolean => {
	const { object, oldObject } = request;
	if (request.operation !== "UPDATE" || object === undefined || oldObject === undefined) return false;
	if (object.metadata?.deletionTimestamp !== undefined) return true;
	return isDeepStrictEqual(specOf(object), specOf(oldObject)) && !isConsent(request.kind, object, oldObject);
};

/**
 * An update that makes the schedule of a ScheduledBackup quieter and changes nothing else of its spec. It passes without
 * checks and without the rights of its author; the way back is checked like any change.
 */
const isQuieting = ({ kind, operation, object, oldObject }: AdmissionRequest): boolean => {
	if (kind !== SCHEDULED_BACKUP.kind || operation !== "UPDATE") return false;
	if (object === undefined || oldObject === undefined || isConsent(kind, object, oldObject)) return false;
	return onlyQuietsSchedule(object as ScheduledBackup, oldObject as ScheduledBackup);
};

const handlerOf = (phase: Phase, request: AdmissionRequest): Handler | undefined => {
	if (request.group !== GROUP) return undefined;
	const handler = TABLES[phase][request.kind]?.[request.operation];
	return handler !== undefined && isQuieting(request) ? quietScheduledBackup : handler;
};

/**
 * The verdict on a request.
 * Errors: those of live reads and access reviews; the caller answers with HTTP 500 then.
 */
export const admit = async (admission: Admission, phase: Phase, request: AdmissionRequest): Promise<Verdict> => {
	const handler = handlerOf(phase, request);
	if (handler === undefined || isHarmless(request)) return allow();
	const verdict = await handler(admission, request);
	// Once for each object: the mutating call comes before the validating one.
	return phase === "mutate" ? verdict : tellUnwatched(verdict, request, admission.watchNamespaces);
};
