// Runs that hang without any Job condition saying so: an image that cannot be pulled, a key deleted from a Secret, a volume
// that cannot be mounted, no node that fits, pods that admission refuses. With `concurrencyPolicy: Forbid` one such pod
// would silently stop every later backup, so what hangs is found here and told in a condition until it recovers.
import type { EventFacts, JobFacts, PodFacts } from "./facts.ts";
import { hasEnded, isFinished, newestFirst } from "./outcome.ts";
import { reasonWord } from "./text.ts";

export interface Trouble {
	/** One word for programs: `ImagePullBackOff`. */
	reason: string;
	/** Names the object, what was found and what to do. */
	message: string;
}

export interface TroubleSearch {
	trouble?: Trouble;
	/** When to look again although nothing may change until then: something waits that is only wrong if it waits on. */
	lookAgainAt?: Date;
}

/** Milliseconds a container may be in creation without anything else being known: pulling a large image takes a while. */
const CREATION_PATIENCE = 5 * 60_000;
/** Milliseconds in which a registry that does not answer may do so: the kubelet tries three times. */
const PULL_PATIENCE = 60_000;
/** Milliseconds a pod may take to go after its grace period: longer means that its node does not answer. */
const TERMINATION_PATIENCE = 5 * 60_000;

const HINTS: Record<string, string> = {
	ImagePullBackOff: "check the image's name, that it exists, and HelmValues.imagePullSecrets",
	ErrImagePull: "check the image's name, that it exists, and HelmValues.imagePullSecrets",
	RegistryUnavailable: "the registry does not answer; it is tried again",
	ErrImageNeverPull: "the image is not on the node and HelmValues.imagePullPolicy is Never",
	InvalidImageName: "correct the image's name in the template or in HelmValues.image",
	CreateContainerConfigError: "a Secret or ConfigMap key that the pod reads is gone; restore it",
	CreateContainerError: "see `kubectl describe pod`",
	RunContainerError: "see `kubectl describe pod`",
	FailedMount: "a Secret, ConfigMap or volume that the pod mounts is missing or cannot be mounted; restore it",
	Unschedulable: "no node fits; check HelmValues.resources, nodeSelector, tolerations and affinity",
	FailedCreate: "pods are refused; check the namespace's quota, pod security level and admission policies",
	ContainerCreating: "it takes unusually long; see `kubectl describe pod`",
	Terminating:
		"its node does not answer; see `kubectl describe pod`, and delete the pod by force once the node is surely gone",
};

/** Pulls that failed and are tried again. */
const PULLS: ReadonlySet<string> = new Set(["ErrImagePull", "ImagePullBackOff", "RegistryUnavailable"]);
/** What registries and container runtimes say of a pull that fails again for the same reason until somebody does something. */
const LASTING =
	/not ?found|manifest unknown|does not exist|unauthori[sz]ed|denied|forbidden|no match for platform|no basic auth|invalid reference/i;

/** Waiting reasons of a normal start. */
const ORDINARY: ReadonlySet<string> = new Set(["", "ContainerCreating", "PodInitializing"]);

const say = (where: string, reason: string, found: string): Trouble => {
	const word = reasonWord(reason, "PodNotStarting");
	const hint = HINTS[word] ?? "see `kubectl describe pod`";
	return { reason: word, message: `${where} (${word})${found === "" ? "" : `: ${found}`}; ${hint}` };
};

const time = (text: string | undefined): number => (text === undefined ? 0 : Date.parse(text));

/** The newest Event of this reason about an object; undefined where there is none. */
export const newestEvent = (
	events: readonly EventFacts[],
	uid: string | undefined,
	reason: string,
): EventFacts | undefined =>
	events
		.filter((event) => event.subjectUid === uid && event.reason === reason)
		.sort((a, b) => time(b.time) - time(a.time))[0];

/** Trouble that only lasting makes: nothing until the patience ends, then `trouble`. */
const afterPatience = (since: number, patience: number, now: Date, trouble: Trouble): TroubleSearch =>
	now.getTime() < since + patience ? { lookAgainAt: new Date(since + patience) } : { trouble };

/** A registry that is away for a moment is no reason to wake anybody; an image that is not there is. */
const waitingTrouble = (
	pod: PodFacts,
	{ reason, message }: { reason: string; message: string },
	where: string,
	now: Date,
): TroubleSearch => {
	const trouble = say(where, reason, message);
	return PULLS.has(reason) && !LASTING.test(message)
		? afterPatience(time(pod.metadata.creationTimestamp), PULL_PATIENCE, now, trouble)
		: { trouble };
};

const startTrouble = (pod: PodFacts, events: readonly EventFacts[], where: string, now: Date): TroubleSearch => {
	if (pod.unscheduled !== undefined) return { trouble: say(where, pod.unscheduled.reason, pod.unscheduled.message) };
	const stuck = pod.containers.find(({ waiting }) => waiting !== undefined && !ORDINARY.has(waiting.reason));
	if (stuck?.waiting !== undefined) return waitingTrouble(pod, stuck.waiting, where, now);
	const started = pod.containers.some(({ waiting }) => waiting === undefined);
	if (!pod.scheduled || started) return {};
	const mount = newestEvent(events, pod.metadata.uid, "FailedMount");
	if (mount !== undefined) return { trouble: say(where, "FailedMount", mount.message) };
	const since = time(pod.metadata.creationTimestamp);
	return afterPatience(since, CREATION_PATIENCE, now, say(where, "ContainerCreating", ""));
};

const podTrouble = (pod: PodFacts, job: JobFacts, events: readonly EventFacts[], now: Date): TroubleSearch => {
	const name = `Pod "${pod.metadata.name}" of Job "${job.metadata.name}"`;
	if (hasEnded(pod)) return {};
	if (pod.metadata.deletionTimestamp !== undefined) {
		const trouble = say(`${name} does not end`, "Terminating", "");
		return afterPatience(time(pod.metadata.deletionTimestamp), TERMINATION_PATIENCE, now, trouble);
	}
	return startTrouble(pod, events, `${name} does not start`, now);
};

/** Pods that could not even be made: told by Events alone, which outlive recovery by an hour, so only the newest fact counts. */
const creationTrouble = (job: JobFacts, pods: readonly PodFacts[], events: readonly EventFacts[]): TroubleSearch => {
	const refused = newestEvent(events, job.metadata.uid, "FailedCreate");
	const newestPod = newestFirst(pods)[0];
	if (refused === undefined || job.active > 0) return {};
	if (newestPod !== undefined && time(newestPod.metadata.creationTimestamp) >= time(refused.time)) return {};
	return { trouble: say(`Job "${job.metadata.name}" has no pod`, "FailedCreate", refused.message) };
};

/**
 * What keeps an unfinished Job from running.
 * @param pods its pods.
 * @param events Events about it and its pods.
 */
export const findTrouble = (
	job: JobFacts,
	pods: readonly PodFacts[],
	events: readonly EventFacts[],
	now: Date,
): TroubleSearch => {
	if (job.suspended || isFinished(job)) return {};
	const searches = newestFirst(pods).map((pod) => podTrouble(pod, job, events, now));
	const found = searches.find((search) => search.trouble !== undefined);
	if (found !== undefined) return found;
	const created = creationTrouble(job, pods, events);
	if (created.trouble !== undefined) return created;
	const times = searches.flatMap(({ lookAgainAt }) => lookAgainAt ?? []);
	const first = times.sort((a, b) => a.getTime() - b.getTime())[0];
	return first === undefined ? {} : { lookAgainAt: first };
};
