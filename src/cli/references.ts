// The References port over the objects that were given: what is not among them does not exist.
import { API_VERSION } from "../api/kinds.ts";
import type { KubernetesObject, Secret } from "../api/kubernetes.ts";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../api/types.ts";
import type { References } from "../gather/references.ts";
import { scopeOf } from "../manifests/identity.ts";

const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");

const textsOf = (value: unknown): [string, string][] =>
	Object.entries(value ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");

/** A Secret as the API server would store it: `stringData` goes over `data`, encoded. */
const stored = (secret: Secret): Secret => ({
	...secret,
	data: {
		...Object.fromEntries(textsOf(secret.data)),
		...Object.fromEntries(textsOf(secret.stringData).map(([key, text]) => [key, encode(text)])),
	},
});

type Index = ReadonlyMap<string, KubernetesObject>;

const keyOf = (apiVersion: string, kind: string, namespace: string, name: string): string =>
	[apiVersion, kind, namespace, name].join("/");

const indexOf = (objects: readonly KubernetesObject[]): Index =>
	new Map(
		objects.map((object) => {
			const { apiVersion = "", kind = "" } = object;
			return [keyOf(apiVersion, kind, scopeOf(object), object.metadata?.name ?? ""), object];
		}),
	);

/** Reads among these objects. A manifest's status is nobody's: it is left out, as the API server would. */
export const fileReferences = (objects: readonly KubernetesObject[]): References => {
	const index = indexOf(objects);
	const find = <T extends KubernetesObject>(apiVersion: string, kind: string, namespace: string, name: string) =>
		index.get(keyOf(apiVersion, kind, namespace, name)) as T | undefined;
	return {
		secret: async (namespace, name) => {
			const secret = find<Secret>("v1", "Secret", namespace, name);
			return secret === undefined ? undefined : stored(secret);
		},
		template: async (name) =>
			find<ClusterBackupProcedureTemplate>(API_VERSION, "ClusterBackupProcedureTemplate", "", name),
		scheduledBackup: async (namespace, name) => {
			const found = find<ScheduledBackup>(API_VERSION, "ScheduledBackup", namespace, name);
			if (found === undefined) return undefined;
			const { status: _status, ...rest } = found;
			return rest;
		},
		namespaceLabels: async (name) => find("v1", "Namespace", "", name)?.metadata?.labels ?? {},
		unfinishedActions: async (): Promise<RequestedBackupAction[]> => [],
	};
};
