// The wire shapes of the built-in kinds that we read and write. client-node types dates as `Date`, but what travels
// over the wire, and through our pure core, is JSON: so this one file imports the types (never code) and maps them.
import type {
	CoreV1Event,
	V1ConfigMap,
	V1CronJob,
	V1Job,
	V1JobTemplateSpec,
	V1Lease,
	V1MutatingWebhookConfiguration,
	V1Namespace,
	V1Pod,
	V1PodSpec,
	V1PodTemplateSpec,
	V1Secret,
	V1ValidatingWebhookConfiguration,
} from "@kubernetes/client-node";

/** A client-node type as it looks in JSON: dates are RFC 3339 strings. */
export type Wire<T> = T extends Date
	? string
	: T extends (infer Item)[]
		? Wire<Item>[]
		: T extends object
			? { [Key in keyof T]: Wire<T[Key]> }
			: T;

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/owner-reference/ */
export interface OwnerReference {
	apiVersion: string;
	kind: string;
	name: string;
	uid: string;
	controller?: boolean;
	blockOwnerDeletion?: boolean;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ (the fields that we use). */
export interface ObjectMeta {
	name?: string;
	generateName?: string;
	namespace?: string;
	uid?: string;
	resourceVersion?: string;
	generation?: number;
	creationTimestamp?: string;
	deletionTimestamp?: string;
	labels?: Record<string, string>;
	annotations?: Record<string, string>;
	ownerReferences?: OwnerReference[];
	finalizers?: string[];
	managedFields?: unknown[];
}

/** Any object of the Kubernetes API, as JSON. */
export interface KubernetesObject {
	apiVersion?: string;
	kind?: string;
	metadata?: ObjectMeta;
}

type Typed<T> = Omit<Wire<T>, "metadata" | "apiVersion" | "kind"> & KubernetesObject;

export type ConfigMap = Typed<V1ConfigMap>;
export type Secret = Typed<V1Secret>;
export type CronJob = Typed<V1CronJob>;
export type Job = Typed<V1Job>;
export type JobTemplateSpec = Wire<V1JobTemplateSpec>;
export type Pod = Typed<V1Pod>;
export type PodSpec = Wire<V1PodSpec>;
export type PodTemplateSpec = Wire<V1PodTemplateSpec>;
export type Namespace = Typed<V1Namespace>;
export type Event = Typed<CoreV1Event>;
export type MutatingWebhookConfiguration = Typed<V1MutatingWebhookConfiguration>;
export type ValidatingWebhookConfiguration = Typed<V1ValidatingWebhookConfiguration>;
export type Lease = Typed<V1Lease>;
