// An action's whole life with the controller killed at one of its writes. First a life that nobody disturbs is recorded;
// then every write of it is a place to die at: before it was sent on, or after the server stored it and before the answer.
// One life for each place, side by side: each is held at its place, and one death of the controller ends them all.
import type { Test } from "tap";
import type { SeenRequest } from "../../cluster/proxy.ts";
import { eventually } from "../../cluster/wait.ts";
import { startKubelet } from "./kubelet.ts";
import type { Fields } from "./objects.ts";
import { createTrap, killAtTraps, type Moment, type Trap, writtenInto } from "./traps.ts";
import { startWorld, type World } from "./world.ts";

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

/**
 * The same, and waits until the Events of a life that nobody disturbs are there: the last of them is its last write.
 * @param isDisturbed whether an Event may be lost, after which it waits for none
 */
const settledAndTold = async (
	world: World,
	namespace: string,
	spec: Fields,
	isDisturbed: () => boolean = () => false,
): Promise<void> => {
	await settled(world, namespace);
	const told = (kind: string): number =>
		world.events.list(namespace).filter(({ involvedObject, reason }) => `${involvedObject.kind} ${reason}` === kind)
			.length;
	const updates = spec["action"] === "restore" ? 2 : 0;
	const isTold = (): boolean =>
		told("RequestedBackupAction Succeeded") === 1 && told("ScheduledBackup Updated") === updates;
	await eventually(() => isDisturbed() || isTold(), { what: `the Events of ${namespace} are there` });
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
		.filter((seen) => writtenInto(seen) === "undisturbed")
		.map(nameOf);
};

/** Where a life stops: at a write of this number (from 0), or at the first one of this sort. */
type Place = number | string;

const trapAt = (place: Place, moment: Moment): Trap => {
	let count = 0;
	const isHere = (seen: SeenRequest): boolean => {
		count += 1;
		return typeof place === "number" ? count - 1 === place : nameOf(seen) === place;
	};
	return createTrap(isHere, moment);
};

/** A namespace's name for the life that stops at this place. */
const namespaceOf = (moment: Moment, place: Place): string =>
	`${moment}-${String(place)
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, "-")}`;

/** Lives at a time: each may hold two of the 16 connections that the controller has for calls. */
const SIDE_BY_SIDE = 6;

interface Life {
	place: Place;
	namespace: string;
	trap: Trap;
}

/**
 * Lives side by side in namespaces of their own, with one crash in all of them; the next controller goes on.
 * Out: the writes that they died at.
 */
const liveThroughCrash = async (
	t: Test,
	world: World,
	spec: Fields,
	moment: Moment,
	places: readonly Place[],
): Promise<string[]> => {
	const lives: Life[] = places.map((place) => ({
		place,
		namespace: namespaceOf(moment, place),
		trap: trapAt(place, moment),
	}));
	await Promise.all(lives.map(({ namespace }) => world.withBackup(namespace, BACKUP)));
	const traps = new Map(lives.map(({ namespace, trap }) => [namespace, trap]));
	await killAtTraps(world, traps, async (namespace) => {
		await world.request(namespace, "run", spec);
		await settledAndTold(world, namespace, spec, () => traps.get(namespace)?.write !== undefined);
	});
	await world.start();
	for (const { place, namespace, trap } of lives) {
		const where = typeof place === "number" ? `write ${place + 1}` : `the first ${place}`;
		await t.test(`killed ${moment} ${where}`, async (test) => {
			test.comment(trap.write === undefined ? "this life had fewer writes" : `died at ${nameOf(trap.write)}`);
			await settled(world, namespace);
			onlyOnce(test, world, namespace);
		});
	}
	return lives.flatMap(({ trap }) => (trap.write === undefined ? [] : [nameOf(trap.write)]));
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
	for (let from = 0; from < writes.length; from += SIDE_BY_SIDE) {
		const places = [...writes.keys()].slice(from, from + SIDE_BY_SIDE);
		for (const write of await liveThroughCrash(t, world, spec, moment, places)) deaths.add(write);
	}
	const left = expected.filter((sort) => !deaths.has(sort));
	if (left.length > 0) for (const write of await liveThroughCrash(t, world, spec, moment, left)) deaths.add(write);
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
	for (const moment of moments)
		await t.test(`killed ${moment} each write`, (test) => everyWrite(test, world, spec, moment, { writes, expected }));
};
