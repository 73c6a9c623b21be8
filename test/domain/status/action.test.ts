import t from "tap";
import type { RequestedBackupAction, RequestedBackupActionStatus } from "../../../src/api/types.ts";
import { type ActionProgress, actionStatus, isOver } from "../../../src/domain/status/action.ts";
import { ago, NOW } from "./samples.ts";

const action = (status?: RequestedBackupActionStatus, spec: object = {}): RequestedBackupAction => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "RequestedBackupAction",
	metadata: { name: "a", namespace: "default", uid: "a-uid", generation: 1 },
	spec: { action: "restore", scheduledBackupRef: { name: "app1" }, ...spec },
	...(status === undefined ? {} : { status }),
});
const job = { name: "a-1", uid: "job-uid" };
const say = (progress: ActionProgress, subject = action()): RequestedBackupActionStatus =>
	actionStatus(subject, progress, NOW);
const conditions = (status: RequestedBackupActionStatus): Record<string, string> =>
	Object.fromEntries((status.conditions ?? []).map(({ type, status: state, reason }) => [type, `${state} ${reason}`]));

t.test("waiting", async (t) => {
	const status = say({ phase: "Pending", reason: "Queued", message: "waits" });
	t.match(status, {
		phase: "Pending",
		processed: false,
		healthy: true,
		message: "waits",
		targetVersion: "latest",
		ownedReferences: [],
	});
	t.match(conditions(status), { Ready: "False Queued", Reconciling: "True Queued", Stalled: "False Queued" });
	for (const absent of ["jobUID", "startTime", "completionTime", "failureReason"]) t.notOk(absent in status, absent);
});

t.test("running, and hanging", async (t) => {
	const running = { phase: "Running", reason: "Running", message: "runs", job, startTime: ago(1) } as const;
	t.match(say(running), {
		processed: true,
		healthy: true,
		jobUID: "job-uid",
		startTime: ago(1),
		childrenResourcesHealth: [{ running: true, failed: false }],
	});
	t.match(say({ ...running, reason: "ImagePullBackOff", message: "no image", troubled: true }), {
		healthy: false,
		childrenResourcesHealth: [{ running: true, message: "no image" }],
	});
});

t.test("the two ends", async (t) => {
	const end = { job, completionTime: ago(0), message: "m" };
	const success = say({ phase: "Succeeded", reason: "Succeeded", ...end });
	t.match(success, { healthy: true, completionTime: ago(0) });
	t.match(conditions(success), { Ready: "True Succeeded", Reconciling: "False Succeeded", Stalled: "False Succeeded" });
	const failure = say({ phase: "Failed", reason: "OOMKilled", ...end });
	t.match(failure, {
		healthy: false,
		failureReason: "OOMKilled",
		childrenResourcesHealth: [{ failed: true, message: "m" }],
	});
	t.match(conditions(failure), { Ready: "False OOMKilled", Stalled: "True OOMKilled" });
	t.ok(isOver(action(success)));
	t.ok(isOver(action(failure)));
	t.notOk(isOver(action()));
});

t.test("a start time that is known stays, a backup has no target, odd reasons become words", async (t) => {
	t.match(say({ phase: "Failed", reason: "JobDeleted", message: "" }, action({ startTime: ago(9) })), {
		startTime: ago(9),
	});
	t.equal(
		say({ phase: "Pending", reason: "x y", message: "" }, action(undefined, { action: "backup" })).targetVersion,
		undefined,
	);
	t.match(say({ phase: "Pending", reason: "x y", message: "" }, action(undefined, { targetVersion: "v3" })), {
		targetVersion: "v3",
	});
	t.match(conditions(say({ phase: "Pending", reason: "x y", message: "" })), { Ready: "False Pending" });
	t.match(say({ phase: "Pending", reason: "Q", message: "" }, { ...action(), metadata: {} }), {
		observedGeneration: 0,
	});
});

t.test("status as a whole, so that an old field goes where it has no value any more", async (t) => {
	const { conditions: _waits, ...waiting } = say({ phase: "Pending", reason: "Queued", message: "waits" });
	t.strictSame(waiting, {
		observedGeneration: 1,
		phase: "Pending",
		processed: false,
		targetVersion: "latest",
		message: "waits",
		healthy: true,
		ownedReferences: [],
		childrenResourcesHealth: [],
	});
	const failure = { phase: "Failed", reason: "BackoffLimitExceeded", message: "m", job } as const;
	const { conditions: _fails, ...failed } = say({ ...failure, startTime: ago(1), completionTime: ago(0) });
	t.strictSame(failed, {
		observedGeneration: 1,
		phase: "Failed",
		processed: true,
		startTime: ago(1),
		completionTime: ago(0),
		targetVersion: "latest",
		failureReason: "BackoffLimitExceeded",
		message: "m",
		healthy: false,
		jobName: "a-1",
		jobUID: "job-uid",
		ownedReferences: [{ apiVersion: "batch/v1", kind: "Job", ...job }],
		childrenResourcesHealth: [{ kind: "Job", name: "a-1", running: false, failed: true, message: "m" }],
	});
});
