// Secrets reach the pod as environment variables, which not every value survives: a value that would only fail when the
// pod starts is refused here. The values themselves are not known, only their size and encoding.
import { SecretValue } from "../../template/value.ts";
import type { ScheduledBackupFacts, SecretKeyFacts } from "../facts.ts";
import type { HelmValues } from "../helmvalues.ts";
import type { SecretImport } from "../imports.ts";
import { secretKnowledge } from "../knowledge.ts";
import { OPERATIONS, type Operation } from "../operation.ts";
import type { Problem } from "../report.ts";

/** Bytes. execve takes at most 128 KiB for one variable (MAX_ARG_STRLEN) with its name, and transforming needs room. */
export const VALUE_LIMIT = 96 * 1024;
/** Bytes, all variables together: execve's limit for arguments and environment depends on the stack, and is shared. */
export const SUM_LIMIT = 512 * 1024;

/** What becomes part of the environment. */
export interface EnvironmentUse {
	secrets: Record<Operation, readonly SecretValue[]>;
	pod: HelmValues;
	imports: readonly SecretImport[];
}

const factsOf = (facts: ScheduledBackupFacts, secretName: string, key: string): SecretKeyFacts | undefined => {
	const knowledge = secretKnowledge(facts, secretName);
	return knowledge.state === "known" ? knowledge.secret.keys.get(key) : undefined;
};

const ENCODINGS = { nul: "holds a NUL byte", invalidUtf8: "is not valid UTF-8" } as const;

const flaw = (found: SecretKeyFacts): string | undefined => {
	if (found.encoding !== "utf8") return ENCODINGS[found.encoding];
	return found.size > VALUE_LIMIT ? `has ${found.size} bytes, more than ${VALUE_LIMIT}` : undefined;
};

const HINT = "secrets reach the script as environment variables; mount a file by HelmValues.volumes instead";

/** Every secret that a script prints, or that the environment takes, was imported by some field. */
const fieldOf = (use: EnvironmentUse, secret: SecretValue): string => {
	const isIt = (entry: SecretImport): boolean => entry.secretName === secret.secretName && entry.key === secret.key;
	return (use.imports.find(isIt) as SecretImport).fieldPath;
};

const environmentSecrets = (pod: HelmValues): SecretValue[] =>
	Object.values(pod.env ?? {}).filter((value) => value instanceof SecretValue);

const literalBytes = (pod: HelmValues): number =>
	Object.values(pod.env ?? {}).reduce(
		(sum, value) => sum + (typeof value === "string" ? Buffer.byteLength(value) : 0),
		0,
	);

const onceEach = (secrets: readonly SecretValue[]): SecretValue[] => [
	...new Map(secrets.map((secret) => [`${secret.secretName}/${secret.key}`, secret])).values(),
];

/** Keys that were named are checked even where no script prints them: naming them says that they are wanted. */
const namedSecrets = (use: EnvironmentUse): SecretValue[] =>
	use.imports.filter((entry) => entry.named).map((entry) => new SecretValue(entry.path, entry.secretName, entry.key));

const valueProblems = (use: EnvironmentUse, facts: ScheduledBackupFacts): Problem[] => {
	const { backup, restore } = use.secrets;
	const all = onceEach([...namedSecrets(use), ...backup, ...restore, ...environmentSecrets(use.pod)]);
	return all.flatMap((secret) => {
		const found = factsOf(facts, secret.secretName, secret.key);
		const wrong = found === undefined ? undefined : flaw(found);
		if (wrong === undefined) return [];
		const message = `key "${secret.key}" of Secret "${secret.secretName}" ${wrong}`;
		return [{ path: fieldOf(use, secret), reason: "FieldValueInvalid" as const, message, hint: HINT }];
	});
};

const sumOf = (use: EnvironmentUse, facts: ScheduledBackupFacts, operation: Operation): number =>
	onceEach([...use.secrets[operation], ...environmentSecrets(use.pod)])
		.map((secret) => factsOf(facts, secret.secretName, secret.key)?.size ?? 0)
		.reduce((sum, size) => sum + size, literalBytes(use.pod));

const sumProblems = (use: EnvironmentUse, facts: ScheduledBackupFacts): Problem[] => {
	const largest = Math.max(...OPERATIONS.map((operation) => sumOf(use, facts, operation)));
	if (largest <= SUM_LIMIT) return [];
	const message = `the secrets and HelmValues.env have ${largest} bytes in sum, more than ${SUM_LIMIT}`;
	return [{ path: "spec.vars", reason: "FieldValueTooLong", message, hint: HINT }];
};

/** Everything that the environment could not carry. */
export const environmentProblems = (use: EnvironmentUse, facts: ScheduledBackupFacts): Problem[] => [
	...valueProblems(use, facts),
	...sumProblems(use, facts),
];
