// Which ScheduledBackup a Job was made from. One that was deleted and made anew under the same name, or that names another
// database now, is not what somebody asked to restore: such a Job is never released.
import type { Job } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { digestOf } from "../../src/domain/status/facts.ts";
import type { Wait } from "./step.ts";

/** Annotation of a Job: UID of the ScheduledBackup that it was made from. */
const ORIGIN_ANNOTATION = "riotkit.org/scheduled-backup-uid";
/** Annotation of a Job that restores: digest of that ScheduledBackup's spec, but for its schedule. */
const SPEC_ANNOTATION = "riotkit.org/scheduled-backup-spec";

const specDigest = ({ spec: { cronJob: _, ...spec } }: ScheduledBackup): string => digestOf(spec);

/** The annotations that tell where a Job came from. */
export const originMarks = (action: RequestedBackupAction, target: ScheduledBackup): Record<string, string> => ({
	[ORIGIN_ANNOTATION]: target.metadata.uid ?? "",
	...(action.spec.action === "restore" ? { [SPEC_ANNOTATION]: specDigest(target) } : {}),
});

/** Why a Job must not be released any more; undefined where its ScheduledBackup is still the same. */
export const originFailure = (job: Job, target: ScheduledBackup): Wait | undefined => {
	const { [ORIGIN_ANNOTATION]: uid, [SPEC_ANNOTATION]: spec } = job.metadata?.annotations ?? {};
	const failure = (what: string): Wait => ({
		reason: "NeverStarted",
		message: `Never started: ScheduledBackup "${target.metadata.name}" was ${what} while the action waited; create a new action`,
	});
	if (uid !== undefined && uid !== target.metadata.uid) return failure("deleted and created anew");
	return spec !== undefined && spec !== specDigest(target) ? failure("edited") : undefined;
};
