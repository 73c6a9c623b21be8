// From a change of anything to the keys that it concerns. Watches do nothing else: what to do is decided when a key is
// worked on, from the state as it is then.
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { ACTION_LABEL, OPERATION_LABEL, SCHEDULED_BACKUP_LABEL } from "../../src/domain/objects/labels.ts";
import { isOver } from "../../src/domain/status/action.ts";
import { controllerOf, type EventFacts, type JobFacts, type PodFacts } from "../../src/domain/status/facts.ts";
import { isFinished } from "../../src/domain/status/outcome.ts";
import type { Change, Store } from "../../src/kube/port.ts";
import { goesBefore } from "../requestedbackupaction/step.ts";
import { INDEX, type Key, keyOf } from "../shared/context.ts";
import { labelIndexValue } from "./indexes.ts";

/** What the mapping looks things up in, and where it puts keys. */
export interface Routes {
	scheduledBackups: () => Store<ScheduledBackup>;
	actions: () => Store<RequestedBackupAction>;
	jobs: () => Store<JobFacts>;
	pods: () => Store<PodFacts>;
	cronJobs: () => Store<KubernetesObject>;
	addScheduledBackup: (key: Key) => void;
	addAction: (key: Key) => void;
}

/** `own`: the change is our own write coming back. */
type Handler<T extends KubernetesObject> = (change: Change<T>, own: boolean) => void;

export interface Mapping {
	scheduledBackup: Handler<ScheduledBackup>;
	action: Handler<RequestedBackupAction>;
	/** ConfigMaps and Secrets that we own. */
	data: Handler<KubernetesObject>;
	cronJob: Handler<KubernetesObject>;
	job: Handler<JobFacts>;
	pod: Handler<PodFacts>;
	event: Handler<EventFacts>;
	template: Handler<KubernetesObject>;
	/** Any Secret: somebody may name it. */
	secret: Handler<KubernetesObject>;
}

const withoutVersion = (object: KubernetesObject): string =>
	JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: "" } });

/** Whether anything that we keep of an object differs: pods and Jobs change often in what does not concern us. */
const isNews = ({ type, object, previous }: Change<KubernetesObject>): boolean =>
	type !== "modified" || previous === undefined || withoutVersion(object) !== withoutVersion(previous);

/** Jobs of actions concern a ScheduledBackup when they come, go or end (its old scripts may go), and when they restore. */
const jobConcernsSchedule = ({ type, object }: Change<JobFacts>): boolean =>
	type !== "modified" ||
	controllerOf(object)?.kind === "CronJob" ||
	object.metadata.labels?.[OPERATION_LABEL] === "restore" ||
	isFinished(object);

/** Where the schedule itself restores, every action concerns it: no run starts meanwhile. */
const restores = (object: ScheduledBackup | undefined): boolean => object?.spec.operation === "restore";

/** Pods of scheduled runs; of actions those that restore: no run starts meanwhile, and one that hangs must show. */
const podConcernsSchedule = ({ object }: Change<PodFacts>): boolean => {
	const { [ACTION_LABEL]: action, [OPERATION_LABEL]: operation } = object.metadata.labels ?? {};
	return action === undefined || operation === "restore";
};

const first = (waiting: readonly RequestedBackupAction[]): RequestedBackupAction[] => {
	const [head, ...rest] = waiting;
	return head === undefined ? [] : [rest.reduce((found, one) => (goesBefore(one, found) ? one : found), head)];
};

/** Only the first in the queue can do anything new, or the first restore, which may pass backups that cannot begin. */
const firstOf = (unfinished: readonly RequestedBackupAction[]): Set<RequestedBackupAction> => {
	const waiting = unfinished.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
	return new Set([...first(waiting), ...first(waiting.filter(({ spec }) => spec.action === "restore"))]);
};

/** The handlers; each costs index look-ups alone. */
export const createMapping = (routes: Routes): Mapping => {
	const { addScheduledBackup, addAction } = routes;
	const addFirstAction = (scheduledBackup: Key): void => {
		for (const action of firstOf(routes.actions().byIndex(INDEX.unfinished, scheduledBackup))) addAction(keyOf(action));
	};
	const scheduledBackupsOf = (object: KubernetesObject): ScheduledBackup[] =>
		labelIndexValue(object, object.metadata?.labels?.[SCHEDULED_BACKUP_LABEL]).flatMap((value) =>
			routes.scheduledBackups().byIndex(INDEX.label, value),
		);
	const actionsOf = (object: KubernetesObject): Key[] =>
		labelIndexValue(object, object.metadata?.labels?.[ACTION_LABEL]).flatMap((value) =>
			routes.actions().byIndex(INDEX.label, value).map(keyOf),
		);
	/** A label may just have been taken off: what it said before counts too. */
	const versions = <T extends KubernetesObject>({ object, previous }: Change<T>): T[] =>
		previous === undefined ? [object] : [object, previous];
	/** @param concerns whether the ScheduledBackup itself looks at it; its first action may wait for it in any case. */
	const addAllOf = (change: Change<KubernetesObject>, concerns: boolean): void => {
		for (const found of new Set(versions(change).flatMap(scheduledBackupsOf))) {
			if (concerns || restores(found)) addScheduledBackup(keyOf(found));
			addFirstAction(keyOf(found));
		}
		for (const key of new Set(versions(change).flatMap(actionsOf))) addAction(key);
	};
	const subjectOf = ({ subjectKind, subjectName, metadata }: EventFacts): KubernetesObject | undefined => {
		const key = { namespace: metadata.namespace ?? "", name: subjectName };
		if (subjectKind === "Pod") return routes.pods().get(key);
		return subjectKind === "Job" ? routes.jobs().get(key) : routes.cronJobs().get(key);
	};
	return {
		scheduledBackup: ({ object }, own) => {
			if (!own) addScheduledBackup(keyOf(object));
			addFirstAction(keyOf(object));
		},
		action: ({ type, object }, own) => {
			const target: Key = `${object.metadata.namespace ?? ""}/${object.spec.scheduledBackupRef.name}`;
			if (!own) addAction(keyOf(object));
			const name = { namespace: object.metadata.namespace ?? "", name: object.spec.scheduledBackupRef.name };
			const isConcerned = object.spec.action === "restore" || restores(routes.scheduledBackups().get(name));
			if (isConcerned) addScheduledBackup(target);
			const leaves = type === "deleted" || object.metadata.deletionTimestamp !== undefined || isOver(object);
			if (leaves) addFirstAction(target);
		},
		data: (change, own) => {
			for (const key of new Set(versions(change).flatMap(scheduledBackupsOf).map(keyOf))) {
				if (!own) addScheduledBackup(key);
				addFirstAction(key);
			}
		},
		cronJob: (change, own) => {
			for (const key of new Set(versions(change).flatMap(scheduledBackupsOf).map(keyOf))) {
				if (!own) addScheduledBackup(key);
				addFirstAction(key);
			}
		},
		job: (change) => {
			if (!isNews(change)) return;
			addAllOf(change, jobConcernsSchedule(change));
			const owner = controllerOf(change.object);
			if (owner?.kind === "RequestedBackupAction") addAction(`${change.object.metadata.namespace ?? ""}/${owner.name}`);
		},
		pod: (change) => {
			if (isNews(change)) addAllOf(change, podConcernsSchedule(change));
		},
		event: ({ type, object }) => {
			const subject = type === "deleted" ? undefined : subjectOf(object);
			if (subject !== undefined) addAllOf({ type: "modified", object: subject }, true);
		},
		template: ({ object }) => {
			for (const user of routes.scheduledBackups().byIndex(INDEX.template, object.metadata?.name ?? ""))
				addScheduledBackup(keyOf(user));
		},
		secret: ({ object }) => {
			for (const user of routes.scheduledBackups().byIndex(INDEX.secret, keyOf(object)))
				addScheduledBackup(keyOf(user));
		},
	};
};
