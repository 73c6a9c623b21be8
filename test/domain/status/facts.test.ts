import t from "tap";
import type { CronJob, Event, Job, Pod } from "../../../src/api/kubernetes.ts";
import {
	controllerOf,
	cronJobFacts,
	dataFacts,
	digestOf,
	eventFacts,
	jobFacts,
	podFacts,
	slimMetadata,
} from "../../../src/domain/status/facts.ts";

t.test("metadata keeps only what decisions need", async (t) => {
	const slim = slimMetadata({
		name: "a",
		uid: "u",
		labels: { l: "1" },
		annotations: { "riotkit.org/applied-hash": "h", "other/secret": "s" },
		managedFields: [{}],
		finalizers: ["f"],
	});
	t.strictSame(slim, { name: "a", uid: "u", labels: { l: "1" }, annotations: { "riotkit.org/applied-hash": "h" } });
	t.strictSame(slimMetadata(undefined), {});
});

t.test("bare objects have facts too", async (t) => {
	t.match(jobFacts({}), { suspended: false, active: 0, conditions: [], configMaps: [] });
	t.match(podFacts({}), { phase: "Pending", reason: "", scheduled: false, containers: [] });
	t.match(cronJobFacts({} as CronJob), { schedule: "", suspended: false, concurrencyPolicy: "Allow", active: [] });
	t.match(eventFacts({ involvedObject: {} } as Event), {
		subjectUid: "",
		subjectKind: "",
		reason: "",
		time: undefined,
	});
	t.equal(dataFacts({}).digest, dataFacts({ data: {}, binaryData: {}, immutable: false }).digest);
});

t.test("a CronJob changed when it was made, or later by whom the API server noted, its status apart", async (t) => {
	const creationTimestamp = "2026-03-01T10:00:00Z";
	const changedTime = (managedFields?: object[]) =>
		cronJobFacts({ metadata: { creationTimestamp, ...(managedFields && { managedFields }) } } as CronJob).changedTime;
	t.equal(changedTime(), creationTimestamp, "no notes are kept");
	t.equal(changedTime([{}]), creationTimestamp);
	t.equal(changedTime([{ time: "2026-03-01T11:00:00Z", subresource: "status" }]), creationTimestamp);
	const times = ["2026-03-01T11:30:00Z", "2026-03-01T12:00:00Z", "2026-03-01T11:00:00Z"];
	t.equal(changedTime(times.map((time) => ({ time }))), "2026-03-01T12:00:00Z");
});

t.test("a Job knows which ConfigMaps its pods mount, and its conditions without what is missing in them", async (t) => {
	const volumes = [
		{ name: "s", configMap: { name: "script" } },
		{ name: "e", emptyDir: {} },
	];
	const facts = jobFacts({
		spec: { suspend: true, ttlSecondsAfterFinished: 5, template: { spec: { volumes } } },
		status: { conditions: [{ type: "Complete", status: "True" }] },
	} as unknown as Job);
	t.strictSame(facts.configMaps, ["script"]);
	t.match(facts, { suspended: true, timeToLive: 5, conditions: [{ type: "Complete", reason: "", message: "" }] });
	t.strictSame(jobFacts({ spec: { template: {} } } as Job).configMaps, []);
	const containers = [
		{ name: "c", envFrom: [{ secretRef: { name: "app-env" } }, { configMapRef: { name: "x" } }] },
		{ name: "d" },
	];
	t.strictSame(jobFacts({ spec: { template: { spec: { containers } } } } as Job).environments, ["app-env"]);
	t.strictSame(jobFacts({ spec: { template: {} } } as Job).environments, []);
});

t.test("a Pod keeps states without termination messages", async (t) => {
	const facts = podFacts({
		apiVersion: "v1",
		kind: "Pod",
		status: {
			phase: "Failed",
			reason: "Evicted",
			initContainerStatuses: [{ name: "i", state: { waiting: {} } }],
			containerStatuses: [
				{ name: "c", state: { terminated: { exitCode: 1, message: "password=x" } } },
				{ name: "d" },
				{ name: "w", state: { waiting: { reason: "ImagePullBackOff", message: "no\nimage" } } },
				{ name: "o", state: { terminated: { exitCode: 137, reason: "OOMKilled", signal: 9 } } },
			],
			conditions: [{ type: "PodScheduled", status: "False" }],
		},
	} as unknown as Pod);
	t.notMatch(JSON.stringify(facts), /password/);
	t.strictSame(facts.containers[0], { name: "i", waiting: { reason: "", message: "" }, terminated: undefined });
	t.strictSame(facts.containers[1]?.terminated, { reason: "", exitCode: 1, signal: undefined });
	t.strictSame(facts.containers[2], { name: "d", waiting: undefined, terminated: undefined });
	t.strictSame(facts.containers[3]?.waiting, { reason: "ImagePullBackOff", message: "no image" });
	t.strictSame(facts.containers[4]?.terminated, { reason: "OOMKilled", exitCode: 137, signal: 9 });
	t.strictSame(facts.unscheduled, { reason: "", message: "" });
});

t.test("a CronJob's references without names are tolerated", async (t) => {
	const facts = cronJobFacts({
		spec: { schedule: "@daily", timeZone: "Etc/UTC", concurrencyPolicy: "Forbid", suspend: true },
		status: { active: [{}, { name: "j", uid: "u" }] },
	} as unknown as CronJob);
	t.match(facts, {
		schedule: "@daily",
		suspended: true,
		active: [
			{ name: "", uid: "" },
			{ name: "j", uid: "u" },
		],
	});
});

t.test("an Event's time is the latest that it names", async (t) => {
	const time = (event: object) => eventFacts({ involvedObject: { uid: "u" }, ...event } as unknown as Event).time;
	t.equal(time({ metadata: { creationTimestamp: "2026-03-01T12:00:00Z" }, eventTime: null }), "2026-03-01T12:00:00Z");
	t.equal(time({ lastTimestamp: "2026-03-01T12:01:00Z", eventTime: "2026-03-01T12:00:00Z" }), "2026-03-01T12:01:00Z");
	t.equal(
		time({ series: { lastObservedTime: "2026-03-01T12:02:00Z" }, lastTimestamp: "2026-03-01T12:01:00Z" }),
		"2026-03-01T12:02:00Z",
	);
});

t.test("a digest does not depend on the order of keys, but on everything else", async (t) => {
	t.equal(digestOf({ a: 1, b: [{ c: 2, d: null }] }), digestOf({ b: [{ d: null, c: 2 }], a: 1, x: undefined }));
	t.not(digestOf({ a: [1, 2] }), digestOf({ a: [2, 1] }));
	t.not(digestOf({ a: 1 }), digestOf({ a: "1" }));
});

t.test("the controlling owner is the one that says so", async (t) => {
	const owner = { apiVersion: "v1", kind: "K", name: "n", uid: "u" };
	t.equal(controllerOf({ metadata: { ownerReferences: [owner] } }), undefined);
	t.equal(controllerOf({ metadata: { ownerReferences: [owner, { ...owner, uid: "c", controller: true }] } })?.uid, "c");
	t.equal(controllerOf({}), undefined);
});

t.test("facts say of which kind they are, and nothing more than is known", async (t) => {
	const typed = { apiVersion: "v1", kind: "X" };
	for (const facts of [jobFacts(typed), podFacts(typed), cronJobFacts(typed as CronJob), dataFacts(typed)])
		t.match(facts, typed);
	for (const facts of [jobFacts({}), podFacts({}), cronJobFacts({} as CronJob), dataFacts({})])
		t.notOk("apiVersion" in facts || "kind" in facts);
	t.strictSame(jobFacts({}), {
		metadata: {},
		suspended: false,
		active: 0,
		conditions: [],
		startTime: undefined,
		completionTime: undefined,
		timeToLive: undefined,
		configMaps: [],
		environments: [],
	});
});
