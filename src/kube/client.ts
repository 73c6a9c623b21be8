// The real Kube: each method of the port as one HTTP request. What a request looks like is here; how it travels is in
// transport.ts; what its failures mean is in failures.ts.
import type { ResourceKind } from "../api/kinds.ts";
import { EVENT } from "../api/kinds.ts";
import type { KubernetesObject } from "../api/kubernetes.ts";
import { ConflictError, InvalidObjectError, NotFoundError } from "./errors.ts";
import { listAll } from "./list.ts";
import { type AccessQuestion, FIELD_MANAGER, type Kube, type ObjectKey } from "./port.ts";
import { type Call, createTransport, type Transport, type TransportOptions } from "./transport.ts";
import { collectionPath, objectPath, operationName, withQuery } from "./urls.ts";

const APPLY_PATCH = "application/apply-patch+yaml";
const MERGE_PATCH = "application/merge-patch+json";

export interface Connection {
	kube: Kube;
	/** The same, for one piece of work: when the signal aborts, its calls end with UnavailableError, and no more are made. */
	until(signal: AbortSignal): Kube;
	/** For reflectors. */
	transport: Transport;
	close(): Promise<void>;
}

/**
 * Connects to the API server of the kubeconfig, or of the pod we run in. No request is made yet.
 * @throws UnavailableError where the credentials cannot be read.
 */
export const connect = async (options: TransportOptions = {}): Promise<Connection> => {
	const transport = await createTransport(options);
	return {
		kube: createKube(transport),
		until: (signal) => createKube(endingWith(transport, signal)),
		transport,
		close: () => transport.close(),
	};
};

/** A transport whose calls and streams end when the signal aborts; closing is the given one's. */
export const endingWith = (transport: Transport, signal: AbortSignal): Transport => {
	const bound = (call: Call): Call => ({
		...call,
		signal: call.signal === undefined ? signal : AbortSignal.any([call.signal, signal]),
	});
	return {
		call: (call) => transport.call(bound(call)),
		stream: (call) => transport.stream(bound(call)),
		close: () => transport.close(),
	};
};

const keyOf = (object: KubernetesObject): ObjectKey => {
	const { name = "", namespace } = object.metadata ?? {};
	return namespace === undefined ? { name } : { name, namespace };
};

const withType = <T extends KubernetesObject>(kind: ResourceKind<T>, object: T): T => ({
	...object,
	apiVersion: kind.apiVersion,
	kind: kind.kind,
});

/** The port over any transport. */
export const createKube = (transport: Transport): Kube => ({
	get: async <T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey) => {
		const call = { method: "GET", path: objectPath(kind, key), operation: operationName("get", kind, key) } as const;
		return (await transport.call(call)) as T;
	},

	list: async <T extends KubernetesObject>(kind: ResourceKind<T>, options = {}) => {
		const items: T[] = [];
		await listAll(transport, kind, options, {
			restart: () => items.splice(0),
			page: (page) => items.push(...(page as T[])),
		});
		return items;
	},

	create: async <T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options: { dryRun?: boolean } = {}) => {
		const query = { fieldManager: FIELD_MANAGER, dryRun: options.dryRun ? "All" : undefined };
		const path = withQuery(collectionPath(kind, requiredNamespace(kind, object)), query);
		const operation = operationName("create", kind, keyOf(object));
		return (await transport.call({ method: "POST", path, operation, body: withType(kind, object) })) as T;
	},

	apply: async <T extends KubernetesObject>(kind: ResourceKind<T>, object: T) => {
		const key = keyOf(object);
		const path = withQuery(objectPath(kind, key), { fieldManager: FIELD_MANAGER, force: true });
		const operation = operationName("apply", kind, key);
		const body = withType(kind, object);
		// The second of two with a resourceVersion would find that the first has changed it.
		const repeatable = object.metadata?.resourceVersion === undefined;
		const call: Call = { method: "PATCH", path, operation, contentType: APPLY_PATCH, body, repeatable };
		return (await transport.call(call)) as T;
	},

	patch: async <T extends KubernetesObject>(
		kind: ResourceKind<T>,
		key: ObjectKey,
		body: object,
		precondition: { uid: string; resourceVersion?: string },
	) => {
		const path = withQuery(objectPath(kind, key), { fieldManager: FIELD_MANAGER });
		const operation = operationName("patch", kind, key);
		const metadata = { ...(body as KubernetesObject).metadata, ...preconditionOf(precondition) };
		const call = { method: "PATCH", path, operation, contentType: MERGE_PATCH, body: { ...body, metadata } } as const;
		return (await otherUidIsConflict(operation, () => transport.call(call))) as T;
	},

	replaceStatus: async <T extends KubernetesObject>(kind: ResourceKind<T>, object: T) => {
		const key = keyOf(object);
		const operation = operationName("replace status of", kind, key);
		if (object.metadata?.resourceVersion === undefined) throw new TypeError(`${operation}: no resourceVersion`);
		const path = withQuery(objectPath(kind, key, "status"), { fieldManager: FIELD_MANAGER });
		return (await transport.call({ method: "PUT", path, operation, body: withType(kind, object) })) as T;
	},

	delete: async (kind, key, precondition) => {
		const body = {
			apiVersion: "v1",
			kind: "DeleteOptions",
			propagationPolicy: "Background",
			preconditions: preconditionOf(precondition),
		};
		const operation = operationName("delete", kind, key);
		try {
			await transport.call({ method: "DELETE", path: objectPath(kind, key), operation, body });
			return true;
		} catch (error) {
			if (error instanceof NotFoundError) return false;
			throw error;
		}
	},

	createEvent: async (event) => {
		const path = collectionPath(EVENT, requiredNamespace(EVENT, event));
		const operation = operationName("create", EVENT, keyOf(event));
		await transport.call({ method: "POST", path, operation, body: withType(EVENT, event) });
	},

	accessReview: (question) => accessReview(transport, question),
});

/** Only the two fields, whatever else the caller's object has. */
const preconditionOf = ({ uid, resourceVersion }: { uid: string; resourceVersion?: string }) =>
	resourceVersion === undefined ? { uid } : { uid, resourceVersion };

const requiredNamespace = (kind: ResourceKind, object: KubernetesObject): string | undefined => {
	const namespace = object.metadata?.namespace;
	if (kind.namespaced && !namespace) throw new TypeError(`create ${kind.plural}: no namespace`);
	return kind.namespaced ? namespace : undefined;
};

/** A patch that names another UID than the stored one is refused as a change of an immutable field, with 422. */
const otherUidIsConflict = async <T>(operation: string, run: () => Promise<T>): Promise<T> => {
	try {
		return await run();
	} catch (error) {
		if (error instanceof InvalidObjectError && error.causes.some((cause) => cause.startsWith("metadata.uid ")))
			throw new ConflictError(`${operation}: another object has this name now`, {
				operation,
				...(error.status === undefined ? {} : { status: error.status }),
				reason: "Conflict",
				cause: error,
			});
		throw error;
	}
};

const accessReview = async (transport: Transport, question: AccessQuestion): Promise<{ allowed: boolean }> => {
	const { user, namespace, verb, group, resource, subresource, name } = question;
	const body = {
		apiVersion: "authorization.k8s.io/v1",
		kind: "SubjectAccessReview",
		spec: {
			user: user.username,
			uid: user.uid,
			groups: user.groups,
			extra: user.extra,
			resourceAttributes: { namespace, verb, group, resource, subresource, name },
		},
	};
	const answer = (await transport.call({
		method: "POST",
		path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
		operation: "create subjectaccessreviews",
		body,
	})) as { status?: { allowed?: unknown } };
	return { allowed: answer.status?.allowed === true };
};
