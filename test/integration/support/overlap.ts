// Looking back at what happened to the Jobs of a namespace: did two ever run at the same time?
import type { Job } from "../../../src/api/kubernetes.ts";
import type { History } from "../../cluster/api.ts";

const isRunning = ({ spec, status }: Job): boolean =>
	spec?.suspend !== true &&
	!(status?.conditions ?? []).some(({ type, status }) => status === "True" && ["Complete", "Failed"].includes(type));

const LABEL = "riotkit.org/scheduled-backup";

/** Each moment at which more than one Job of a ScheduledBackup was released and had not ended: their names, joined. */
export const overlaps = (jobs: History<Job>, namespace: string): string[] => {
	const running = new Map<string, Job>();
	const found = new Set<string>();
	for (const { type, object } of jobs.changes) {
		if (object.metadata?.namespace !== namespace) continue;
		const uid = object.metadata.uid ?? "";
		if (type === "DELETED" || !isRunning(object)) running.delete(uid);
		else running.set(uid, object);
		const beside = [...running.values()].filter(
			({ metadata }) => metadata?.labels?.[LABEL] === object.metadata?.labels?.[LABEL],
		);
		if (beside.length > 1) found.add(beside.map(({ metadata }) => metadata?.name).join(" and "));
	}
	return [...found];
};
