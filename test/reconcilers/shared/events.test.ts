// Events: what is written of what happened, once, and never at the price of the work itself.
import t from "tap";
import { createEventRecorder } from "../../../reconcilers/shared/events.ts";
import type { KubernetesObject } from "../../../src/api/kubernetes.ts";
import { ForbiddenError } from "../../../src/kube/errors.ts";

const object: KubernetesObject = {
	apiVersion: "riotkit.org/v1alpha1",
	kind: "ScheduledBackup",
	metadata: { name: "app", namespace: "team", uid: "u", resourceVersion: "7" },
};
const NOW = new Date("2026-03-01T12:00:00Z");

const recording = (createEvent: (event: KubernetesObject) => Promise<void> = async () => undefined) => {
	const events: KubernetesObject[] = [];
	const logged: unknown[][] = [];
	const kube = {
		createEvent: (event: KubernetesObject) => {
			events.push(event);
			return createEvent(event);
		},
	};
	const logger = { warn: (...said: unknown[]) => void logged.push(said) };
	const random = [0.25, 0.5, 0.75];
	const recorder = createEventRecorder(
		kube as never,
		logger as never,
		() => NOW,
		() => random[events.length % 3] ?? 0,
	);
	return { events, logged, recorder };
};

t.test("what an Event says", async (t) => {
	const { events, recorder } = recording();
	await recorder.record(object, "Warning", "Invalid", "spec.vars: bad");
	const time = "2026-03-01T12:00:00.000Z";
	const unique = Math.floor(0.25 * 2 ** 52).toString(36);
	t.strictSame(events, [
		{
			metadata: { name: `app.${NOW.getTime().toString(36)}${unique}`, namespace: "team" },
			involvedObject: {
				apiVersion: "riotkit.org/v1alpha1",
				kind: "ScheduledBackup",
				name: "app",
				namespace: "team",
				uid: "u",
				resourceVersion: "7",
			},
			type: "Warning",
			reason: "Invalid",
			message: "spec.vars: bad",
			source: { component: "backup-maker-controller" },
			reportingComponent: "backup-maker-controller",
			reportingInstance: "backup-maker-controller",
			firstTimestamp: time,
			lastTimestamp: time,
			count: 1,
		},
	]);
});

t.test("the same of the same version is said once; anything that differs is said", async (t) => {
	const { events, recorder } = recording();
	const say = (reason: string, message: string, metadata: object = {}) =>
		recorder.record({ ...object, metadata: { ...object.metadata, ...metadata } }, "Normal", reason, message);
	await say("A", "x");
	await say("A", "x");
	t.equal(events.length, 1);
	await say("B", "x");
	await say("A", "y");
	await say("A", "x", { resourceVersion: "8" });
	await say("A", "x", { uid: "v" });
	t.equal(events.length, 5);
	await say("A", "x");
	t.equal(events.length, 5);
});

t.test("the last 2048 are remembered", async (t) => {
	const { events, recorder } = recording();
	for (let count = 0; count <= 2048; count += 1) await recorder.record(object, "Normal", "A", String(count));
	t.equal(events.length, 2049);
	await recorder.record(object, "Normal", "A", "1");
	t.equal(events.length, 2049, "still remembered");
	await recorder.record(object, "Normal", "A", "0");
	t.equal(events.length, 2050, "forgotten");
});

t.test("long names and messages are cut", async (t) => {
	const { events, recorder } = recording();
	const metadata = { ...object.metadata, name: "n".repeat(253) };
	await recorder.record({ ...object, metadata }, "Normal", "A", "m".repeat(5_000));
	t.match(events[0]?.metadata?.name, /^n{200}\./);
	t.equal((events[0] as unknown as { message: string }).message.length, 1024);
	t.equal((events[0] as unknown as { involvedObject: { name: string } }).involvedObject.name, "n".repeat(253));
});

t.test("an Event that cannot be written is logged, and no fault", async (t) => {
	const error = new ForbiddenError("no", { operation: "create events" });
	const { logged, recorder } = recording(() => Promise.reject(error));
	await t.resolves(recorder.record(object, "Normal", "A", "x"));
	t.strictSame(logged, [
		[{ namespace: "team", name: "app", reason: "A", err: error }, "an Event could not be written"],
	]);
});

t.test("of an object without namespace or name", async (t) => {
	const { events, recorder } = recording();
	await recorder.record({ kind: "X" }, "Normal", "A", "x");
	t.match(events[0], {
		metadata: { namespace: "default", name: /^\./ },
		involvedObject: { namespace: "default", name: "", uid: "" },
	});
});
