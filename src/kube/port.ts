// The few calls that we make of the API server. Everything that talks to Kubernetes takes this as an argument;
// the real one is made by `connect` (src/kube/client.ts), the unit tests' one is a Map.

import type { ResourceKind } from "../api/kinds.ts";
import type { Event, KubernetesObject } from "../api/kubernetes.ts";

/** Server-side apply's field manager: https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers */
export const FIELD_MANAGER = "backup-maker-controller";

export interface ObjectKey {
	/** Absent for cluster-scoped kinds. */
	namespace?: string;
	name: string;
}

export interface ListOptions {
	/** All namespaces where absent. */
	namespace?: string;
	labelSelector?: string;
	fieldSelector?: string;
	/** Page size; the call follows `continue` by itself. */
	pageSize?: number;
}

/** Exactly this object, at exactly this version: anything else is a ConflictError. */
export interface Precondition {
	uid: string;
	resourceVersion?: string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/ */
export interface AccessQuestion {
	user: { username: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
	namespace: string;
	verb: string;
	group: string;
	resource: string;
	subresource?: string;
	name: string;
}

/** Every method throws the typed errors of `errors.ts` (NotFoundError, ConflictError, …), which never carry a response body. */
export interface Kube {
	get<T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey): Promise<T>;
	list<T extends KubernetesObject>(kind: ResourceKind<T>, options?: ListOptions): Promise<T[]>;
	/** POST. AlreadyExistsError where the name is taken. */
	create<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options?: { dryRun?: boolean }): Promise<T>;
	/** Server-side apply with `force: true` and our field manager. Answers the object as stored. */
	apply<T extends KubernetesObject>(kind: ResourceKind<T>, object: T): Promise<T>;
	/** JSON merge patch, with UID and resourceVersion in the body, so that it meets that object or none. */
	patch<T extends KubernetesObject>(
		kind: ResourceKind<T>,
		key: ObjectKey,
		body: object,
		precondition: Precondition,
	): Promise<T>;
	/** Replaces `/status` as a whole, with resourceVersion: a stale writer gets a ConflictError. */
	replaceStatus<T extends KubernetesObject>(kind: ResourceKind<T>, object: T): Promise<T>;
	/** Always `propagationPolicy: Background`. Answers whether it was there; false: it is gone already, by whatever hand. */
	delete(kind: ResourceKind, key: ObjectKey, precondition: Precondition): Promise<boolean>;
	createEvent(event: Event): Promise<void>;
	accessReview(question: AccessQuestion): Promise<{ allowed: boolean }>;
}

/** A watched set of objects, kept current by a reflector. Objects are frozen; reads cost no request. */
export interface Store<T extends KubernetesObject> {
	get(key: ObjectKey): T | undefined;
	list(): Iterable<T>;
	/** Objects that an index function (given when the store was made) puts under this value. */
	byIndex(index: string, value: string): T[];
	/** True from the first complete list on. */
	readonly synced: boolean;
}

/** What a watch tells: only that something happened to this object (design D9: watches only enqueue keys). */
export interface Change<T extends KubernetesObject> {
	type: "added" | "modified" | "deleted";
	object: T;
	/** The state before, where there was one. */
	previous?: T;
}
