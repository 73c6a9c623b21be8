// Asking for runs, and waiting for what they say.
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { eventually } from "../cluster/wait.ts";
import { action, type Fields, manifest } from "../integration/support/objects.ts";
import { mustKubectl } from "../integration/support/status.ts";
import type { World } from "./world.ts";

export interface Asked {
	namespace: string;
	/** Name of the action. */
	name: string;
	/** Name of the ScheduledBackup. */
	of: string;
	spec?: Fields;
}

/** The action as it is now. */
export const readAction = (world: World, { namespace, name }: Pick<Asked, "namespace" | "name">) =>
	world.json(`get requestedbackupaction -n ${namespace} ${name}`) as Promise<RequestedBackupAction | undefined>;

/** Creates an action. */
export const ask = async (world: World, { namespace, name, of, spec = {} }: Asked): Promise<void> => {
	await world.apply(manifest(action(name, of, spec, { namespace })));
};

/** Logs of the action's pods, for the reader of a failed test. */
export const logsOf = async (world: World, { namespace, name }: Pick<Asked, "namespace" | "name">): Promise<string> => {
	const job = (await readAction(world, { namespace, name }))?.status?.jobName;
	const { stdout, stderr } = await world.kubectl(
		`logs -n ${namespace} -l batch.kubernetes.io/job-name=${job} --tail=40 --ignore-errors`,
	);
	return `${stdout}${stderr}`;
};

/** Waits until the action is over. */
export const awaitEnd = (world: World, asked: Pick<Asked, "namespace" | "name">): Promise<RequestedBackupAction> =>
	eventually(
		async () => {
			const found = await readAction(world, asked);
			if (found?.status?.phase === "Succeeded" || found?.status?.phase === "Failed") return found;
			throw new Error(JSON.stringify(found?.status));
		},
		{ timeout: 180, what: `action ${asked.namespace}/${asked.name} is over` },
	);

/**
 * Asks for a run and waits until it succeeded.
 * @throws Error with its message and logs where it failed
 */
export const runToSuccess = async (world: World, asked: Asked): Promise<RequestedBackupAction> => {
	await ask(world, asked);
	const ended = await awaitEnd(world, asked);
	if (ended.status?.phase === "Succeeded") return ended;
	throw new Error(`${asked.name}: ${ended.status?.message}\n${await logsOf(world, asked)}`);
};

/** Starts a Job now from what the schedule would run. Waits until it is complete. */
export const runSchedule = async (world: World, namespace: string, cronJob: string, name: string): Promise<void> => {
	await mustKubectl(world, `create job -n ${namespace} ${name} --from=cronjob/${cronJob}`);
	await mustKubectl(world, `wait -n ${namespace} --for=condition=Complete job/${name} --timeout=180s`);
};
