// Generated from crds/*.yaml by `npm run generate`. Do not edit: change the CRD and generate again.
import type { ObjectMeta, OwnerReference } from "./kubernetes.ts";

/**
 * ScheduledBackup declares one backup: what is sent to which collection of a Backup Repository server, by which
 * procedure, with which variables and keys. It makes a CronJob where `cronJob` asks for one, and is the parent
 * of RequestedBackupActions, which run a backup or a restore at once.
 */
export interface ScheduledBackup {
	apiVersion: "riotkit.org/v1alpha1";
	kind: "ScheduledBackup";
	metadata: ObjectMeta;
	spec: ScheduledBackupSpec;
	status?: ScheduledBackupStatus;
}

export interface ScheduledBackupSpec {
	/**
	 * What the schedule runs: `backup` sends data to the server, `restore` fetches the latest version and puts it
	 * back. Requested actions choose for themselves.
	 */
	operation: "backup" | "restore";
	/** The schedule. Where it is absent, no CronJob is made and the object serves RequestedBackupActions alone. */
	cronJob?: ScheduledBackupCronJob;
	/**
	 * Identifier of the collection on the Backup Repository server that holds the versions of this backup. It fills
	 * `Repository.collectionId` where `vars` has none.
	 */
	collectionId: string;
	/**
	 * The OpenPGP identity that encrypts a backup and opens it again. Without it backups are not encrypted. The
	 * Secret is never owned nor deleted by the controller: it outlives this object, and so do the backups.
	 */
	gpgKeySecretRef?: GpgKeySecretRef;
	/** Access token (JWT) for the Backup Repository server. It overrides `Repository.token`. */
	tokenSecretRef?: TokenSecretRef;
	/** The procedure whose templates become the backup script and the restore script. */
	templateRef: TemplateRef;
	/**
	 * Variables of the template, as YAML text: `Params` of the procedure, `Repository` for access to the server,
	 * `HelmValues` for options of the pod, and any further top-level key that the template reads. At most 256 KiB.
	 * Secrets do not belong here: see varsSecretRef.
	 */
	vars?: string;
	/**
	 * Variables from a Secret. Each data key is a dotted path (`Params.password`) and overrides that path of `vars`.
	 * The controller writes references to the values, never the values.
	 */
	varsSecretRef?: VarsSecretRef;
}

export interface ScheduledBackupCronJob {
	/**
	 * Whether there is a CronJob. When set to false, the CronJob is suspended, and deleted once no run is active.
	 * Default: `true`.
	 */
	enabled?: boolean;
	/**
	 * When to run, as Kubernetes' CronJob takes it: minute, hour, day of month, month and day of week (`00 02 * *
	 * *`, `30 8-18 * * MON-FRI`), or one of `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`, `@every 90m`.
	 * Default: `"00 02 * * *"`.
	 */
	scheduleEvery?: string;
	/** Time zone of the schedule, by its name in the IANA database (`Europe/Warsaw`). Default: `"Etc/UTC"`. */
	timeZone?: string;
	/** Whether scheduled runs pause. Runs that are active go on; requested actions still run. Default: `false`. */
	suspend?: boolean;
	/**
	 * What happens when a run is due while the last one is active: `Forbid` skips it, `Allow` runs both, `Replace`
	 * ends the active one. Default: `"Forbid"`.
	 */
	concurrencyPolicy?: "Allow" | "Forbid" | "Replace";
	/** Seconds after its time within which a missed run may still start. No limit where it is absent. */
	startingDeadlineSeconds?: number;
	/** How many finished Jobs of the schedule are kept. Default: `3`. */
	successfulJobsHistoryLimit?: number;
	/** How many failed Jobs of the schedule are kept. Default: `1`. */
	failedJobsHistoryLimit?: number;
}

export interface GpgKeySecretRef {
	/** Name of the Secret, in the namespace of this object. */
	secretName: string;
	/** E-mail address that a new key is made for. It is the recipient of backups where `vars` names none. */
	email?: string;
	/**
	 * Whether to make a key where the Secret has none of the identity's keys, in a new Secret or added to the
	 * existing one. A key that is there is never overwritten. Default: `false`.
	 */
	createIfNotExists?: boolean;
	/** Data key of the Secret that holds the armored private key. Default: `"key"`. */
	privateKey?: string;
	/** Data key of the Secret that holds the armored public key. Default: `"key.pub"`. */
	publicKey?: string;
	/** Data key of the Secret that holds the passphrase of the private key. Default: `"passphrase"`. */
	passphraseKey?: string;
}

export interface TokenSecretRef {
	/** Name of the Secret, in the namespace of this object. */
	secretName: string;
	/** Data key of the Secret that holds the token. Default: `"token"`. */
	tokenKey?: string;
}

export interface TemplateRef {
	/**
	 * `ClusterBackupProcedureTemplate` for one that is installed in the cluster, `internal` for one that comes with
	 * the controller. Default: `"ClusterBackupProcedureTemplate"`.
	 */
	kind?: "ClusterBackupProcedureTemplate" | "internal";
	/** Name of the template; of the internal ones `postgres`, `mysql-dump` or `tar`. */
	name: string;
}

export interface VarsSecretRef {
	/** Name of the Secret, in the namespace of this object. */
	secretName: string;
	/**
	 * The data keys to take. Where it is absent or empty, every key is taken except those of gpgKeySecretRef and
	 * tokenSecretRef, and `e-mail.txt`.
	 */
	importOnlyKeys?: string[];
}

export interface ScheduledBackupStatus {
	/** The `metadata.generation` that this status speaks of; -1 until the controller has seen the object. */
	observedGeneration?: number;
	/**
	 * `Ready` (valid and installed), `Reconciling`, `Stalled`, `KeysUsable`, `LastRunSucceeded` and
	 * `BackupObjectsInstallation`.
	 */
	conditions?: Condition[];
	/** Hash of the spec whose children were applied last. */
	lastAppliedSpecHash?: string;
	/** The objects that were made for this one. */
	ownedReferences?: OwnedReference[];
	/** Whether every child exists and no run of the schedule is failing. */
	healthy?: boolean;
	/** State of each child that runs something. */
	childrenResourcesHealth?: ChildResourceHealth[];
	/** The OpenPGP identity in use, without anything secret. */
	gpgKey?: GpgKeyStatus;
	/** When the schedule started a run last. */
	lastScheduleTime?: string;
	/** When the schedule starts the next run. Text, since kubectl prints dates of the future as `<invalid>`. */
	nextScheduleTime?: string;
	/** When a run succeeded last. */
	lastSuccessfulTime?: string;
	/** When a run failed last. */
	lastFailedTime?: string;
	/** Jobs of the schedule that run now. */
	active?: ActiveReference[];
}

export interface Condition {
	/** What is observed. */
	type: string;
	/** Whether it is so. */
	status: "True" | "False" | "Unknown";
	/** The `metadata.generation` that was looked at. */
	observedGeneration?: number;
	/** When `status` changed last. */
	lastTransitionTime: string;
	/** Why, as one word for programs. */
	reason: string;
	/** Why, for people. */
	message: string;
}

export interface OwnedReference {
	/** Its API group and version. */
	apiVersion: string;
	/** Its kind. */
	kind: string;
	/** Its name. */
	name: string;
	/** Its UID. */
	uid?: string;
}

export interface ChildResourceHealth {
	/** Its kind. */
	kind: string;
	/** Its name. */
	name: string;
	/** Whether it runs now. */
	running: boolean;
	/** Whether it failed for good. */
	failed: boolean;
	/** What it says of itself. */
	message?: string;
}

export interface GpgKeyStatus {
	/**
	 * Fingerprint of the public key, upper-case hexadecimal. A key that was once recorded is never replaced
	 * silently.
	 */
	fingerprint?: string;
	/** When the key expires; absent where it never does. */
	expirationTime?: string;
	/** Name of the Secret that the key was seen in last. */
	secretName?: string;
	/** Data key of the private half in that Secret. */
	privateKey?: string;
	/** Data key of the public half in that Secret. */
	publicKey?: string;
	/**
	 * Fingerprint of a key that is about to be stored. While it is only this, nothing was encrypted with it, and it
	 * is not missed.
	 */
	pendingFingerprint?: string;
}

export interface ActiveReference {
	/** Its name. */
	name: string;
	/** Its UID. */
	uid: string;
}

/**
 * RequestedBackupAction runs the backup or the restore of a ScheduledBackup once, at once. It cannot be changed:
 * what ran is what it says. An object that is created again, also by a GitOps or backup tool, is a new action
 * and runs anew.
 */
export interface RequestedBackupAction {
	apiVersion: "riotkit.org/v1alpha1";
	kind: "RequestedBackupAction";
	metadata: ObjectMeta;
	spec: RequestedBackupActionSpec;
	status?: RequestedBackupActionStatus;
}

export interface RequestedBackupActionSpec {
	/** `backup` sends a new version to the server, `restore` fetches one and puts it back. */
	action: "backup" | "restore";
	/** The ScheduledBackup whose procedure, variables and keys are used. */
	scheduledBackupRef: ScheduledBackupRef;
	/** The kind that runs it. Default: `"Job"`. */
	kindType?: "Job";
	/** The version to restore (`v1`, `v2` …); the latest where it is absent. Only for a restore. */
	targetVersion?: string;
}

export interface ScheduledBackupRef {
	/** Name of the ScheduledBackup, in the namespace of this object. */
	name: string;
}

export interface RequestedBackupActionStatus {
	/** The `metadata.generation` that this status speaks of; -1 until the controller has seen the object. */
	observedGeneration?: number;
	/** `Pending` until its Job may run, `Running`, then `Succeeded` or `Failed`; the last two are final. */
	phase?: "Pending" | "Running" | "Succeeded" | "Failed";
	/** Whether the Job was made. It is never made a second time. */
	processed?: boolean;
	/** When the Job was started. */
	startTime?: string;
	/** When the action ended, well or not. */
	completionTime?: string;
	/** The version that a restore asks the server for. */
	targetVersion?: string;
	/** Name of the Job. */
	jobName?: string;
	/** UID of the Job. No other Job is ever started for this action. */
	jobUID?: string;
	/** `Reconciling` while unfinished, `Ready` on success, `Stalled` on failure. */
	conditions?: Condition[];
	/** Why it failed, as one word for programs. */
	failureReason?: string;
	/** What is going on, or why it failed, for people. */
	message?: string;
	/** The objects that were made for this one. */
	ownedReferences?: OwnedReference[];
	/** Whether the Job runs or succeeded. */
	healthy?: boolean;
	/** State of each child that runs something. */
	childrenResourcesHealth?: ChildResourceHealth[];
}

/**
 * ClusterBackupProcedureTemplate is a procedure for one kind of data (a database, a directory): the image with
 * its tools, and the templates of the script that backs up and of the script that restores. ScheduledBackups of
 * all namespaces refer to it by name and fill it with their variables.
 */
export interface ClusterBackupProcedureTemplate {
	apiVersion: "riotkit.org/v1alpha1";
	kind: "ClusterBackupProcedureTemplate";
	metadata: ObjectMeta;
	spec: ClusterBackupProcedureTemplateSpec;
}

export interface ClusterBackupProcedureTemplateSpec {
	/** Container image that both scripts run in. It needs bash 4 or later, and the programs that the scripts call. */
	image: string;
	/** Template of the script that makes a backup. Empty where the procedure cannot. */
	backup: string;
	/** Template of the script that restores one. Empty where the procedure cannot. */
	restore: string;
	/** Language of both templates: `GoTemplate` (Go's text/template) or `Handlebars`. Default: `"GoTemplate"`. */
	templateLanguage?: "GoTemplate" | "Handlebars";
}

export type { ObjectMeta, OwnerReference };
