// Admission of templates: what an edit or a deletion does to the ScheduledBackups that use it.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import { secretFacts } from "../../src/gather/secretfacts.ts";
import { admit } from "../../webhooks/admit.ts";
import { CHECK_MILLISECONDS } from "../../webhooks/dependents.ts";
import {
	admissionOf,
	emptyWorld,
	problemsOf,
	requestOf,
	scheduledBackupOf,
	secretOf,
	templateOf,
	type World,
} from "./world.ts";

const before = templateOf("pg13", "echo {{ .Params.db }}");
const breaking = templateOf("pg13", "echo {{ .Params.database }}");
const FORCE = { "riotkit.org/force": "true" };
const forced = { ...breaking, metadata: { ...breaking.metadata, annotations: FORCE } };
const HINT = 'to do it all the same, set the annotation riotkit.org/force: "true"';
const WHY =
	'spec.vars: template: pg13:1:15: executing "pg13" at <.Params.database>: map has no entry for key "database" (ClusterBackupProcedureTemplate "pg13", backup script)';

const worldOf = (...dependents: ScheduledBackup[]): World => ({
	...emptyWorld(),
	templates: new Map([["pg13", before]]),
	scheduledBackups: new Map(dependents.map((dependent) => [`default/${dependent.metadata.name}`, dependent])),
});

const many = (count: number): ScheduledBackup[] =>
	Array.from({ length: count }, (_, index) => scheduledBackupOf(`app${String(index).padStart(3, "0")}`));

const edit = (world: World, after = breaking) =>
	admit(admissionOf(world), "validate", requestOf("UPDATE", after, before));

t.test("an edit", async (t) => {
	const secretRef = { varsSecretRef: { secretName: "vars" } };
	const withDatabase = { vars: "Params:\n  db: a\n  database: b\n" };
	const leaving = scheduledBackupOf("app1");
	leaving.metadata.deletionTimestamp = "2030-01-01T00:00:00Z";
	const worldWithSecret = worldOf(scheduledBackupOf("app1", secretRef));
	worldWithSecret.secrets.set("default/vars", secretOf("vars", { "Params.database": "x" }));
	const denial = [`spec: would break ScheduledBackup default/app1: ${WHY}`];
	const cases: { name: string; world: World; problems: string[] }[] = [
		{ name: "of a template that nobody uses", world: worldOf(), problems: [] },
		{ name: "that breaks a dependent", world: worldOf(scheduledBackupOf("app1")), problems: denial },
		{ name: "that suits a dependent", world: worldOf(scheduledBackupOf("app1", withDatabase)), problems: [] },
		{ name: "that a live Secret makes good", world: worldWithSecret, problems: [] },
		{
			name: "of what was broken before",
			world: worldOf(scheduledBackupOf("app1", { vars: "Params: {}" })),
			problems: [],
		},
		{ name: "of what is being deleted", world: worldOf(leaving), problems: [] },
		{
			name: "of what an internal procedure of the same name is for",
			world: worldOf(scheduledBackupOf("app1", { templateRef: { kind: "internal", name: "pg13" } })),
			problems: [],
		},
		{
			name: "of what the watch still knows, and the API server does not",
			world: {
				...worldOf(),
				watched: { templates: new Map(), scheduledBackups: [scheduledBackupOf("app1")] },
			},
			problems: [],
		},
	];
	for (const { name, world, problems } of cases) t.same(problemsOf(await edit(world)), problems, name);
});

t.test("the first ten are listed, and how many more", async (t) => {
	const verdict = await edit(worldOf(...many(25)));
	if (verdict.allowed) return t.fail("allowed");
	t.equal(verdict.problems.length, 11);
	t.equal(verdict.problems[0]?.message, `would break ScheduledBackup default/app000: ${WHY}`);
	t.match(verdict.problems.at(-1), { message: "and 15 more ScheduledBackups", hint: HINT });
	const one = await edit(worldOf(...many(1)));
	t.match(one, { problems: [{ hint: HINT }] }, "what to do about it is said in any case");
});

t.test("forced, the denial becomes warnings", async (t) => {
	const verdict = await edit(worldOf(...many(12)), forced);
	t.equal(verdict.allowed, true);
	t.equal(verdict.warnings.length, 11);
	t.match(verdict.warnings[0], /^would break ScheduledBackup default\/app000: /);
	t.equal(verdict.warnings.at(-1), "and 2 more ScheduledBackups");
	t.equal((await edit(worldOf(...many(1)), forced)).warnings.length, 1);
});

t.test("the event loop gets its turns, and the time is bounded", async (t) => {
	const world = worldOf(...many(100));
	let now = 0;
	world.clock = () => now++;
	t.match(await edit(world), { allowed: false });
	t.ok(world.turns >= 100 / 8, "a turn at least every 8 ms of the first look");

	const slow = worldOf(...many(100));
	let later = 0;
	slow.clock = () => (later += CHECK_MILLISECONDS / 250);
	const verdict = await edit(slow);
	t.match(verdict, {
		allowed: false,
		warnings: ["60 of 100 ScheduledBackups that use this template were not checked in time"],
	});
	const last = verdict.allowed ? undefined : verdict.problems.at(-1)?.message;
	t.equal(last, "and 30 more ScheduledBackups", "ten are named: each of the hundred is told or counted");

	const stuck = worldOf(...many(100));
	let gone = 0;
	stuck.clock = () => (gone += CHECK_MILLISECONDS);
	t.same(await edit(stuck), {
		allowed: true,
		warnings: ["100 of 100 ScheduledBackups that use this template were not checked in time"],
	});
});

t.test("each Secret is read once, however many share it", async (t) => {
	const shared = many(20).map(({ metadata }) =>
		scheduledBackupOf(metadata.name ?? "", { varsSecretRef: { secretName: "vars" } }),
	);
	const world = worldOf(...shared);
	world.secrets.set("default/vars", secretOf("vars", { "Params.other": "x" }));
	await edit(world);
	t.equal(world.reads.filter((read) => read === "secret vars").length, 1);
});

t.test("what is known of Secrets saves reading them, and never denies", async (t) => {
	const named = { varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.database"] } };
	const all = { varsSecretRef: { secretName: "vars" } };
	const found = (...names: string[]): ScheduledBackupFacts => ({
		template: undefined,
		secrets: new Map([["vars", secretFacts(secretOf("vars", Object.fromEntries(names.map((name) => [name, "x"]))))]]),
		denied: [],
		namespaceLabels: {},
	});
	const noSecrets: ScheduledBackupFacts = { ...found(), secrets: new Map() };
	const missing: ScheduledBackupFacts = { ...found(), secrets: new Map([["vars", undefined]]) };
	type Case = { spec: object; live: string[]; known?: ScheduledBackupFacts; denied: boolean; reads: boolean };
	const cases: Record<string, Case> = {
		"named keys, nothing known yet": { spec: named, live: ["Params.database"], denied: false, reads: false },
		"all keys, nothing known yet": { spec: all, live: ["Params.database"], denied: false, reads: true },
		"all keys, nothing known yet, not enough": { spec: all, live: ["Params.other"], denied: true, reads: true },
		"all keys, known": {
			spec: all,
			live: ["Params.database"],
			known: found("Params.database"),
			denied: false,
			reads: false,
		},
		"all keys, known, not enough": {
			spec: all,
			live: ["Params.other"],
			known: found("Params.other"),
			denied: true,
			reads: true,
		},
		"all keys, of an object that named no Secret when it was looked at": {
			spec: all,
			live: ["Params.other"],
			known: noSecrets,
			denied: true,
			reads: true,
		},
		"all keys of a Secret that was not there, and is now": {
			spec: all,
			live: ["Params.database"],
			known: missing,
			denied: false,
			reads: true,
		},
		"all keys, known of a time when they did not suffice": {
			spec: all,
			live: ["Params.database"],
			known: found("Params.other"),
			denied: false,
			reads: true,
		},
	};
	for (const [name, { spec, live, known, denied, reads }] of Object.entries(cases)) {
		const world = worldOf(scheduledBackupOf("app1", spec));
		world.secrets.set("default/vars", secretOf("vars", Object.fromEntries(live.map((key) => [key, "x"]))));
		if (known !== undefined) world.facts.set("default/app1", known);
		t.same(problemsOf(await edit(world)).length > 0, denied, `${name}: verdict`);
		t.same(world.reads.includes("secret vars"), reads, `${name}: reads`);
	}
});

t.test("a template that does not parse is told once, not for each dependent", async (t) => {
	const world = worldOf(...many(3));
	const verdict = await edit(world, templateOf("pg13", "{{ if }}"));
	t.equal(problemsOf(verdict).length, 1);
	t.match(problemsOf(verdict)[0], /^spec\.backup: /);
	t.match(await admit(admissionOf(world), "validate", requestOf("CREATE", templateOf("new", "{{ if }}"))), {
		allowed: false,
	});
	t.match(await admit(admissionOf(world), "validate", requestOf("CREATE", breaking)), { allowed: true });
});

t.test("before the schema, the whole list is told", async (t) => {
	const mutate = (template: typeof before) => admit(admissionOf(worldOf()), "mutate", requestOf("CREATE", template));
	t.match(await mutate(before), { allowed: true });
	const wrong = { ...templateOf("pg13", "{{ if }}"), spec: { ...templateOf("pg13", "{{ if }}").spec, image: "" } };
	const paths = problemsOf(await mutate(wrong)).map((problem) => problem.split(":")[0]);
	t.same(paths.toSorted(), ["spec.backup", "spec.image"], "each once");
});

t.test("a deletion", async (t) => {
	const remove = (world: World, template = before) =>
		admit(admissionOf(world), "validate", requestOf("DELETE", template));
	t.same(await remove(worldOf()), { allowed: true, warnings: [] });
	const used = await remove(worldOf(...many(12)));
	if (used.allowed) return t.fail("allowed");
	t.equal(used.problems.length, 11);
	t.equal(used.problems[0]?.message, "is in use by ScheduledBackup default/app000");
	t.match(used.problems.at(-1), { message: "and 2 more ScheduledBackups", hint: HINT });
	const gone = { ...worldOf(), watched: { templates: new Map(), scheduledBackups: many(3) } };
	t.match(await remove(gone), { allowed: true }, "what the API server does not know any more is not in the way");
	t.same(await remove(worldOf(...many(1)), forced), {
		allowed: true,
		warnings: ["is in use by ScheduledBackup default/app000"],
	});
	const collection = { ...requestOf("DELETE", before), oldObject: undefined };
	t.match(await admit(admissionOf(worldOf()), "validate", collection), { allowed: true });
});
