// Generated from crds/*.yaml by `npm run generate`. Do not edit: change the CRD and generate again.
import type { ObjectMeta, OwnerReference } from "./kubernetes.ts";

export interface Condition {
	type: string;
	status: "True" | "False" | "Unknown";
	observedGeneration?: number;
	lastTransitionTime: string;
	reason: string;
	message: string;
}

export interface ScheduledBackup {
	apiVersion: "riotkit.org/v1alpha1";
	kind: "ScheduledBackup";
	metadata: ObjectMeta;
	spec: ScheduledBackupSpec;
	status?: ScheduledBackupStatus;
}

export interface ScheduledBackupSpec {
	operation: "backup" | "restore";
	cronJob?: ScheduledBackupCronJob;
	collectionId: string;
	gpgKeySecretRef?: GpgKeySecretRef;
	tokenSecretRef?: TokenSecretRef;
	templateRef: TemplateRef;
	vars?: string;
	varsSecretRef?: VarsSecretRef;
}

export interface ScheduledBackupCronJob {
	enabled?: boolean;
	scheduleEvery?: string;
	timeZone?: string;
	suspend?: boolean;
	concurrencyPolicy?: "Allow" | "Forbid" | "Replace";
	startingDeadlineSeconds?: number;
	successfulJobsHistoryLimit?: number;
	failedJobsHistoryLimit?: number;
}

export interface GpgKeySecretRef {
	secretName: string;
	email?: string;
	createIfNotExists?: boolean;
	privateKey?: string;
	publicKey?: string;
	passphraseKey?: string;
}

export interface TokenSecretRef {
	secretName: string;
	tokenKey?: string;
}

export interface TemplateRef {
	kind?: "ClusterBackupProcedureTemplate" | "internal";
	name: string;
}

export interface VarsSecretRef {
	secretName: string;
	importOnlyKeys?: string[];
}

export interface ScheduledBackupStatus {
	observedGeneration?: number;
	conditions?: Condition[];
	lastAppliedSpecHash?: string;
	ownedReferences?: OwnedReference[];
	healthy?: boolean;
	childrenResourcesHealth?: ChildResourceHealth[];
	gpgKey?: GpgKeyStatus;
	lastScheduleTime?: string;
	/** RFC 3339 text, not a `date` column: kubectl prints future dates as `<invalid>`. */
	nextScheduleTime?: string;
	lastSuccessfulTime?: string;
	lastFailedTime?: string;
	active?: ActiveReference[];
}

export interface OwnedReference {
	apiVersion: string;
	kind: string;
	name: string;
	uid?: string;
}

export interface ChildResourceHealth {
	kind: string;
	name: string;
	running: boolean;
	failed: boolean;
	message?: string;
}

export interface GpgKeyStatus {
	fingerprint?: string;
	/** RFC 3339; absent where the key never expires. */
	expirationTime?: string;
}

export interface ActiveReference {
	name: string;
	uid: string;
}

export interface RequestedBackupAction {
	apiVersion: "riotkit.org/v1alpha1";
	kind: "RequestedBackupAction";
	metadata: ObjectMeta;
	spec: RequestedBackupActionSpec;
	status?: RequestedBackupActionStatus;
}

export interface RequestedBackupActionSpec {
	action: "backup" | "restore";
	scheduledBackupRef: ScheduledBackupRef;
	kindType?: "Job";
	targetVersion?: string;
}

export interface ScheduledBackupRef {
	name: string;
}

export interface RequestedBackupActionStatus {
	observedGeneration?: number;
	phase?: "Pending" | "Running" | "Succeeded" | "Failed";
	processed?: boolean;
	startTime?: string;
	completionTime?: string;
	targetVersion?: string;
	jobName?: string;
	jobUID?: string;
	conditions?: Condition[];
	failureReason?: string;
	message?: string;
	ownedReferences?: OwnedReference[];
	healthy?: boolean;
	childrenResourcesHealth?: ChildResourceHealth[];
}

export interface ClusterBackupProcedureTemplate {
	apiVersion: "riotkit.org/v1alpha1";
	kind: "ClusterBackupProcedureTemplate";
	metadata: ObjectMeta;
	spec: ClusterBackupProcedureTemplateSpec;
}

export interface ClusterBackupProcedureTemplateSpec {
	image: string;
	backup: string;
	restore: string;
	templateLanguage?: "GoTemplate" | "Handlebars";
}

export type { ObjectMeta, OwnerReference };
