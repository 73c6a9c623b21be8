// The first half of a reconcile: is the object valid, are its keys there, and what is it to become. Runs the same checks as
// admission, since objects can bypass webhooks and the world changes after them.
import type { ScheduledBackup } from "../../src/api/types.ts";
import { evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import type { Report } from "../../src/domain/report.ts";
import { type KeysVerdict, keysVerdict, RESTORABLE_REASONS } from "../../src/domain/status/keys.ts";
import type { Verdict } from "../../src/domain/status/scheduledbackup.ts";
import { verdictOf } from "../../src/domain/status/verdict.ts";
import { gatherScheduledBackup } from "../../src/gather/scheduledbackup.ts";
import type { Context } from "../shared/context.ts";
import { watchedReferences } from "../shared/references.ts";
import { recordStored } from "./keyrecord.ts";
import { createKeys } from "./keys.ts";
import type { Doings } from "./tell.ts";

export interface Assessment {
	report: Report;
	keys: KeysVerdict;
	/** Undefined where the object cannot be installed; `verdict` then says why. */
	plan: BackupPlan | undefined;
	verdict: Verdict | undefined;
	/** Where backups cannot be made but old ones can be read: what a restore needs. */
	restorePlan?: BackupPlan;
}

const look = async (context: Context, object: ScheduledBackup): Promise<Assessment> => {
	const { inspector, settings } = context;
	const facts = await gatherScheduledBackup(watchedReferences(context), inspector, object, {
		deepKeyCheck: true,
		memory: settings.memory,
	});
	const evaluation = evaluateScheduledBackup(object, facts, settings);
	const { namespace = "", name = "" } = object.metadata;
	context.rememberFacts({ namespace, name }, facts);
	const keys = keysVerdict(evaluation.keys, facts.identity, context.now());
	const verdict = verdictOf(evaluation, keys);
	const { report } = evaluation;
	if (verdict === undefined) return { report, keys, plan: evaluation.plan, verdict };
	if (!RESTORABLE_REASONS.has(verdict.reason)) return { report, keys, plan: undefined, verdict };
	const reading: ScheduledBackup = { ...object, spec: { ...object.spec, operation: "restore" } };
	const { plan: restorePlan } = evaluateScheduledBackup(reading, facts, settings);
	return { report, keys, plan: undefined, verdict, ...(restorePlan === undefined ? {} : { restorePlan }) };
};

/** A key that was stored by a controller that ended before it could say so: recorded before anything uses it. */
const settlePending = async (context: Context, object: ScheduledBackup, keys: KeysVerdict, doings: Doings) => {
	const pending = object.status?.gpgKey?.pendingFingerprint;
	if (keys.type !== "usable" || pending === undefined || keys.key.fingerprint !== pending) return;
	doings.stored = await recordStored(context, object, pending);
};

/**
 * Checks an object, and makes its keys where they are wanted and nothing else is wrong.
 * @param object with defaults.
 * @param doings takes note of a key that was made.
 */
export const assess = async (context: Context, object: ScheduledBackup, doings: Doings): Promise<Assessment> => {
	const first = await look(context, object);
	await settlePending(context, object, first.keys, doings);
	if (first.keys.type !== "create" || first.plan === undefined) return first;
	const creation = await createKeys(context, first.plan, doings);
	if (creation.type === "refused") {
		const { reason, message } = creation;
		const keys: KeysVerdict = { type: "unusable", reason, message };
		return { ...first, keys, plan: undefined, verdict: { standing: "stalled", reason, message } };
	}
	const second = await look(context, doings.stored ?? object);
	// A Secret that is emptied as fast as it is filled, or a record that did not get through: say so, and try again later.
	const verdict: Verdict = { standing: "progressing", reason: "MakingKeys", message: "The keys are being made" };
	const isUnsure = second.keys.type === "create" || (creation.type === "made" && !creation.recorded);
	return isUnsure ? { ...second, plan: undefined, verdict } : second;
};
