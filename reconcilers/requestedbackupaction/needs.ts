// What a Job's pods cannot start without, of the objects that we make: the script, and the author's own variables. A Job that
// is released before they are there starts a pod that hangs, and keeps the schedule suspended meanwhile.
import { CONFIG_MAP, type ResourceKind, SECRET } from "../../src/api/kinds.ts";
import type { Job, KubernetesObject } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { SCRIPT_VOLUME } from "../../src/domain/objects/bootstrap.ts";
import { environmentSecretName } from "../../src/domain/objects/names.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Context } from "../shared/context.ts";
import type { Wait } from "./step.ts";

interface Need {
	kind: ResourceKind<KubernetesObject>;
	name: string;
}

/** Seconds after which it is looked for again, should its making escape us. */
const RETRY = 30;

const needsOf = (job: Job, action: RequestedBackupAction): Need[] => {
	const { volumes = [], containers = [] } = job.spec?.template.spec ?? {};
	const environment = environmentSecretName(action.spec.scheduledBackupRef.name);
	const scripts = volumes.flatMap(({ name, configMap }) => (name === SCRIPT_VOLUME ? [configMap?.name] : []));
	const secrets = containers
		.flatMap(({ envFrom = [] }) => envFrom.map(({ secretRef }) => secretRef?.name))
		.filter((name) => name?.startsWith(environment));
	const named = (kind: ResourceKind<KubernetesObject>, names: (string | undefined)[]): Need[] =>
		names.flatMap((name) => (name === undefined ? [] : [{ kind, name }]));
	return [...named(CONFIG_MAP, scripts), ...named(SECRET, secrets)];
};

/** What the Job has to wait for, as the API server says now; undefined where all is there. */
export const missingObject = async (
	context: Context,
	action: RequestedBackupAction,
	job: Job,
): Promise<Wait | undefined> => {
	const namespace = action.metadata.namespace ?? "";
	const isMissing = async ({ kind, name }: Need): Promise<boolean> =>
		(await readLive(context.kube, kind, { namespace, name })) === undefined;
	const needs = await Promise.all(
		needsOf(job, action).map(async (need) => ({ ...need, missing: await isMissing(need) })),
	);
	const missing = needs.find((need) => need.missing);
	if (missing === undefined) return undefined;
	const message = `${missing.kind.kind} "${missing.name}" does not exist; the action waits for it. If it does not come, create another action`;
	return { reason: "WaitingForScript", message, after: RETRY, troubled: true };
};
