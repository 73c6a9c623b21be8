// How a Job ended. Only the Job's own conditions decide: a failed pod whose retry succeeded is a success, and a Job that
// was only just made has not succeeded. `SuccessCriteriaMet` and `FailureTarget` come before the end, while pods still
// stop, so they count as running (https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup).
import type { ContainerFacts, JobFacts, PodFacts } from "./facts.ts";
import { reasonWord } from "./text.ts";

export type JobState = "suspended" | "running" | "succeeded" | "failed";

export interface JobOutcome {
	state: JobState;
	/** RFC 3339; only where it ended. */
	finishedAt?: string;
	/** The failed condition's reason and message; empty unless failed. */
	reason: string;
	message: string;
}

/** Where the Job stands. */
export const jobOutcome = (job: JobFacts): JobOutcome => {
	const ended = (type: string) =>
		job.conditions.find((condition) => condition.type === type && condition.status === "True");
	const complete = ended("Complete");
	const failed = ended("Failed");
	const at = (time: string | undefined) => (time === undefined ? {} : { finishedAt: time });
	if (failed !== undefined)
		return { state: "failed", reason: failed.reason, message: failed.message, ...at(failed.time) };
	if (complete !== undefined)
		return { state: "succeeded", reason: "", message: "", ...at(job.completionTime ?? complete.time) };
	return { state: job.suspended ? "suspended" : "running", reason: "", message: "" };
};

/** Whether the Job has ended, well or not. */
export const isFinished = (job: JobFacts): boolean => ["succeeded", "failed"].includes(jobOutcome(job).state);

/** Whether no container of the pod runs or will run any more. */
export const hasEnded = (pod: PodFacts): boolean => pod.phase === "Succeeded" || pod.phase === "Failed";

/** Why a run failed, as one word for programs and a sentence for people. */
export interface Failure {
	reason: string;
	message: string;
}

const HINTS: Record<string, string> = {
	OOMKilled: "it used more memory than its limit; raise HelmValues.resources.limits.memory",
	Evicted: "it used more ephemeral storage than its limits, or the node ran out of something; see HelmValues.resources",
	DeadlineExceeded: "it ran longer than HelmValues.activeDeadlineSeconds allows; raise it, or see what takes so long",
};

const logsHint = (pod: PodFacts): string =>
	`see \`kubectl logs -n ${pod.metadata.namespace} ${pod.metadata.name}\` while the pod is kept`;

const containerFailure = (pod: PodFacts, container: ContainerFacts): Failure | undefined => {
	const ended = container.terminated;
	if (ended === undefined || (ended.exitCode === 0 && ended.reason !== "OOMKilled")) return undefined;
	const how = ended.signal ? `was ended by signal ${ended.signal}` : `ended with exit code ${ended.exitCode}`;
	const reason = ended.reason === "" || ended.reason === "Error" ? "ContainerFailed" : ended.reason;
	const word = reasonWord(reason, "ContainerFailed");
	const hint = HINTS[word] ?? logsHint(pod);
	const named = word === "ContainerFailed" ? "" : ` (${word})`;
	return {
		reason: word,
		message: `Container "${container.name}" of pod "${pod.metadata.name}" ${how}${named}: ${hint}`,
	};
};

/** Why this pod failed; undefined where it did not. The kubelet's own reasons (`Evicted`) come before exit codes. */
export const podFailure = (pod: PodFacts): Failure | undefined => {
	if (pod.phase !== "Failed") return undefined;
	if (pod.reason !== "") {
		const reason = reasonWord(pod.reason, "PodFailed");
		return { reason, message: `Pod "${pod.metadata.name}" failed (${reason}): ${HINTS[reason] ?? logsHint(pod)}` };
	}
	const failures = pod.containers.map((container) => containerFailure(pod, container));
	return (
		failures.find((failure) => failure !== undefined) ?? {
			reason: "PodFailed",
			message: `Pod "${pod.metadata.name}" failed: ${logsHint(pod)}`,
		}
	);
};

const byCreation = (a: PodFacts, b: PodFacts): number =>
	Date.parse(`${b.metadata.creationTimestamp}`) - Date.parse(`${a.metadata.creationTimestamp}`);

/** Pods, the newest first. */
export const newestFirst = (pods: readonly PodFacts[]): PodFacts[] => [...pods].sort(byCreation);

/**
 * Why a failed Job failed: the deadline where that ended it, else what its newest failed pod says, else the Job itself.
 * @param pods the Job's pods, as far as they still exist.
 */
export const runFailure = (job: JobFacts, pods: readonly PodFacts[]): Failure => {
	const { reason, message } = jobOutcome(job);
	const word = reasonWord(reason, "JobFailed");
	const name = `Job "${job.metadata.name}"`;
	if (word === "DeadlineExceeded") return { reason: word, message: `${name} failed: ${HINTS[word]}` };
	// Its pods were ended by its deletion, so how they ended says nothing.
	const failures = word === "JobDeleted" ? [] : newestFirst(pods).map(podFailure);
	const failure = failures.find((candidate) => candidate !== undefined);
	if (failure !== undefined) return { reason: failure.reason, message: `${name} failed: ${failure.message}` };
	return { reason: word, message: `${name} failed (${word})${message === "" ? "" : `: ${message}`}` };
};
