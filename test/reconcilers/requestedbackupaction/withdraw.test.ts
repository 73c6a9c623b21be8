// "Never started" is stored of nothing that may have run: the Job is deleted first, as it was seen to be held.
import t from "tap";
import { withdraw } from "../../../reconcilers/requestedbackupaction/withdraw.ts";
import { JOB, REQUESTED_BACKUP_ACTION } from "../../../src/api/kinds.ts";
import type { Job } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import { jobFacts } from "../../../src/domain/status/facts.ts";
import { ConflictError } from "../../../src/kube/errors.ts";
import { createWorld, type World } from "../world.ts";
import { contextOf, requested } from "./context.ts";

const failure = { reason: "NeverStarted", message: "Never started: it was edited" };
const HELD: Job = {
	metadata: { name: "run-job", namespace: "default", uid: "job-uid" },
	spec: { template: {}, suspend: true },
};
const withStatus = (status: RequestedBackupAction["status"] = {}): RequestedBackupAction => ({
	...requested("restore"),
	status: { jobName: "run-job", jobUID: "job-uid", phase: "Pending", ...status },
});

/** A world with the action and its held Job; `meanwhile` happens after both were looked at. */
const afterwards = async (meanwhile: (world: World) => unknown = () => undefined) => {
	const world = createWorld();
	const job = jobFacts(world.put(JOB, HELD));
	const action = world.put(REQUESTED_BACKUP_ACTION, withStatus());
	await meanwhile(world);
	world.writes.length = 0;
	const answer = await withdraw(contextOf(world), action, { failure, job }).catch((error: unknown) => error);
	return { answer, writes: world.writes, status: world.get(REQUESTED_BACKUP_ACTION, "run")?.status };
};

t.test("the Job goes before the failure is told", async (t) => {
	const { answer, writes, status } = await afterwards();
	t.equal(answer, true);
	t.same(writes, ["delete jobs run-job", "status requestedbackupactions run"]);
	t.match(status, { phase: "Failed", failureReason: "NeverStarted", message: failure.message, jobUID: "job-uid" });
});

t.test("a Job that was released, or otherwise changed, meanwhile: nothing is told", async (t) => {
	const { answer, writes, status } = await afterwards((world) =>
		world.put(JOB, { ...HELD, spec: { template: {}, suspend: false } }),
	);
	t.type(answer, ConflictError);
	t.same(writes, ["delete jobs run-job"]);
	t.equal(status?.phase, "Pending");
});

t.test("a Job that somebody else deleted may have run: nothing is told", async (t) => {
	const { answer, writes, status } = await afterwards((world) =>
		world.kube.delete(JOB, { name: "run-job" }, { uid: "job-uid" }),
	);
	t.equal(answer, false);
	t.same(writes, ["delete jobs run-job"]);
	t.equal(status?.phase, "Pending");
});

const metadata = { ...requested("restore").metadata };
const meanwhile: Record<string, { happens: (world: World) => unknown; told: string | undefined }> = {
	"its labels were changed": {
		happens: (world) =>
			world.put(REQUESTED_BACKUP_ACTION, { ...withStatus(), metadata: { ...metadata, labels: { a: "b" } } }),
		told: "NeverStarted",
	},
	"another controller has told its end": {
		happens: (world) =>
			world.put(REQUESTED_BACKUP_ACTION, withStatus({ phase: "Failed", failureReason: "JobDeleted" })),
		told: "JobDeleted",
	},
	"another one of its name is there": {
		happens: (world) =>
			world.put(REQUESTED_BACKUP_ACTION, { ...withStatus(), metadata: { ...metadata, uid: "other-uid" } }),
		told: undefined,
	},
	"it is gone": {
		happens: (world) => world.kube.delete(REQUESTED_BACKUP_ACTION, { name: "run" }, { uid: "run-uid" }),
		told: undefined,
	},
};
for (const [name, { happens, told }] of Object.entries(meanwhile))
	t.test(`the action as it is now: ${name}`, async (t) => {
		const { answer, status } = await afterwards(happens);
		t.equal(answer, true);
		t.equal(status?.failureReason, told);
	});
