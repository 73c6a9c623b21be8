// Every point at which the controller can end is a row: what is there then, and what comes next.
import t from "tap";
import { goesBefore, nextStep, type Situation } from "../../../reconcilers/requestedbackupaction/step.ts";
import type { RequestedBackupAction, RequestedBackupActionStatus } from "../../../src/api/types.ts";
import type { JobFacts } from "../../../src/domain/status/facts.ts";
import { complete, failed, job } from "../../domain/status/samples.ts";

const action = (status: RequestedBackupActionStatus = {}, more: object = {}): RequestedBackupAction => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "RequestedBackupAction",
	metadata: { name: "a", namespace: "default", uid: "a-uid", creationTimestamp: "2026-03-01T12:00:05Z", ...more },
	spec: { action: "restore", scheduledBackupRef: { name: "app1" } },
	status,
});
const other = (
	name: string,
	created: string,
	status: RequestedBackupActionStatus = {},
	more: object = {},
): RequestedBackupAction => action(status, { name, uid: `${name}-uid`, creationTimestamp: created, ...more });
const older = other("o", "2026-03-01T12:00:00Z");

const owner: [string, string, string] = ["RequestedBackupAction", "a", "a-uid"];
const suspended = job({ owner, suspend: true });
const annotated = (facts: JobFacts, annotations: Record<string, string>): JobFacts => ({
	...facts,
	metadata: { ...facts.metadata, annotations },
});
const stored: RequestedBackupActionStatus = { jobName: "job1", jobUID: "job1-uid", phase: "Pending" };
const unready = { reason: "WaitingForScheduledBackup", message: "not yet" };

interface Row extends Partial<Situation> {
	name: string;
	type: string;
	reason?: string;
}

const rows: Row[] = [
	{ name: "new, and all is ready", type: "createJob" },
	{ name: "its ScheduledBackup is not ready", unready, type: "wait", reason: "WaitingForScheduledBackup" },
	{ name: "an older one is unfinished", others: [older], type: "wait", reason: "Queued" },
	{
		name: "an older one is over",
		others: [other("o", "2026-03-01T12:00:00Z", { phase: "Failed" })],
		type: "createJob",
	},
	{
		name: "an older one is being deleted",
		others: [other("o", "2026-03-01T12:00:00Z", {}, { deletionTimestamp: "x" })],
		type: "createJob",
	},
	{ name: "a younger one waits", others: [other("y", "2026-03-01T12:00:09Z")], type: "createJob" },
	{
		name: "a younger one has its Job already",
		others: [other("y", "2026-03-01T12:00:09Z", { jobUID: "u" })],
		type: "wait",
		reason: "Queued",
	},
	{ name: "crash after the Job was made", job: suspended, type: "storeJob" },
	{ name: "crash after the Job was made, and its ScheduledBackup is gone", job: suspended, unready, type: "storeJob" },
	{ name: "its Job's name is taken", job: job({ owner: ["CronJob", "x", "x-uid"] }), type: "wait", reason: "Conflict" },
	{ name: "crash after the UID was stored", action: action(stored), job: suspended, type: "startJob" },
	{
		name: "two have stored Jobs: the older starts",
		action: action(stored),
		job: suspended,
		others: [other("o", "2026-03-01T12:00:00Z", { jobUID: "u" })],
		type: "wait",
		reason: "Queued",
	},
	{
		name: "stored, and its ScheduledBackup became unready since",
		action: action(stored),
		job: suspended,
		unready,
		type: "startJob",
	},
	{ name: "crash after the release", action: action(stored), job: job({ owner }), type: "follow" },
	{
		name: "suspended by somebody after its release",
		action: action(stored),
		job: annotated(suspended, { "riotkit.org/started": "t" }),
		type: "follow",
	},
	{
		name: "its Job is being deleted",
		action: action(stored),
		job: { ...suspended, metadata: { ...suspended.metadata, deletionTimestamp: "x" } },
		type: "follow",
	},
	{ name: "its Job is gone", action: action(stored), type: "fail", reason: "JobDeleted" },
	{
		name: "its Job is gone, and somebody else's has the name",
		action: action(stored),
		job: job({ name: "job2" }),
		type: "fail",
		reason: "JobDeleted",
	},
	{
		name: "a second Job of ours: the stored UID is another",
		action: action({ ...stored, jobUID: "first-uid" }),
		job: suspended,
		type: "deleteStray",
	},
	{ name: "succeeded", action: action(stored), job: job({ owner, conditions: [complete()] }), type: "finish" },
	{ name: "failed", action: action(stored), job: job({ owner, conditions: [failed()] }), type: "finish" },
	{
		name: "interim failure",
		action: action(stored),
		job: job({ owner, conditions: [{ type: "FailureTarget", status: "True" }] }),
		type: "follow",
	},
	{ name: "over", action: action({ ...stored, phase: "Succeeded" }), type: "none" },
	{
		name: "over, its Job is kept",
		action: action({ ...stored, phase: "Succeeded" }),
		job: job({ owner, conditions: [complete()] }),
		type: "none",
	},
	{
		name: "over, its Job is to go later",
		action: action({ ...stored, phase: "Failed" }),
		job: annotated(job({ owner, conditions: [failed()] }), { "riotkit.org/ttl-seconds-after-finished": "60" }),
		type: "setTimeToLive",
	},
	{
		name: "over, its Job's time runs",
		action: action({ ...stored, phase: "Failed" }),
		job: {
			...annotated(job({ owner, conditions: [failed()] }), { "riotkit.org/ttl-seconds-after-finished": "60" }),
			timeToLive: 60,
		},
		type: "none",
	},
	{
		name: "over, and its Job was never released",
		action: action({ ...stored, phase: "Failed" }),
		job: suspended,
		type: "deleteStray",
	},
	{
		name: "over, and its Job was suspended by somebody after its release",
		action: action({ ...stored, phase: "Failed" }),
		job: annotated(suspended, { "riotkit.org/started": "t" }),
		type: "none",
	},
	{
		name: "over, and a second Job of ours is there",
		action: action({ ...stored, jobUID: "first-uid", phase: "Failed" }),
		job: suspended,
		type: "deleteStray",
	},
	{
		name: "over, and somebody else's Job has the name",
		action: action({ ...stored, phase: "Failed" }),
		job: job({ name: "job2" }),
		type: "none",
	},
	{ name: "being deleted", action: action(stored, { deletionTimestamp: "x" }), job: suspended, type: "none" },
];

for (const { name, type, reason, ...given } of rows)
	t.test(name, async (t) => {
		const step = nextStep({ action: action(), others: [], job: undefined, unready: undefined, ...given });
		t.equal(step.type, type);
		if (reason !== undefined) t.equal("reason" in step ? step.reason : undefined, reason);
	});

t.test("behind one that cannot begin either, an action is in trouble too", async (t) => {
	const queued = (troubled: object) =>
		nextStep({ action: action(), others: [older], job: undefined, unready: { ...unready, ...troubled } });
	t.match(queued({ troubled: true }), { reason: "Queued", troubled: true });
	t.notOk("troubled" in queued({}));
});

t.test("an action is not queued behind itself", async (t) => {
	t.equal(nextStep({ action: action(), others: [action()], job: undefined, unready: undefined }).type, "createJob");
});

t.test("the order is total: within one second the name decides", async (t) => {
	const [a, b] = [other("a", "2026-03-01T12:00:00Z"), other("b", "2026-03-01T12:00:00Z")];
	t.strictSame([goesBefore(a, b), goesBefore(b, a), goesBefore(a, a)], [true, false, false]);
});
