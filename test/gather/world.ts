// References and an OpenPGP inspector made of plain objects: gathering takes both as arguments.
import type { Secret } from "../../src/api/kubernetes.ts";
import type { ClusterBackupProcedureTemplate, ScheduledBackup } from "../../src/api/types.ts";
import type { KeyInspector, KeyPairMaterial, References } from "../../src/gather/references.ts";

export const encode = (text: string | Uint8Array): string => Buffer.from(text as string).toString("base64");

/** A Secret with these values. */
export const secret = (
	name: string,
	values: Record<string, string | Uint8Array>,
	changes: Partial<Secret> = {},
): Secret => ({
	apiVersion: "v1",
	kind: "Secret",
	metadata: { name, namespace: "default", uid: `uid-of-${name}`, resourceVersion: "7" },
	data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encode(value)])),
	...changes,
});

export interface World extends References {
	/** What was read, in order. */
	reads: string[];
}

/** References over these objects. */
export const worldOf = (objects: {
	secrets?: Secret[];
	template?: ClusterBackupProcedureTemplate;
	scheduledBackup?: ScheduledBackup;
	labels?: Record<string, string>;
}): World => {
	const reads: string[] = [];
	return {
		reads,
		secret: async (namespace, name) => {
			reads.push(`Secret ${namespace}/${name}`);
			return objects.secrets?.find((found) => found.metadata?.name === name);
		},
		template: async (name) => {
			reads.push(`template ${name}`);
			return objects.template;
		},
		scheduledBackup: async (namespace, name) => {
			reads.push(`ScheduledBackup ${namespace}/${name}`);
			return objects.scheduledBackup;
		},
		namespaceLabels: async (name) => {
			reads.push(`Namespace ${name}`);
			return objects.labels ?? {};
		},
		unfinishedActions: async () => [],
	};
};

/** Says of every text `public …` that it is a public key of `<…>`, of `private …` that it is a private key. */
export const inspector = (asked: KeyPairMaterial[] = []): KeyInspector => ({
	inspectPublicKey: async (text) =>
		text.startsWith("public ")
			? { material: "present", fingerprint: "ABCD", userIds: [`<${text.slice(7)}>`], canEncrypt: true }
			: { material: "notArmored", userIds: [] },
	inspectPrivateKey: async (text) => (text.startsWith("private ") ? "present" : "wrongKind"),
	inspectPair: async (material) => {
		asked.push(material);
		return { pair: true, opens: material.passphrase === "opens" };
	},
});
