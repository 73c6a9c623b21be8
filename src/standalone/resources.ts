// The kind that standalone mode puts into the cluster, beyond those that the controller itself works with.
import type { ResourceKind } from "../api/kinds.ts";
import type { KubernetesObject } from "../api/kubernetes.ts";

/** https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/ (what we look at). */
export interface CustomResourceDefinition extends KubernetesObject {
	spec?: object;
	status?: { conditions?: { type: string; status: string; message?: string }[] };
}

export const CUSTOM_RESOURCE_DEFINITION: ResourceKind<CustomResourceDefinition> = {
	apiVersion: "apiextensions.k8s.io/v1",
	kind: "CustomResourceDefinition",
	plural: "customresourcedefinitions",
	namespaced: false,
};
