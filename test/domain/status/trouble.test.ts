import t from "tap";
import type { EventFacts, JobFacts, PodFacts } from "../../../src/domain/status/facts.ts";
import { findTrouble, newestEvent } from "../../../src/domain/status/trouble.ts";
import { ago, complete, container, event, job, NOW, pod, scheduled } from "./samples.ts";

interface Case {
	name: string;
	job?: JobFacts;
	pods?: PodFacts[];
	events?: EventFacts[];
	/** Reason, and what the message must match; undefined where nothing hangs. */
	trouble?: [string, RegExp];
	lookAgain?: boolean;
}

const waiting = (reason: string, message = "") => container({ waiting: { reason, message } });

const cases: Case[] = [
	{
		name: "image that cannot be pulled",
		pods: [pod({ ...scheduled, ...waiting("ImagePullBackOff", 'Back-off pulling image "x"') })],
		trouble: [
			"ImagePullBackOff",
			/^Pod "pod1" of Job "job1" does not start \(ImagePullBackOff\): Back-off pulling image "x"; check the image's name/,
		],
	},
	{
		name: "image error",
		pods: [pod({ ...scheduled, ...waiting("ErrImagePull") })],
		trouble: ["ErrImagePull", /check the image/],
	},
	{
		name: "a registry that does not answer, for a moment",
		pods: [
			pod({ ...scheduled, ...waiting("ErrImagePull", "dial tcp: i/o timeout") }, { created: ago(0.5) }),
			pod({ ...scheduled, ...waiting("ImagePullBackOff", "Back-off pulling image") }, { created: ago(0.9) }),
		],
		lookAgain: true,
	},
	{
		name: "a registry that does not answer, for longer",
		pods: [pod({ ...scheduled, ...waiting("RegistryUnavailable", "connection refused") }, { created: ago(1.1) })],
		trouble: ["RegistryUnavailable", /connection refused; the registry does not answer; it is tried again/],
	},
	...[
		"rpc error: code = NotFound desc = failed to pull and unpack image: not found",
		"pull access denied, repository does not exist or may require authorization",
		"manifest unknown",
		"401 Unauthorized",
		"no match for platform in manifest",
	].map((message) => ({
		name: `a pull that fails at once and for good: ${message}`,
		pods: [pod({ ...scheduled, ...waiting("ErrImagePull", message) }, { created: ago(0.1) })],
		trouble: ["ErrImagePull", /check the image's name/] as [string, RegExp],
	})),
	{
		name: "a name that is none, at once",
		pods: [pod({ ...scheduled, ...waiting("InvalidImageName") }, { created: ago(0.1) })],
		trouble: ["InvalidImageName", /correct the image's name/],
	},
	{
		name: "key deleted from a Secret",
		pods: [
			pod({
				...scheduled,
				...waiting("CreateContainerConfigError", "couldn't find key token in Secret default/backup-keys"),
			}),
		],
		trouble: [
			"CreateContainerConfigError",
			/couldn't find key token in Secret.*; a Secret or ConfigMap key that the pod reads is gone/,
		],
	},
	{
		name: "a reason that we do not know",
		pods: [pod({ ...scheduled, ...waiting("SomethingNew") })],
		trouble: ["SomethingNew", /kubectl describe pod/],
	},
	{
		name: "no node fits",
		pods: [
			pod({ conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes" }] }),
		],
		trouble: ["Unschedulable", /0\/3 nodes; no node fits/],
	},
	{ name: "not scheduled yet", pods: [pod({})] },
	{
		name: "mount that fails",
		pods: [pod({ ...scheduled, ...waiting("ContainerCreating") })],
		events: [event("FailedMount", "pod1-uid", ago(1), 'secret "x" not found'), event("FailedMount", "other-uid")],
		trouble: ["FailedMount", /secret "x" not found/],
	},
	{
		name: "the newest mount failure counts",
		pods: [pod({ ...scheduled, ...waiting("ContainerCreating") })],
		events: [event("FailedMount", "pod1-uid", ago(9), "first"), event("FailedMount", "pod1-uid", ago(1), "second")],
		trouble: ["FailedMount", /second/],
	},
	{
		name: "mount that works now",
		pods: [pod({ ...scheduled, ...container({ running: {} }) })],
		events: [event("FailedMount", "pod1-uid")],
	},
	{
		name: "in creation, not long",
		pods: [pod({ ...scheduled, ...waiting("ContainerCreating") }, { created: ago(1) })],
		lookAgain: true,
	},
	{
		name: "in creation, long",
		pods: [pod({ ...scheduled, ...waiting("ContainerCreating") })],
		trouble: ["ContainerCreating", /unusually long/],
	},
	{
		name: "scheduled, long, and no word of the kubelet",
		pods: [pod(scheduled)],
		trouble: ["ContainerCreating", /unusually long/],
	},
	{
		name: "does not end",
		pods: [pod({ phase: "Running" }, { deleted: ago(6) })],
		trouble: ["Terminating", /does not end \(Terminating\); its node/],
	},
	{ name: "ends", pods: [pod({ phase: "Running" }, { deleted: ago(1) })], lookAgain: true },
	{
		name: "ended pods hang no more",
		pods: [pod({ phase: "Failed", ...waiting("ImagePullBackOff") }), pod({ phase: "Succeeded" })],
	},
	{
		name: "pods refused",
		events: [event("FailedCreate", "job1-uid", ago(1), "forbidden: violates PodSecurity")],
		trouble: [
			"FailedCreate",
			/^Job "job1" has no pod \(FailedCreate\): forbidden: violates PodSecurity; pods are refused/,
		],
	},
	{ name: "pods refused, but accepted since", job: job({ active: 1 }), events: [event("FailedCreate", "job1-uid")] },
	{
		name: "a pod was made after the refusal",
		pods: [pod({ phase: "Failed" }, { created: ago(1) })],
		events: [event("FailedCreate", "job1-uid", ago(2))],
	},
	{
		name: "refused after the last pod",
		pods: [pod({ phase: "Failed" }, { created: ago(3) })],
		events: [event("FailedCreate", "job1-uid", ago(2))],
		trouble: ["FailedCreate", /no pod/],
	},
	{
		name: "an Event without a time",
		pods: [pod({ phase: "Failed" }, { created: ago(3) })],
		events: [{ ...event("FailedCreate", "job1-uid"), time: undefined }],
	},
	{ name: "suspended", job: job({ suspend: true }), pods: [pod({ ...scheduled, ...waiting("ImagePullBackOff") })] },
	{
		name: "ended",
		job: job({ conditions: [complete()] }),
		pods: [pod({ ...scheduled, ...waiting("ImagePullBackOff") })],
	},
	{
		name: "odd reason",
		pods: [pod({ ...scheduled, ...waiting("not a word") })],
		trouble: ["PodNotStarting", /describe/],
	},
];

for (const { name, job: subject = job(), pods = [], events = [], trouble, lookAgain = false } of cases)
	t.test(name, async (t) => {
		const found = findTrouble(subject, pods, events, NOW);
		t.equal(found.trouble?.reason, trouble?.[0]);
		if (trouble !== undefined) t.match(found.trouble?.message, trouble[1]);
		t.equal(found.lookAgainAt !== undefined, lookAgain);
	});

t.test("the newest Event is one about this object, for this reason", async (t) => {
	const old = event("FailedCreate", "a", ago(9));
	const recent = event("FailedCreate", "a", ago(2));
	const others = [event("FailedCreate", "b", ago(1)), event("BackOff", "a", ago(1))];
	t.equal(newestEvent([old, ...others, recent], "a", "FailedCreate"), recent);
	t.equal(newestEvent(others, "c", "FailedCreate"), undefined);
});
