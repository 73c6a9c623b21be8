// One live read that takes "it is not there" for an answer: most of what decides asks first whether something exists.
import type { ResourceKind } from "../api/kinds.ts";
import type { KubernetesObject } from "../api/kubernetes.ts";
import { NotFoundError } from "./errors.ts";
import type { Kube, ObjectKey } from "./port.ts";

/** The object as the API server has it now; undefined where it is gone. Throws the port's other errors. */
export const readLive = async <T extends KubernetesObject>(
	kube: Pick<Kube, "get">,
	kind: ResourceKind<T>,
	key: ObjectKey,
): Promise<T | undefined> => {
	try {
		return await kube.get(kind, key);
	} catch (error) {
		if (error instanceof NotFoundError) return undefined;
		throw error;
	}
};
