// `render`: the objects that accepted manifests become, as the reconciler would apply them.
import { dump } from "js-yaml";
import type { KubernetesObject } from "../api/kubernetes.ts";
import type { OutputFormat } from "../config.ts";
import type { Findings } from "./lint.ts";

const yamlOf = (object: KubernetesObject): string => dump(object, { lineWidth: -1, noRefs: true });

/** The objects of all accepted manifests as YAML documents, or as one List in JSON; with the final line break. */
export const renderOutput = ({ checked }: Findings, format: OutputFormat): string => {
	const objects = checked.flatMap((result) => result.objects);
	if (format !== "json") return objects.map((object) => `---\n${yamlOf(object)}`).join("");
	return `${JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2)}\n`;
};
