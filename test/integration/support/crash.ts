// An action's whole life with the controller killed at one of its writes. First a life that nobody disturbs is recorded;
// then every write of it is a place to die at: before it was sent on, or after the server stored it and before the answer.
import type { Test } from "tap";
import type { SeenRequest, Verdict } from "../../cluster/proxy.ts";
import { eventually } from "../../cluster/wait.ts";
import { startKubelet } from "./kubelet.ts";
import type { Fields } from "./objects.ts";
import { startWorld, type World } from "./world.ts";

/** Whether the controller dies before its write is stored, or after that and before it learns so. */
export type Moment = "before" | "after";

const passOn: Verdict = { type: "pass" };

/** Whether a request writes into this namespace. */
const writesInto = (namespace: string, { method, path }: SeenRequest): boolean =>
	method !== "GET" && path.includes(`/namespaces/${namespace}/`);

/** `PATCH jobs/restore-0123456789` → `PATCH jobs`; a status write says so. */
const nameOf = ({ method, path }: SeenRequest): string => {
	const [kind, , subresource] = (path.split("?")[0] ?? "").split(/\/namespaces\/[^/]+\//)[1]?.split("/") ?? [];
	return [method, [kind, subresource].filter(Boolean).join("/")].join(" ");
};

/** What the controller writes in the life of a backup, sorted. */
export const BACKUP_WRITES = ["PATCH jobs", "POST events", "POST jobs", "PUT requestedbackupactions/status"];
/** In that of a restore, which the schedule makes room for. */
export const RESTORE_WRITES = ["PATCH cronjobs", ...BACKUP_WRITES, "PUT scheduledbackups/status"];

/** A Job keeps its time to live, so that setting it is a write too. */
const BACKUP = {
	vars: "Params: {host: db.example.org}\nRepository: {url: https://backups.example.org}\nHelmValues: {ttlSecondsAfterFinished: 3600}\n",
};

/** Waits until the action succeeded, has said what is to be said, and everything that it had changed is as before. */
const settled = async (world: World, namespace: string): Promise<void> => {
	await world.untilPhase(namespace, "run", "Succeeded");
	await eventually(() => world.jobs.list(namespace).every(({ spec }) => spec?.ttlSecondsAfterFinished === 3600), {
		what: `the Job of ${namespace} got its time to live`,
	});
	await eventually(() => world.cronJobs.get(namespace, "app")?.spec?.suspend === false, {
		what: `the CronJob of ${namespace} goes on`,
	});
	await eventually(
		() => !world.backups.get(namespace, "app")?.status?.conditions?.some(({ message }) => /suspended/.test(message)),
		{ what: `ScheduledBackup ${namespace}/app says that the CronJob goes on` },
	);
};

/** The same for a life that nobody disturbs, whose Events are not lost: the last of them is its last write. */
const settledAndTold = async (world: World, namespace: string, spec: Fields): Promise<void> => {
	await settled(world, namespace);
	const told = (kind: string): number =>
		world.events.list(namespace).filter(({ involvedObject, reason }) => `${involvedObject.kind} ${reason}` === kind)
			.length;
	const updates = spec["action"] === "restore" ? 2 : 0;
	await eventually(() => told("RequestedBackupAction Succeeded") === 1 && told("ScheduledBackup Updated") === updates, {
		what: `the Events of ${namespace} are there`,
	});
};

/** What must hold after an action, whatever happened to the controller. */
const onlyOnce = (t: Test, world: World, namespace: string): void => {
	const { status } = world.actions.get(namespace, "run") ?? {};
	const jobs = world.jobs.ever(namespace);
	t.equal(jobs.length, 1, "one Job was ever made");
	t.equal(status?.jobUID, jobs[0]?.metadata?.uid, "and it is the one in status");
	t.equal(world.pods.ever(namespace).length, 1, "one pod ever ran");
	t.equal(status?.phase, "Succeeded");
	t.match(status, { processed: true, healthy: true, startTime: /Z$/, completionTime: /Z$/ }, "the outcome is stored");
	t.equal(jobs[0]?.spec?.suspend, false);
};

/** The writes of a life that nobody disturbs, in order. */
const record = async (world: World, spec: Fields): Promise<string[]> => {
	await world.withBackup("undisturbed", BACKUP);
	const from = world.proxy.requests.length;
	await world.request("undisturbed", "run", spec);
	await settledAndTold(world, "undisturbed", spec);
	return world.proxy.requests
		.slice(from)
		.filter((seen) => writesInto("undisturbed", seen))
		.map(nameOf);
};

interface Trap {
	/** Whether the write came. */
	sprung: boolean;
	/** What that write was, once the controller is dead. */
	died: Promise<string>;
}

/** Where to die: at a write of this number (from 0), or at the first one of this sort. */
type Place = number | string;

/** Kills the controller at that write into the namespace. */
const killAt = (world: World, namespace: string, place: Place, moment: Moment): Trap => {
	const { promise, resolve } = Promise.withResolvers<string>();
	const trap: Trap = { sprung: false, died: promise };
	let count = 0;
	const die = async (seen: SeenRequest): Promise<void> => {
		await world.controller().kill();
		resolve(nameOf(seen));
	};
	world.proxy.decide = async (seen) => {
		if (!writesInto(namespace, seen)) return passOn;
		count += 1;
		const here = typeof place === "number" ? count - 1 === place : nameOf(seen) === place;
		if (trap.sprung || !here) return passOn;
		trap.sprung = true;
		if (moment === "after") return { type: "dropAnswer", afterwards: () => die(seen) };
		await die(seen);
		return { type: "drop" };
	};
	return trap;
};

/**
 * One life in a namespace of its own, with a crash in it; the next controller goes on.
 * Out: the write that it died at; undefined where that write never came.
 */
const liveThroughCrash = async (
	test: Test,
	world: World,
	spec: Fields,
	moment: Moment,
	place: Place,
): Promise<string | undefined> => {
	const namespace = `${moment}-${String(place)
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, "-")}`;
	await world.withBackup(namespace, BACKUP);
	const trap = killAt(world, namespace, place, moment);
	await world.request(namespace, "run", spec);
	const life = settledAndTold(world, namespace, spec);
	life.catch(() => undefined);
	await Promise.race([trap.died, life]);
	world.proxy.decide = () => passOn;
	const died = trap.sprung ? await trap.died : undefined;
	test.comment(died === undefined ? "this life had fewer writes" : `died at ${died}`);
	if (died !== undefined) await world.start();
	await settled(world, namespace);
	onlyOnce(test, world, namespace);
	return died;
};

/**
 * Dies at each write by its number. Two writes of a life may become one, or change places, as what they say comes in one go;
 * then there was nothing to die at, and some sort may be left out: so each of these gets a life of its own.
 */
const everyWrite = async (
	t: Test,
	world: World,
	spec: Fields,
	moment: Moment,
	{ writes, expected }: { writes: readonly string[]; expected: readonly string[] },
): Promise<void> => {
	const deaths = new Set<string>();
	const live = (name: string, place: Place) =>
		t.test(name, async (test) => {
			const died = await liveThroughCrash(test, world, spec, moment, place);
			if (died !== undefined) deaths.add(died);
		});
	for (const [index, write] of writes.entries())
		await live(`killed ${moment} write ${index + 1} of ${writes.length} (as a rule ${write})`, index);
	for (const sort of expected) if (!deaths.has(sort)) await live(`killed ${moment} the first ${sort}`, sort);
	t.same([...deaths].sort(), expected, `it was killed ${moment} each sort of write`);
};

/**
 * Kills the controller at each write of an action's life.
 * @param expected the sorts of writes that such a life has
 */
export const crashEverywhere = async (
	t: Test,
	moments: readonly Moment[],
	spec: Fields,
	expected: readonly string[],
): Promise<void> => {
	const world = await startWorld(t);
	const kubelet = await startKubelet(world.session.plane, () => 0);
	t.teardown(() => kubelet.stop());
	const writes = await record(world, spec);
	t.comment(writes.join(", "));
	t.same([...new Set(writes)].sort(), expected, "the writes of an undisturbed life");
	onlyOnce(t, world, "undisturbed");
	for (const moment of moments) await everyWrite(t, world, spec, moment, { writes, expected });
};
