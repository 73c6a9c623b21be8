// `render`: the objects that accepted manifests become, as the reconciler would apply them, but for their owners: manifests
// have no UID, and an API server refuses an owner without one.
import { dump } from "js-yaml";
import type { KubernetesObject } from "../api/kubernetes.ts";
import type { OutputFormat } from "../config.ts";
import type { Findings } from "./lint.ts";

const yamlOf = (object: KubernetesObject): string => dump(object, { lineWidth: -1, noRefs: true });

const withoutOwner = ({ metadata, ...rest }: KubernetesObject): KubernetesObject => {
	const { ownerReferences: _owners, ...kept } = metadata ?? {};
	const { apiVersion, kind, ...content } = rest;
	return { apiVersion, kind, metadata: kept, ...content } as KubernetesObject;
};

/** The objects of all accepted manifests as YAML documents, or as one List in JSON; with the final line break. */
export const renderOutput = ({ checked }: Findings, format: OutputFormat): string => {
	const objects = checked.flatMap((result) => result.objects).map(withoutOwner);
	if (format !== "json") return objects.map((object) => `---\n${yamlOf(object)}`).join("");
	return `${JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2)}\n`;
};
