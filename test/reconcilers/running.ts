// The controllers as they run, over an API server in memory and a clock that the test moves.
import type { Test } from "tap";
import { type Controllers, type ControllersOptions, startControllers } from "../../reconcilers/index.ts";
import { createKeyInspector } from "../../src/gpg/index.ts";
import { alwaysActive } from "../../src/locks/activity.ts";
import { memoryLocks } from "../../src/locks/memory.ts";
import { type ApiServer, createApiServer } from "../kube/fixtures/apiserver.ts";
import { type VirtualClock, virtualClock } from "../kube/fixtures/clock.ts";
import { putPrerequisites } from "./objects.ts";

const START = Date.parse("2026-03-01T12:00:30Z");

export interface Running {
	api: ApiServer;
	clock: VirtualClock;
	controllers: Controllers;
	logged: string[];
	/** `controller result`, of each reconcile. */
	results: string[];
	/** Lets all that is ready run, until nothing is written any more. */
	settle(): Promise<void>;
	/** Lets so many seconds pass, one by one. */
	pass(seconds: number): Promise<void>;
	/** What Events say, as `type reason: message`. */
	events(): string[];
	writesSince(): string[];
}

/** Lets everything that is ready run. */
export const turns = async (count = 60): Promise<void> => {
	for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Starts the controllers; they are stopped with the test. */
export const startRunning = async (
	t: Test,
	options: Partial<ControllersOptions> = {},
	prepare: (api: ApiServer) => void = putPrerequisites,
): Promise<Running> => {
	const clock = virtualClock(START);
	const api = createApiServer(() => clock.now());
	prepare(api);
	api.writes.length = 0;
	const logged: string[] = [];
	const results: string[] = [];
	/** Names of Events hold one, and must differ. */
	let drawn = 0;
	const random = (): number => {
		drawn += 1;
		return (drawn * 0.618) % 1;
	};
	const log =
		(level: string) =>
		(fields: object, message: string): void =>
			void logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
	const controllers = startControllers({
		transport: api.transport,
		activity: alwaysActive(),
		locks: memoryLocks(() => 0.5),
		settings: {
			backupMakerImage: "example.org/tool:1",
			missingReferences: "deny",
			allowPrivilegedPods: false,
		} as never,
		inspector: createKeyInspector(),
		gpg: { generateIdentity: async () => Promise.reject(new Error("no keys here")) },
		logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") } as never,
		metrics: {
			watchRestarted: () => undefined,
			eventDropped: () => undefined,
			reconciled: (controller, result) => void results.push(`${controller} ${result}`),
			watchQueue: () => undefined,
		},
		clock,
		random,
		...options,
	});
	t.teardown(() => controllers.stop());
	await controllers.synced;
	const settle = async (): Promise<void> => {
		for (let before = -1; before !== api.writes.length + results.length; ) {
			before = api.writes.length + results.length;
			await turns();
		}
	};
	const pass = async (seconds: number): Promise<void> => {
		for (let second = 0; second < seconds; second += 1) {
			clock.advance(1_000);
			await settle();
		}
	};
	const events = (): string[] =>
		(
			api.list({ apiVersion: "v1", kind: "Event", plural: "events", namespaced: true }) as unknown as Record<
				string,
				string
			>[]
		).map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
	return { api, clock, controllers, logged, results, settle, pass, events, writesSince: () => api.writes.splice(0) };
};
