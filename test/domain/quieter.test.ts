// What counts as making a schedule quieter. Whatever does not is checked like any change: a hole here is a way around rights.

import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { onlyQuietsSchedule } from "../../src/domain/quieter.ts";
import fc from "../property.ts";

const objectWith = (spec: unknown): ScheduledBackup =>
	({
		apiVersion: "riotkit.org/v1alpha1",
		kind: "ScheduledBackup",
		metadata: { name: "app1", namespace: "default" },
		spec,
	}) as ScheduledBackup;

const SPEC = {
	operation: "backup",
	collectionId: "1111",
	templateRef: { name: "pg13" },
	vars: "Params: {}\n",
	varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a", "Params.b"] },
	gpgKeySecretRef: { secretName: "keys" },
	cronJob: { scheduleEvery: "00 02 * * *" },
};
const { cronJob: _schedule, ...UNSCHEDULED } = SPEC;
const withCronJob = (cronJob: unknown): unknown => ({ ...SPEC, cronJob });
const withKeys = (...importOnlyKeys: string[]) => ({
	...UNSCHEDULED,
	varsSecretRef: { secretName: "vars", importOnlyKeys },
});
const EVERY = SPEC.cronJob;

t.test("what is quieter and what is not", async (t) => {
	const rows: [name: string, given: unknown, before: unknown, wanted: boolean][] = [
		["suspended", withCronJob({ ...EVERY, suspend: true }), SPEC, true],
		["suspended, with the defaults written out", withCronJob({ timeZone: "Etc/UTC", suspend: true }), SPEC, true],
		["switched off", withCronJob({ ...EVERY, enabled: false }), SPEC, true],
		["both", withCronJob({ ...EVERY, enabled: false, suspend: true }), SPEC, true],
		["no schedule any more", UNSCHEDULED, SPEC, true],
		["null, which counts as absent", withCronJob(null), SPEC, true],
		[
			"suspended while off",
			withCronJob({ enabled: false, suspend: true }),
			withCronJob({ ...EVERY, enabled: false }),
			true,
		],
		["a restore becomes quiet", { ...UNSCHEDULED, operation: "restore" }, { ...SPEC, operation: "restore" }, true],
		["nothing changes", SPEC, SPEC, false],
		["only a default is written out", withCronJob({ ...EVERY, enabled: true, suspend: false }), SPEC, false],
		["suspended before", withCronJob({ suspend: true }), withCronJob({ ...EVERY, suspend: true }), false],
		["goes on", SPEC, withCronJob({ ...EVERY, suspend: true }), false],
		["is switched on", SPEC, withCronJob({ ...EVERY, enabled: false }), false],
		["off, but no longer suspended", withCronJob({ enabled: false }), withCronJob({ suspend: true }), false],
		["suspended, but switched on", withCronJob({ suspend: true }), withCronJob({ enabled: false }), false],
		["a schedule where there was none", withCronJob({ ...EVERY, suspend: true }), UNSCHEDULED, false],
		["none before and none now", UNSCHEDULED, UNSCHEDULED, false],
		["another time with it", withCronJob({ scheduleEvery: "00 03 * * *", suspend: true }), SPEC, false],
		["another time zone with it", withCronJob({ ...EVERY, timeZone: "Europe/Warsaw", enabled: false }), SPEC, false],
		["another Secret with it", { ...UNSCHEDULED, gpgKeySecretRef: { secretName: "other" } }, SPEC, false],
		["a Secret more with it", { ...UNSCHEDULED, tokenSecretRef: { secretName: "token" } }, SPEC, false],
		["other variables with it", { ...SPEC, vars: "", cronJob: { ...EVERY, suspend: true } }, SPEC, false],
		["another key with it", withKeys("Params.a", "Params.c"), SPEC, false],
		["a key more with it", withKeys("Params.a", "Params.b", "Params.c"), SPEC, false],
		["a key less with it", withKeys("Params.a"), SPEC, false],
		["the same keys", withKeys("Params.a", "Params.b"), SPEC, true],
		["the same in another order", Object.fromEntries(Object.entries(UNSCHEDULED).toReversed()), SPEC, true],
		["another operation with it", { ...UNSCHEDULED, operation: "restore" }, SPEC, false],
		["text instead of a boolean", withCronJob({ ...EVERY, suspend: "true" }), SPEC, false],
		["text instead of the schedule", withCronJob("off"), SPEC, false],
		["an unknown field with it", withCronJob({ ...EVERY, suspend: true, nosuch: 1 }), SPEC, false],
		["no spec", undefined, SPEC, false],
		["no spec before", SPEC, undefined, false],
	];
	for (const [name, given, before, wanted] of rows) {
		t.equal(onlyQuietsSchedule(objectWith(given), objectWith(before)), wanted, name);
	}
});

t.test("a change of anything else is never only that, however quiet the schedule becomes", async (t) => {
	const quiet = fc.constantFrom<unknown>(undefined, { ...EVERY, suspend: true }, { ...EVERY, enabled: false });
	const fields = ["operation", "collectionId", "templateRef", "vars", "gpgKeySecretRef", "tokenSecretRef"] as const;
	const property = fc.property(quiet, fc.constantFrom(...fields), fc.jsonValue(), (cronJob, field, value) => {
		const before = { ...SPEC, [field]: "as it was" };
		const given = { ...before, cronJob, [field]: value };
		return value === "as it was" || !onlyQuietsSchedule(objectWith(given), objectWith(before));
	});
	t.doesNotThrow(() => fc.assert(property));
});
