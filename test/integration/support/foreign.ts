// Kinds of others' operators that the chart makes objects of: the API server knows them, and takes any field.
import type { Manifest } from "./chart.ts";

/** Their CustomResourceDefinition. In: as in its `spec`; the version is v1. */
export const foreign = (group: string, kind: string, plural: string, scope = "Namespaced"): Manifest => ({
	apiVersion: "apiextensions.k8s.io/v1",
	kind: "CustomResourceDefinition",
	metadata: { name: `${plural}.${group}` },
	spec: {
		group,
		scope,
		names: { kind, plural, singular: kind.toLowerCase() },
		versions: [
			{
				name: "v1",
				served: true,
				storage: true,
				schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
			},
		],
	},
});

/** cert-manager's, as far as the chart makes objects of them. */
export const CERT_MANAGER = [
	foreign("cert-manager.io", "Issuer", "issuers"),
	foreign("cert-manager.io", "Certificate", "certificates"),
];
