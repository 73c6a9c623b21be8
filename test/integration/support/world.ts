// A control plane whose Jobs, pods, actions and schedules are all watched: tests wait for what was seen rather than ask
// again and again, and can say of the past what was and what never was.
import type { Test } from "tap";
import type { CronJob, Event, Job, Pod } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../../src/api/types.ts";
import { callApi, type History, watchKind } from "../../cluster/api.ts";
import type { Controller, ControllerOptions } from "../../cluster/controller.ts";
import { type Proxy as ServerProxy, startProxy } from "../../cluster/proxy.ts";
import { type Session, startSession } from "../../cluster/session.ts";
import { eventually } from "../../cluster/wait.ts";
import { action, type Fields, manifest, namespace, scheduledBackup, secret, template } from "./objects.ts";

export interface World {
	readonly session: Session;
	/** Between the API server and every controller that this world starts. */
	readonly proxy: ServerProxy;
	readonly jobs: History<Job>;
	readonly pods: History<Pod>;
	readonly cronJobs: History<CronJob>;
	readonly actions: History<RequestedBackupAction>;
	readonly backups: History<ScheduledBackup>;
	readonly events: History<Event>;
	/** Starts a controller; the first is running already. */
	start(options?: Partial<ControllerOptions>): Promise<Controller>;
	/** The one that was started last. */
	controller(): Controller;
	/** A namespace with the ScheduledBackup `app` in it, reconciled, its Events told. */
	withBackup(name: string, spec?: Fields, labels?: Record<string, string>): Promise<void>;
	/** Waits until the ScheduledBackup is Ready for its current generation, and its first Event is told. */
	untilReady(namespace: string, name: string): Promise<void>;
	/** Creates an action; of ScheduledBackup `app` where `spec` names no other. */
	request(namespace: string, name: string, spec?: Fields): Promise<void>;
	/** Waits until the action's status is as wanted. */
	until(
		namespace: string,
		name: string,
		what: string,
		holds: (action: RequestedBackupAction) => boolean,
	): Promise<RequestedBackupAction>;
	untilPhase(namespace: string, name: string, phase: string): Promise<RequestedBackupAction>;
}

const PREREQUISITES = template("simple");

const isReady = (backup: ScheduledBackup | undefined): boolean =>
	backup?.status?.observedGeneration === backup?.metadata.generation &&
	backup?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

/** Starts the control plane, a controller behind a proxy, and the watches; all end with the test. */
export const startWorld = async (t: Test): Promise<World> => {
	const session = await startSession(t);
	const { plane } = session;
	const proxy = await startProxy(plane);
	t.teardown(() => proxy.stop());
	const start = (options: Partial<ControllerOptions> = {}): Promise<Controller> =>
		session.controller({ kubeconfig: proxy.kubeconfig, ...options });
	let latest = await start();
	const watch = async <T extends object>(path: string): Promise<History<T>> => {
		const history = await watchKind<T>(plane, path);
		t.teardown(() => history.stop());
		return history;
	};
	await session.apply(manifest(PREREQUISITES));
	const [jobs, pods, cronJobs, actions, backups, events] = await Promise.all([
		watch<Job>("/apis/batch/v1/jobs"),
		watch<Pod>("/api/v1/pods"),
		watch<CronJob>("/apis/batch/v1/cronjobs"),
		watch<RequestedBackupAction>("/apis/riotkit.org/v1alpha1/requestedbackupactions"),
		watch<ScheduledBackup>("/apis/riotkit.org/v1alpha1/scheduledbackups"),
		watch<Event>("/api/v1/events"),
	]);
	const until: World["until"] = (space, name, what, holds) =>
		eventually(
			() => {
				const found = actions.get(space, name);
				return found !== undefined && holds(found) ? found : undefined;
			},
			{ what: `action ${space}/${name} ${what}` },
		).catch((error) => {
			throw new Error(`${error.message}; it says ${JSON.stringify(actions.get(space, name)?.status)}`);
		});
	const untilReady: World["untilReady"] = async (space, name) => {
		await eventually(() => isReady(backups.get(space, name)), { what: `ScheduledBackup ${space}/${name} is Ready` });
		const told = ({ involvedObject }: Event): boolean =>
			involvedObject.kind === "ScheduledBackup" && involvedObject.name === name;
		await eventually(() => events.list(space).some(told), {
			what: `ScheduledBackup ${space}/${name} has told its Events`,
		});
	};
	return {
		session,
		proxy,
		jobs,
		pods,
		cronJobs,
		actions,
		backups,
		events,
		until,
		start: async (options) => {
			latest = await start(options);
			return latest;
		},
		controller: () => latest,
		untilReady,
		async withBackup(name, spec = {}, labels = {}) {
			const inside = { namespace: name };
			await session.apply(
				manifest(
					namespace(name, labels),
					secret("vars", { "Params.password": "not-a-real-password" }, inside),
					scheduledBackup("app", spec, inside),
				),
			);
			await untilReady(name, "app");
		},
		async request(space, name, spec = {}) {
			const { status, body } = await callApi(
				plane,
				"POST",
				`/apis/riotkit.org/v1alpha1/namespaces/${space}/requestedbackupactions`,
				action(name, "app", spec, { namespace: space }),
			);
			if (status !== 201)
				throw new Error(`action ${space}/${name} is answered with ${status}: ${JSON.stringify(body)}`);
		},
		untilPhase: (space, name, phase) => until(space, name, `is ${phase}`, ({ status }) => status?.phase === phase),
	};
};
