// Which keys each change leads to: all that it concerns, and no others.
import t from "tap";
import { actionIndexes, childIndexes, scheduledBackupIndexes } from "../../../reconcilers/watch/indexes.ts";
import { createMapping, type Mapping } from "../../../reconcilers/watch/mapping.ts";
import type { KubernetesObject } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import type { EventFacts, JobFacts, PodFacts } from "../../../src/domain/status/facts.ts";
import type { Change, Store } from "../../../src/kube/port.ts";
import { actionOf, backup, child } from "./watched.ts";

type Index = Readonly<Record<string, (object: never) => string[]>>;

/** A watch's store over an array, by the real indexes. */
const storeOf = <T extends KubernetesObject>(all: readonly T[], indexes: Index): Store<T> =>
	({
		get: ({ namespace = "", name }: { namespace?: string; name: string }) =>
			all.find(({ metadata }) => (metadata?.namespace ?? "") === namespace && metadata?.name === name),
		byIndex: (index: string, value: string) =>
			all.filter((object) => indexes[index]?.(object as never).includes(value)),
		list: () => all,
	}) as unknown as Store<T>;

const LABEL = "riotkit.org/scheduled-backup";

const world = {
	backups: [backup("app"), backup("other"), backup("app", {}, "team"), backup("loads", { operation: "restore" })],
	actions: [
		actionOf("first", "app"),
		actionOf("second", "app", { metadata: { creationTimestamp: "2026-03-01T12:00:01Z" } }),
		actionOf("third", "app", { action: "restore", metadata: { creationTimestamp: "2026-03-01T12:00:02Z" } }),
		actionOf("fourth", "app", { action: "restore", metadata: { creationTimestamp: "2026-03-01T12:00:03Z" } }),
		actionOf("going", "app", {
			action: "restore",
			metadata: { creationTimestamp: "2026-03-01T11:00:00Z", deletionTimestamp: "x" },
		}),
		actionOf("over", "app", { status: { phase: "Failed" }, metadata: { creationTimestamp: "2026-03-01T11:00:00Z" } }),
		actionOf("load", "loads"),
	],
};
/** What waits first for `app`. */
const FIRST = ["action default/first", "action default/third"];

const subject = child({ [LABEL]: "app" });
const pod = { ...subject, metadata: { ...subject.metadata, name: "pod" } } as unknown as PodFacts;
const ownCronJob = { ...subject, metadata: { ...subject.metadata, name: "cron" } };

/** The keys that a change leads to, sorted, each as often as it is added. */
const keysOf = <Kind extends keyof Mapping>(
	kind: Kind,
	change: Parameters<Mapping[Kind]>[0],
	own = false,
): string[] => {
	const added: string[] = [];
	const mapping = createMapping({
		scheduledBackups: () => storeOf(world.backups, scheduledBackupIndexes as unknown as Index),
		actions: () => storeOf(world.actions, actionIndexes as unknown as Index),
		jobs: () => storeOf([subject], childIndexes as unknown as Index),
		pods: () => storeOf([pod], childIndexes as unknown as Index),
		cronJobs: () => storeOf([ownCronJob], childIndexes as unknown as Index),
		addScheduledBackup: (key) => void added.push(`backup ${key}`),
		addAction: (key) => void added.push(`action ${key}`),
	});
	(mapping[kind] as (change: unknown, own: boolean) => void)(change, own);
	return added.sort();
};
const change = <T extends KubernetesObject>(type: Change<T>["type"], object: T, previous?: T): Change<T> =>
	({ type, object, ...(previous === undefined ? {} : { previous }) }) as Change<T>;
const APP = "backup default/app";

t.test("a ScheduledBackup: itself, unless the change is ours, and who waits first for it", async (t) => {
	const object = backup("app");
	t.same(keysOf("scheduledBackup", change("modified", object)), [...FIRST, APP]);
	t.same(keysOf("scheduledBackup", change("modified", object), true), FIRST);
	t.same(keysOf("scheduledBackup", change("added", backup("other"))), ["backup default/other"]);
	t.same(keysOf("scheduledBackup", change("added", backup("app", {}, "team"))), ["backup team/app"]);
});

const actionRows: [
	name: string,
	type: "added" | "modified" | "deleted",
	object: RequestedBackupAction,
	own: boolean,
	keys: string[],
][] = [
	["a backup", "added", actionOf("new", "app"), false, ["action default/new"]],
	["our own write of a backup", "modified", actionOf("new", "app"), true, []],
	[
		"a restore concerns the schedule",
		"added",
		actionOf("new", "app", { action: "restore" }),
		false,
		["action default/new", APP],
	],
	["our own write of a restore", "modified", actionOf("new", "app", { action: "restore" }), true, [APP]],
	[
		"a backup of what a schedule restores",
		"added",
		actionOf("new", "loads"),
		false,
		["action default/new", "backup default/loads"],
	],
	["a backup that is deleted", "deleted", actionOf("new", "app"), false, [...FIRST, "action default/new"]],
	[
		"one that is being deleted",
		"modified",
		actionOf("new", "app", { metadata: { deletionTimestamp: "x" } }),
		true,
		FIRST,
	],
	["one that is over", "modified", actionOf("new", "app", { status: { phase: "Succeeded" } }), true, FIRST],
	["one of another namespace", "deleted", actionOf("new", "app", { metadata: { namespace: "team" } }), true, []],
];
for (const [name, type, object, own, keys] of actionRows)
	t.test(`an action: ${name}`, async (t) => t.same(keysOf("action", change(type, object), own), [...keys].sort()));

for (const kind of ["data", "cronJob"] as const)
	t.test(`a child (${kind}): its ScheduledBackup, unless the change is ours, and who waits first`, async (t) => {
		t.same(keysOf(kind, change("modified", subject)), [...FIRST, APP]);
		t.same(keysOf(kind, change("modified", subject), true), FIRST);
		t.same(keysOf(kind, change("modified", child({}), subject)), [...FIRST, APP], "its label was taken off");
		t.same(
			keysOf(kind, change("modified", child({ [LABEL]: "other" }), subject)),
			[...FIRST, APP, "backup default/other"].sort(),
		);
		t.same(keysOf(kind, change("modified", subject, subject)), [...FIRST, APP], "once, where both versions name it");
		t.same(keysOf(kind, change("added", child({}))), []);
		t.same(keysOf(kind, change("added", child({ [LABEL]: "nobody" }))), []);
	});

const ofAction = { [LABEL]: "app", "riotkit.org/requested-backup-action": "second" };
const owned = (kind: string, name: string): object => ({
	ownerReferences: [{ apiVersion: "x", kind, name, uid: "u", controller: true }],
});
const ended = (job: JobFacts): JobFacts => ({
	...job,
	conditions: [{ type: "Complete", status: "True", reason: "", message: "", time: undefined }],
});
const newer = (job: JobFacts, more: object = {}): JobFacts => ({
	...job,
	...more,
	metadata: { ...job.metadata, resourceVersion: "2" },
});
const jobRows: [name: string, change: Change<JobFacts>, keys: string[]][] = [
	["of the schedule is made", change("added", child({ [LABEL]: "app" }, owned("CronJob", "app"))), [...FIRST, APP]],
	[
		"of the schedule changes",
		change(
			"modified",
			newer(child({ [LABEL]: "app" }, owned("CronJob", "app")), { active: 1 }),
			child({ [LABEL]: "app" }, owned("CronJob", "app")),
		),
		[...FIRST, APP],
	],
	[
		"changes in nothing that we keep",
		change(
			"modified",
			newer(child({ [LABEL]: "app" }, owned("CronJob", "app"))),
			child({ [LABEL]: "app" }, owned("CronJob", "app")),
		),
		[],
	],
	[
		"changes, and nobody knows what it was",
		change("modified", child({ [LABEL]: "app" }, owned("CronJob", "app"))),
		[...FIRST, APP],
	],
	["of an action is made", change("added", child(ofAction)), [...FIRST, "action default/second", APP]],
	[
		"of an action runs",
		change("modified", newer(child(ofAction), { active: 1 }), child(ofAction)),
		[...FIRST, "action default/second"],
	],
	[
		"of an action ends",
		change("modified", newer(ended(child(ofAction))), child(ofAction)),
		[...FIRST, "action default/second", APP],
	],
	["of an action goes", change("deleted", child(ofAction), child(ofAction)), [...FIRST, "action default/second", APP]],
	[
		"of a restore runs",
		change(
			"modified",
			newer(child({ ...ofAction, "riotkit.org/operation": "restore" }), { active: 1 }),
			child(ofAction),
		),
		[...FIRST, "action default/second", APP],
	],
	[
		"of a backup of what a schedule restores runs",
		change("modified", newer(child({ [LABEL]: "loads" }), { active: 1 }), child({ [LABEL]: "loads" })),
		["action default/load", "backup default/loads"],
	],
	[
		"that an action owns, whatever its labels say",
		change("added", child({}, owned("RequestedBackupAction", "mine"))),
		["action default/mine"],
	],
	[
		"that lost its labels",
		change("modified", newer(child({}, owned("RequestedBackupAction", "second"))), child(ofAction)),
		[...FIRST, "action default/second", "action default/second"],
	],
	["of somebody else", change("added", child({})), []],
];
for (const [name, given, keys] of jobRows)
	t.test(`a Job ${name}`, async (t) => t.same(keysOf("job", given), [...keys].sort()));

const asPod = (labels: Record<string, string>, more: object = {}): PodFacts =>
	({ ...child(labels), ...more }) as unknown as PodFacts;
const podRows: [name: string, change: Change<PodFacts>, keys: string[]][] = [
	["of the schedule", change("added", asPod({ [LABEL]: "app" })), [...FIRST, APP]],
	["of an action's backup", change("added", asPod(ofAction)), [...FIRST, "action default/second"]],
	[
		"of an action's restore",
		change("added", asPod({ ...ofAction, "riotkit.org/operation": "restore" })),
		[...FIRST, "action default/second", APP],
	],
	[
		"that changes in nothing that we keep",
		change("modified", asPod({ [LABEL]: "app" }), asPod({ [LABEL]: "app" })),
		[],
	],
	[
		"that changes",
		change("modified", asPod({ [LABEL]: "app" }, { phase: "Failed" }), asPod({ [LABEL]: "app" })),
		[...FIRST, APP],
	],
	["that goes", change("deleted", asPod({ [LABEL]: "app" }), asPod({ [LABEL]: "app" })), [...FIRST, APP]],
];
for (const [name, given, keys] of podRows)
	t.test(`a pod ${name}`, async (t) => t.same(keysOf("pod", given), [...keys].sort()));

const event = (subjectKind: string, subjectName: string, namespace = "default"): EventFacts =>
	({ metadata: { name: "e", namespace }, subjectKind, subjectName, subjectUid: "child-uid" }) as unknown as EventFacts;
const eventRows: [name: string, change: Change<EventFacts>, keys: string[]][] = [
	["of a Job", change("added", event("Job", "child")), [...FIRST, APP]],
	["of a pod", change("added", event("Pod", "pod")), [...FIRST, APP]],
	["of a CronJob", change("modified", event("CronJob", "cron")), [...FIRST, APP]],
	["that is deleted", change("deleted", event("Job", "child")), []],
	["of a Job that we do not know", change("added", event("Job", "pod")), []],
	["of a pod that we do not know", change("added", event("Pod", "child")), []],
	["of another namespace", change("added", event("Job", "child", "team")), []],
];
for (const [name, given, keys] of eventRows)
	t.test(`an Event ${name}`, async (t) => t.same(keysOf("event", given), keys));

t.test("a template: all that use it", async (t) => {
	const named = (name: string) => change("modified", { metadata: { name } } as KubernetesObject);
	t.same(keysOf("template", named("simple")), [APP, "backup default/loads", "backup default/other", "backup team/app"]);
	t.same(keysOf("template", named("unused")), []);
});

t.test("a Secret: all of its namespace that name it, or may want to make it", async (t) => {
	const named = (name: string, namespace: string) =>
		change("modified", { metadata: { name, namespace } } as KubernetesObject);
	t.same(keysOf("secret", named("vars", "default")), [APP, "backup default/loads", "backup default/other"]);
	t.same(keysOf("secret", named("vars", "team")), ["backup team/app"]);
	t.same(keysOf("secret", named("other-env", "default")), ["backup default/other"]);
	t.same(keysOf("secret", named("unused", "default")), []);
});
