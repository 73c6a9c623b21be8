// Reads everything that the checks of a ScheduledBackup need, all at the same time and each Secret once. What comes out
// holds no value of any Secret.
import type { Secret } from "../api/kubernetes.ts";
import type { ClusterBackupProcedureTemplate, ScheduledBackup } from "../api/types.ts";
import { wellTyped } from "../api/welltyped.ts";
import type { ScheduledBackupFacts } from "../domain/facts.ts";
import type { Memory } from "../domain/memory.ts";
import { referencedSecrets } from "../domain/secretuses.ts";
import { inspectIdentity } from "./identity.ts";
import type { KeyInspector, References } from "./references.ts";
import { secretFacts } from "./secretfacts.ts";

export interface GatherOptions {
	/** Whether to find out if the key's halves are one pair and if the passphrase opens it: some 100 ms of work. */
	deepKeyCheck: boolean;
	memory?: Memory | undefined;
}

type ReadSecret = [name: string, secret: Secret | undefined];

const readSecrets = async (
	references: References,
	object: ScheduledBackup,
	{ memory }: GatherOptions,
): Promise<ReadSecret[]> => {
	const namespace = object.metadata?.namespace ?? "";
	const read = async (name: string): Promise<ReadSecret> => [name, await references.secret(namespace, name)];
	return Promise.all(referencedSecrets(object, memory).map(read));
};

/** The template that the object names, where it is one of the cluster's. */
export const readTemplate = async (
	references: References,
	object: ScheduledBackup,
): Promise<ClusterBackupProcedureTemplate | undefined> => {
	const { kind, name } = wellTyped(object).spec.templateRef;
	return kind === "internal" || name === "" ? undefined : references.template(name);
};

const factsOf = ([name, secret]: ReadSecret): [string, ReturnType<typeof secretFacts> | undefined] => [
	name,
	secret === undefined ? undefined : secretFacts(secret),
];

/** What status remembers of a key. */
const recordOf = ({ status }: ScheduledBackup): Pick<ScheduledBackupFacts, "recordedFingerprint" | "recordedPlace"> => {
	const { fingerprint = "", secretName = "", privateKey = "" } = status?.gpgKey ?? {};
	if (fingerprint === "") return {};
	const place = secretName === "" || privateKey === "" ? {} : { recordedPlace: { secretName, privateKey } };
	return { recordedFingerprint: fingerprint, ...place };
};

/**
 * The facts about a ScheduledBackup's world. `denied` is empty: rights are the caller's to ask for.
 * @throws what the port throws: a failure of the world, never something that is merely not there.
 */
export const gatherScheduledBackup = async (
	references: References,
	inspector: KeyInspector,
	object: ScheduledBackup,
	options: GatherOptions,
): Promise<ScheduledBackupFacts> => {
	const [secrets, template, namespaceLabels] = await Promise.all([
		readSecrets(references, object, options),
		readTemplate(references, object),
		references.namespaceLabels(object.metadata?.namespace ?? ""),
	]);
	const facts: ScheduledBackupFacts = {
		template,
		secrets: new Map(secrets.map(factsOf)),
		denied: [],
		namespaceLabels,
		...recordOf(object),
	};
	const formed = wellTyped(object);
	const reading = { ...options, object: formed, facts, secrets: new Map(secrets) };
	const identity = await inspectIdentity(reading, inspector);
	return identity === undefined ? facts : { ...facts, identity };
};
