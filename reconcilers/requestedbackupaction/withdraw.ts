// The end of an action that can never start, although its Job is made. The Job goes first, exactly as it was seen to be held:
// of this deletion and a release that another controller is just sending, the API server lets one alone through, since both name
// the version. Only then is "Never started" stored: the other way round it would be told of a restore that ran. Who ends in
// between leaves an action without its Job, which is told as `JobDeleted`: the outcome is not known, and nothing is run again.
import { REQUESTED_BACKUP_ACTION } from "../../src/api/kinds.ts";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { isOver } from "../../src/domain/status/action.ts";
import type { JobFacts } from "../../src/domain/status/facts.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Context } from "../shared/context.ts";
import { deleteStray, fail } from "./act.ts";
import type { Wait } from "./step.ts";

/**
 * Deletes the held Job, then stores the failure over the action as it is now.
 * @param found why it can never start; its Job, in the version that was seen to be held.
 * @returns false where somebody else deleted the Job, maybe after it had run: nothing is stored, look again.
 * @throws ConflictError where the Job was changed since it was looked at: maybe released.
 */
export const withdraw = async (
	context: Context,
	action: RequestedBackupAction,
	{ failure, job }: { failure: Wait; job: JobFacts },
): Promise<boolean> => {
	if (!(await deleteStray(context, job))) return false;
	context.watches.jobs.gone(job);
	const { namespace = "", name = "", uid } = action.metadata;
	const live = await readLive(context.kube, REQUESTED_BACKUP_ACTION, { namespace, name });
	if (live === undefined || live.metadata.uid !== uid) return true;
	context.watches.actions.wrote(live);
	if (!isOver(live)) await fail(context, live, failure.reason, failure.message);
	return true;
};
