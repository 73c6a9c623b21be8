// Which environment variables carry a script's secrets into the pod: references only, never values.
import type { PodSpec } from "../../api/kubernetes.ts";
import type { SecretValue } from "../../template/value.ts";
import { environmentName } from "./token.ts";

type EnvironmentVariable = NonNullable<PodSpec["containers"][number]["env"]>[number];

/**
 * One environment variable per (Secret, key) that the script really uses.
 * @returns sorted by name, each name once, so that the same secrets always give the same pod
 */
export const secretEnvironment = (secrets: readonly SecretValue[]): EnvironmentVariable[] => {
	const byName = new Map(secrets.map((secret) => [environmentName(secret.secretName, secret.key), secret]));
	return [...byName.keys()].sort().map((name) => referenceTo(name, byName.get(name) as SecretValue));
};

const referenceTo = (name: string, secret: SecretValue): EnvironmentVariable => ({
	name,
	valueFrom: { secretKeyRef: { name: secret.secretName, key: secret.key } },
});
