// The kinds that this program reads or writes, each with what a URL needs. One list, so that RBAC can be compared with it.
import type {
	ConfigMap,
	CronJob,
	Event,
	Job,
	KubernetesObject,
	Lease,
	MutatingWebhookConfiguration,
	Namespace,
	Pod,
	Secret,
	ValidatingWebhookConfiguration,
} from "./kubernetes.ts";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "./types.ts";

export const GROUP = "riotkit.org";
export const VERSION = "v1alpha1";
export const API_VERSION = `${GROUP}/${VERSION}`;

/** A kind and where the API server serves it. `Shape` is the type of its objects and exists for the compiler alone. */
export interface ResourceKind<Shape extends KubernetesObject = KubernetesObject> {
	readonly apiVersion: string;
	readonly kind: string;
	/** The last part of its URL: lower case, plural. */
	readonly plural: string;
	readonly namespaced: boolean;
	readonly shape?: Shape;
}

const kindOf = <Shape extends KubernetesObject>(
	apiVersion: string,
	kind: string,
	plural: string,
	namespaced = true,
): ResourceKind<Shape> => ({ apiVersion, kind, plural, namespaced });

export const SCHEDULED_BACKUP = kindOf<ScheduledBackup>(API_VERSION, "ScheduledBackup", "scheduledbackups");
export const REQUESTED_BACKUP_ACTION = kindOf<RequestedBackupAction>(
	API_VERSION,
	"RequestedBackupAction",
	"requestedbackupactions",
);
export const CLUSTER_BACKUP_PROCEDURE_TEMPLATE = kindOf<ClusterBackupProcedureTemplate>(
	API_VERSION,
	"ClusterBackupProcedureTemplate",
	"clusterbackupproceduretemplates",
	false,
);
export const CONFIG_MAP = kindOf<ConfigMap>("v1", "ConfigMap", "configmaps");
export const SECRET = kindOf<Secret>("v1", "Secret", "secrets");
export const POD = kindOf<Pod>("v1", "Pod", "pods");
export const EVENT = kindOf<Event>("v1", "Event", "events");
export const NAMESPACE = kindOf<Namespace>("v1", "Namespace", "namespaces", false);
export const CRON_JOB = kindOf<CronJob>("batch/v1", "CronJob", "cronjobs");
export const JOB = kindOf<Job>("batch/v1", "Job", "jobs");

const ADMISSION_REGISTRATION = "admissionregistration.k8s.io/v1";
export const MUTATING_WEBHOOK_CONFIGURATION = kindOf<MutatingWebhookConfiguration>(
	ADMISSION_REGISTRATION,
	"MutatingWebhookConfiguration",
	"mutatingwebhookconfigurations",
	false,
);
export const VALIDATING_WEBHOOK_CONFIGURATION = kindOf<ValidatingWebhookConfiguration>(
	ADMISSION_REGISTRATION,
	"ValidatingWebhookConfiguration",
	"validatingwebhookconfigurations",
	false,
);
export const LEASE = kindOf<Lease>("coordination.k8s.io/v1", "Lease", "leases");
