import t from "tap";
import { isFinished, jobOutcome, podFailure, runFailure } from "../../../src/domain/status/outcome.ts";
import { ago, complete, container, failed, type JobSample, job, pod } from "./samples.ts";

t.test("only a Job's terminal conditions say that it ended", async (t) => {
	const cases: [string, JobSample, string][] = [
		["just made", {}, "running"],
		["suspended", { suspend: true }, "suspended"],
		["interim success", { conditions: [{ type: "SuccessCriteriaMet", status: "True" }] }, "running"],
		["interim failure", { conditions: [{ type: "FailureTarget", status: "True" }] }, "running"],
		["condition that is not true", { conditions: [{ type: "Complete", status: "False" }] }, "running"],
		["complete", { conditions: [{ type: "SuccessCriteriaMet", status: "True" }, complete()] }, "succeeded"],
		["failed", { conditions: [failed()] }, "failed"],
		["complete although suspended since", { suspend: true, conditions: [complete()] }, "succeeded"],
	];
	for (const [name, sample, state] of cases) {
		t.equal(jobOutcome(job(sample)).state, state, name);
		t.equal(isFinished(job(sample)), ["succeeded", "failed"].includes(state), name);
	}
	t.equal(jobOutcome(job({ conditions: [complete()], completionTime: ago(6) })).finishedAt, ago(6));
	t.equal(jobOutcome(job({ conditions: [complete()] })).finishedAt, ago(5));
	t.equal(jobOutcome(job({ conditions: [{ type: "Failed", status: "True" }] })).finishedAt, undefined);
});

t.test("a retried success is a success, whatever its first pod says", async (t) => {
	t.equal(jobOutcome(job({ conditions: [complete()] })).state, "succeeded");
});

t.test("why a pod failed", async (t) => {
	const ended = (terminated: object, more = {}) => pod({ phase: "Failed", ...container({ terminated }), ...more });
	const cases: [string, Parameters<typeof podFailure>[0], RegExp][] = [
		[
			"exit code",
			ended({ exitCode: 2, reason: "Error" }),
			/^ContainerFailed Container "backup-maker" of pod "pod1" ended with exit code 2: see `kubectl logs/,
		],
		["no reason", ended({ exitCode: 3 }), /^ContainerFailed .* exit code 3:/],
		["signal", ended({ exitCode: 143, signal: 15 }), /^ContainerFailed .* ended by signal 15:/],
		[
			"memory",
			ended({ exitCode: 137, reason: "OOMKilled" }),
			/^OOMKilled .*\(OOMKilled\): it used more memory than its limit/,
		],
		["start", ended({ exitCode: 128, reason: "StartError" }), /^StartError .*kubectl logs/],
		["odd reason", ended({ exitCode: 1, reason: "what is this" }), /^ContainerFailed /],
		[
			"eviction",
			ended({ exitCode: 137 }, { reason: "Evicted" }),
			/^Evicted Pod "pod1" failed \(Evicted\): it used more ephemeral storage than its limits, or the node ran out of/,
		],
		["unknown to the kubelet", pod({ phase: "Failed", reason: "NodeLost" }), /^NodeLost .*kubectl logs/],
		["nothing known", pod({ phase: "Failed" }), /^PodFailed Pod "pod1" failed: see/],
		["container ended well", ended({ exitCode: 0 }), /^PodFailed /],
	];
	for (const [name, sample, expected] of cases) {
		const failure = podFailure(sample);
		t.match(`${failure?.reason} ${failure?.message}`, expected, name);
	}
	t.equal(podFailure(pod({ phase: "Succeeded" })), undefined);
});

t.test("why a run failed: deadline, then its newest failed pod, then the Job", async (t) => {
	const old = pod({ phase: "Failed", ...container({ terminated: { exitCode: 1 } }) }, { created: ago(20) });
	const newest = pod(
		{ phase: "Failed", ...container({ terminated: { exitCode: 137, reason: "OOMKilled" } }) },
		{ created: ago(9) },
	);
	t.equal(runFailure(job({ conditions: [failed()] }), [old, newest]).reason, "OOMKilled");
	t.match(runFailure(job({ conditions: [failed("DeadlineExceeded")] }), [newest]), {
		reason: "DeadlineExceeded",
		message: /^Job "job1" failed: it ran longer than HelmValues.activeDeadlineSeconds/,
	});
	t.match(runFailure(job({ conditions: [failed("JobDeleted")] }), [newest]), {
		reason: "JobDeleted",
		message: /^Job "job1" failed \(JobDeleted\): /,
	});
	t.match(runFailure(job({ conditions: [failed()] }), []), {
		reason: "BackoffLimitExceeded",
		message: 'Job "job1" failed (BackoffLimitExceeded): Job has reached the specified backoff limit',
	});
	t.match(runFailure(job({ conditions: [{ type: "Failed", status: "True" }] }), []), {
		reason: "JobFailed",
		message: 'Job "job1" failed (JobFailed)',
	});
});
