// `HelmValues.affinity`: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Affinity without
// matchLabelKeys, which make no sense for pods that are never rolled out.
import { list, map, number, object, type Schema, text } from "./schema-parts.ts";

const MAX_WEIGHT = 100;

const requirement = (operators: readonly string[], values: Schema): Schema =>
	object({ key: text("label-key"), operator: text({ enum: operators }), values: list(values) }, ["key", "operator"]);

const labelSelector = object({
	matchExpressions: list(requirement(["In", "NotIn", "Exists", "DoesNotExist"], text("label-value"))),
	matchLabels: map("label-key", text("label-value")),
});

const fieldRequirement = object(
	{
		key: text({ enum: ["metadata.name"] }),
		operator: text({ enum: ["In", "NotIn"] }),
		values: list(text("object-name")),
	},
	["key", "operator", "values"],
);

const nodeSelectorTerm = object({
	matchExpressions: list(requirement(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"], text("label-value"))),
	matchFields: list(fieldRequirement),
});

const podTerm = object(
	{
		labelSelector,
		namespaces: list(text("volume-name")),
		namespaceSelector: labelSelector,
		topologyKey: text("label-key"),
	},
	["topologyKey"],
);

const podTerms = object({
	preferredDuringSchedulingIgnoredDuringExecution: list(
		object({ podAffinityTerm: podTerm, weight: number(1, MAX_WEIGHT) }, ["podAffinityTerm", "weight"]),
	),
	requiredDuringSchedulingIgnoredDuringExecution: list(podTerm),
});

const nodeAffinity = object({
	preferredDuringSchedulingIgnoredDuringExecution: list(
		object({ preference: nodeSelectorTerm, weight: number(1, MAX_WEIGHT) }, ["preference", "weight"]),
	),
	requiredDuringSchedulingIgnoredDuringExecution: object({ nodeSelectorTerms: list(nodeSelectorTerm) }, [
		"nodeSelectorTerms",
	]),
});

export const podAffinitySchema: Schema = object({ nodeAffinity, podAffinity: podTerms, podAntiAffinity: podTerms });
