import { INDEX } from "../../../reconcilers/shared/context.ts";
import { JOB, REQUESTED_BACKUP_ACTION } from "../../../src/api/kinds.ts";
import type { Job, KubernetesObject } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import { jobFacts, type PodFacts } from "../../../src/domain/status/facts.ts";
import { createWorld } from "../world.ts";
import { contextOf, requested } from "./context.ts";

export const TIME = "2026-03-01T12:00:00Z";
export const EARLIER = "2026-03-01T11:58:00Z";
export const HELD: Job = {
	metadata: {
		name: "job",
		namespace: "default",
		uid: "job-uid",
		labels: { "riotkit.org/scheduled-backup": "app" },
	},
	spec: { template: {}, suspend: true },
};
export const LABEL = "default/app";

/** A world with the Job and the action; what the watches are told and what Events say is kept. */
export const setUp = (status: RequestedBackupAction["status"] = {}, job: Job = HELD, pods: PodFacts[] = []) => {
	const world = createWorld();
	const told: KubernetesObject[] = [];
	const recorded: unknown[][] = [];
	const store = {
		get: () => undefined,
		byIndex: (index: string, value: string) => (index === INDEX.label && value === LABEL ? pods : []),
		created: (object: KubernetesObject) => void told.push(object),
		wrote: (object: KubernetesObject) => void told.push(object),
	};
	const context = {
		...contextOf(world, { jobs: store, actions: store, pods: store }),
		events: { record: async (_object: unknown, ...said: unknown[]) => void recorded.push(said) },
	} as ReturnType<typeof contextOf>;
	const action = world.put(REQUESTED_BACKUP_ACTION, { ...requested("restore"), status });
	const seen = jobFacts(world.put(JOB, job));
	world.writes.length = 0;
	const stored = (): RequestedBackupAction["status"] => world.get(REQUESTED_BACKUP_ACTION, "run")?.status;
	return { world, context, action, seen, told, recorded, stored, job: () => world.get(JOB, "job") };
};

/** Somebody changes the Job after it was looked at. */
export const touch = ({ world }: ReturnType<typeof setUp>): Job => world.put(JOB, HELD);
