// Reading what kubectl shows of our objects, and waiting until it shows what a test wants.
import type { Condition, RequestedBackupAction, ScheduledBackup } from "../../../src/api/types.ts";
import type { Kubectl } from "../../cluster/session.ts";
import { eventually } from "../../cluster/wait.ts";

/** What is read of an Event. */
interface CoreEvent {
	reason?: string;
	involvedObject: { name?: string };
}

/** Namespace and name. */
export interface Named {
	namespace: string;
	name: string;
}

/** What a condition is to be; fields that are left out may be anything. */
export interface Wanted {
	type: string;
	status?: string;
	reason?: string;
}

/** The ScheduledBackup as the API server has it; undefined where it is gone. */
export const readBackup = (session: Kubectl, { namespace, name }: Named): Promise<ScheduledBackup | undefined> =>
	session.json(`get scheduledbackup -n ${namespace} ${name}`);

/** The condition of this type. */
export const conditionIn = (
	object: Pick<ScheduledBackup | RequestedBackupAction, "status"> | undefined,
	type: string,
): Condition | undefined => object?.status?.conditions?.find((condition) => condition.type === type);

const fits = (found: Condition | undefined, wanted: Wanted): boolean =>
	found !== undefined &&
	(wanted.status === undefined || found.status === wanted.status) &&
	(wanted.reason === undefined || found.reason === wanted.reason);

/**
 * Waits until the object has the condition, for its current generation, and answers the object.
 * @param kind as kubectl takes it
 */
export const awaitCondition = async <T extends ScheduledBackup | RequestedBackupAction = ScheduledBackup>(
	session: Kubectl,
	{ namespace, name }: Named,
	wanted: Wanted,
	kind = "scheduledbackup",
): Promise<T> => {
	const { type, status = "any", reason = "any" } = wanted;
	return eventually(
		async () => {
			const object = (await session.json(`get ${kind} -n ${namespace} ${name}`)) as T | undefined;
			const found = conditionIn(object, type);
			if (fits(found, wanted) && object?.status?.observedGeneration === object?.metadata.generation) return object;
			throw new Error(found === undefined ? "no such condition" : JSON.stringify(found));
		},
		{ timeout: 60, what: `${kind} ${namespace}/${name} has ${type}=${status}, reason ${reason}` },
	);
};

/** Waits until the ScheduledBackup is Ready, for its current generation. */
export const awaitReady = (session: Kubectl, named: Named): Promise<ScheduledBackup> =>
	awaitCondition(session, named, { type: "Ready", status: "True" });

/** Waits until an Event with this reason tells of the object of this name. */
export const awaitEvent = (session: Kubectl, { namespace, name }: Named, reason: string): Promise<boolean> =>
	eventually(
		async () => {
			const { items } = await session.json(`get events -n ${namespace}`);
			return (items as CoreEvent[]).some((event) => event.involvedObject.name === name && event.reason === reason);
		},
		{ what: `an Event of ${namespace}/${name} says ${reason}` },
	);

/** Names of what a selector finds, sorted. */
export const namesOf = async (session: Kubectl, kind: string, namespace: string, selector = ""): Promise<string[]> => {
	const list = await session.json(`get ${kind} -n ${namespace}${selector === "" ? "" : ` -l ${selector}`}`);
	return (list.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name).sort();
};

/** A Secret's data, decoded; undefined where there is no such Secret. */
export const readSecret = async (
	session: Kubectl,
	{ namespace, name }: Named,
): Promise<Map<string, Buffer> | undefined> => {
	const secret = await session.json(`get secret -n ${namespace} ${name}`);
	if (secret === undefined) return undefined;
	const entries = Object.entries((secret.data ?? {}) as Record<string, string>);
	return new Map(entries.map(([key, value]) => [key, Buffer.from(value, "base64")]));
};

/** Runs kubectl and throws with its words where it fails. */
export const mustKubectl = async (session: Kubectl, args: string | string[], input?: string): Promise<string> => {
	const { code, stdout, stderr } = await session.kubectl(args, input);
	if (code !== 0)
		throw new Error(`kubectl ${typeof args === "string" ? args : args.join(" ")} ended with ${code}: ${stderr}`);
	return stdout;
};

/** Merges a patch into an object, through kubectl. */
export const merge = (session: Kubectl, kind: string, { namespace, name }: Named, patch: object): Promise<string> =>
	mustKubectl(session, ["patch", kind, "-n", namespace, name, "--type=merge", "-p", JSON.stringify(patch)]);
