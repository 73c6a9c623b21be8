// A Job's labels are put back where somebody took them off, on the action's own Job alone.
import t from "tap";
import { withLabels } from "../../../reconcilers/requestedbackupaction/labels.ts";
import { JOB } from "../../../src/api/kinds.ts";
import type { Job, KubernetesObject } from "../../../src/api/kubernetes.ts";
import { jobFacts } from "../../../src/domain/status/facts.ts";
import { createWorld } from "../world.ts";
import { contextOf, requested } from "./context.ts";

const WANTED = {
	"app.kubernetes.io/name": "backup-maker",
	"app.kubernetes.io/instance": "app",
	"app.kubernetes.io/component": "restore",
	"app.kubernetes.io/part-of": "backup-repository",
	"app.kubernetes.io/managed-by": "backup-maker-controller",
	"riotkit.org/scheduled-backup": "app",
	"riotkit.org/operation": "restore",
	"riotkit.org/requested-backup-action": "run",
	"riotkit.org/job-tracking-id": "run-uid",
};
const labelled = async (labels: Record<string, string> | undefined, more: object = {}) => {
	const world = createWorld();
	const told: KubernetesObject[] = [];
	const context = contextOf(world, { jobs: { wrote: (object: KubernetesObject) => void told.push(object) } });
	const owner = [{ apiVersion: "x", kind: "RequestedBackupAction", name: "run", uid: "run-uid", controller: true }];
	const metadata = { name: "job", namespace: "default", uid: "job-uid", ownerReferences: owner, labels, ...more };
	const stored = world.put(JOB, { metadata, spec: { template: {} } } as unknown as Job);
	const answer = await withLabels(context, requested("restore"), jobFacts(stored));
	return {
		answer: answer.metadata.labels,
		stored: world.get(JOB, "job")?.metadata?.labels,
		writes: world.writes,
		told,
	};
};

t.test("all there: nothing is written", async (t) => {
	const { answer, writes, told } = await labelled({ ...WANTED, mine: "yes" });
	t.strictSame([answer, writes, told], [{ ...WANTED, mine: "yes" }, [], []]);
});

t.test("none there, or one missing or changed: they are put back, others stay", async (t) => {
	const { "riotkit.org/operation": _, ...fewer } = WANTED;
	for (const labels of [undefined, { mine: "yes" }, fewer, { ...WANTED, "riotkit.org/scheduled-backup": "other" }]) {
		const { answer, stored, writes, told } = await labelled(labels);
		t.strictSame(writes, ["patch jobs job"]);
		t.strictSame(stored, { ...labels, ...WANTED });
		t.strictSame(answer, stored);
		t.match(told, [{ metadata: { name: "job", labels: WANTED } }]);
	}
});

t.test("somebody else's Job, or one that is being deleted, is left alone", async (t) => {
	const foreign = [{ apiVersion: "x", kind: "CronJob", name: "x", uid: "x-uid", controller: true }];
	for (const more of [{ ownerReferences: foreign }, { ownerReferences: [] }, { deletionTimestamp: "x" }]) {
		const { answer, writes, told } = await labelled({ mine: "yes" }, more);
		t.strictSame([answer, writes, told], [{ mine: "yes" }, [], []]);
	}
});
