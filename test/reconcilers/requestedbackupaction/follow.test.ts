// What status and Events say of a Job while it goes, and of its end.
import t from "tap";
import { fail, finish, follow } from "../../../reconcilers/requestedbackupaction/act.ts";
import { POD } from "../../../src/api/kinds.ts";
import type { Job, Pod } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import { type PodFacts, podFacts } from "../../../src/domain/status/facts.ts";
import { EARLIER, HELD, setUp, TIME } from "./acting.ts";

const podOf = (name: string, owner: string, status: object): PodFacts =>
	podFacts({
		metadata: {
			name,
			namespace: "default",
			uid: `${name}-uid`,
			creationTimestamp: EARLIER,
			ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "job", uid: owner, controller: true }],
		},
		status,
	} as unknown as Pod);
const STUCK = {
	phase: "Pending",
	conditions: [{ type: "PodScheduled", status: "True" }],
	containerStatuses: [
		{ name: "backup", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } }, restartCount: 0 },
	],
};
const running: Job = { ...HELD, spec: { template: {} }, status: { startTime: EARLIER } };
const follows: {
	name: string;
	job: Job;
	before?: RequestedBackupAction["status"];
	pods?: PodFacts[];
	wanted: object;
}[] = [
	{
		name: "one that runs",
		job: running,
		wanted: { phase: "Running", healthy: true, startTime: EARLIER, message: 'Job "job" runs' },
	},
	{
		name: "one that is about to start",
		job: { ...HELD, spec: { template: {} } },
		wanted: { phase: "Pending", healthy: true, message: 'Job "job" is about to start' },
	},
	{
		name: "one that ran, and lost its start time",
		job: { ...HELD, spec: { template: {} } },
		before: { phase: "Running" },
		wanted: { phase: "Running", healthy: true },
	},
	{
		name: "one that was suspended",
		job: HELD,
		wanted: { healthy: false, message: 'Job "job" was suspended by somebody after it had started' },
	},
	{
		name: "one whose pod is stuck",
		job: running,
		pods: [podOf("pod", "job-uid", STUCK)],
		wanted: { phase: "Running", healthy: false, message: /no such image|ImagePullBackOff/ },
	},
	{
		name: "one beside a stuck pod of another Job",
		job: running,
		pods: [podOf("pod", "other-uid", STUCK)],
		wanted: { phase: "Running", healthy: true, message: 'Job "job" runs' },
	},
];
for (const { name, job, before, pods, wanted } of follows)
	t.test(`status follows ${name}`, async (t) => {
		const { context, action, seen, stored } = setUp(before, job, pods);
		const search = await follow(context, action, seen);
		t.match(stored(), { ...wanted, jobName: "job", jobUID: "job-uid" });
		t.equal(search.trouble !== undefined, name.includes("whose pod is stuck"));
		t.equal("startTime" in (stored() ?? {}), job === running);
	});

const ended = (type: string, more: object = {}): Job => ({
	...running,
	status: {
		...running.status,
		conditions: [
			{ type, status: "True", reason: "BackoffLimitExceeded", message: "", lastTransitionTime: TIME, ...more },
		],
	} as unknown as NonNullable<Job["status"]>,
});

t.test("a success is stored, and said", async (t) => {
	const { context, action, seen, stored, recorded } = setUp({}, ended("Complete"));
	await finish(context, action, seen);
	t.match(stored(), { phase: "Succeeded", startTime: EARLIER, completionTime: TIME, jobUID: "job-uid" });
	t.same(recorded, [["Normal", "Succeeded", 'Job "job" succeeded']]);
});

t.test("a failure is stored and said with what its pods tell, read for its own UID", async (t) => {
	const { world, context, action, seen, stored, recorded } = setUp(
		{},
		ended("Failed", { lastTransitionTime: undefined }),
	);
	const asked: unknown[] = [];
	const { list } = world.kube;
	world.kube.list = (kind, options) => {
		if ((kind as { plural: string }).plural === POD.plural) asked.push(options);
		return list(kind, options);
	};
	const terminated = { state: { terminated: { reason: "Error", exitCode: 3 } }, name: "backup", restartCount: 0 };
	world.put(POD, {
		metadata: {
			name: "pod",
			namespace: "default",
			ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "job", uid: "job-uid", controller: true }],
		},
		status: { phase: "Failed", containerStatuses: [terminated] },
	} as unknown as Pod);
	await finish(context, action, seen);
	t.same(asked, [{ namespace: "default", labelSelector: "batch.kubernetes.io/controller-uid=job-uid" }]);
	t.match(stored(), {
		phase: "Failed",
		completionTime: TIME,
		failureReason: "ContainerFailed",
		message: /exit code 3/,
	});
	t.match(recorded, [["Warning", "ContainerFailed", /exit code 3/]]);
});

t.test("a failure that no Job told keeps the Job that was stored", async (t) => {
	const { context, action, stored, recorded } = setUp({ phase: "Running", jobName: "job", jobUID: "job-uid" });
	await fail(context, action, "JobDeleted", "the Job was deleted");
	t.match(stored(), { phase: "Failed", failureReason: "JobDeleted", jobUID: "job-uid", completionTime: TIME });
	t.same(recorded, [["Warning", "JobDeleted", "the Job was deleted"]]);
});
