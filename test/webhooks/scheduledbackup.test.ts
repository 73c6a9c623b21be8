// Admission of ScheduledBackups over a cluster of Maps: what is read and when, and what a denial may rest on. What each check
// says is tested with the core; kubectl's view of it in test/integration.
import t from "tap";
import { admit } from "../../webhooks/admit.ts";
import { PASSWORD_TEMPLATE, validate, withPassword, worldWith } from "./backupworld.ts";
import {
	actionOf,
	admissionOf,
	problemsOf,
	requestOf,
	scheduledBackupOf,
	secretOf,
	templateOf,
	type World,
} from "./world.ts";

t.test("a good one is allowed, with one read of its Secret and none of its watched template", async (t) => {
	const world = worldWith();
	t.match(await validate(world), { allowed: true });
	t.same(world.reads.toSorted(), ["namespace default", "secret backup-keys"]);
});

t.test("all that is missing is told at once, as section 1 of the README shows it", async (t) => {
	const world = worldWith({ secrets: new Map([["default/backup-keys", secretOf("backup-keys", { token: "x" })]]) });
	const verdict = await validate(world);
	t.same(problemsOf(verdict), [
		'spec.varsSecretRef.importOnlyKeys[0]: Secret "backup-keys" has no key "Params.password"',
		'spec.vars: template: pg13:1:15: executing "pg13" at <.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "pg13", backup script)',
	]);
});

t.test("a denial never rests on a cache", async (t) => {
	const cases: { name: string; live: Map<string, typeof PASSWORD_TEMPLATE>; allowed: boolean }[] = [
		{ name: "the template was mended a moment ago", live: new Map([["pg13", PASSWORD_TEMPLATE]]), allowed: true },
		{ name: "the template was deleted", live: new Map(), allowed: false },
	];
	const old = new Map([["pg13", templateOf("pg13", "echo {{ .Params.other }}")]]);
	for (const { name, live, allowed } of cases) {
		const world = worldWith({ templates: live, watched: { templates: old, scheduledBackups: [] } });
		t.equal((await validate(world)).allowed, allowed, name);
		t.ok(world.reads.includes("template pg13"), "read again");
	}
	const unknown = worldWith({ watched: { templates: new Map(), scheduledBackups: [] } });
	t.match(await validate(unknown), { allowed: true }, "a template that the watch has not seen yet");
});

t.test("missing references may be waited for", async (t) => {
	const missing = (labels: Record<string, string>) => worldWith({ secrets: new Map(), labels });
	const cases: { name: string; policy: "deny" | "warn"; labels: Record<string, string>; allowed: boolean }[] = [
		{ name: "denied by default", policy: "deny", labels: {}, allowed: false },
		{ name: "warned of where the installation says so", policy: "warn", labels: {}, allowed: true },
		{
			name: "the namespace decides",
			policy: "deny",
			labels: { "riotkit.org/missing-references": "warn" },
			allowed: true,
		},
		{ name: "either way", policy: "warn", labels: { "riotkit.org/missing-references": "deny" }, allowed: false },
	];
	for (const { name, policy, labels, allowed } of cases) {
		const verdict = await admit(admissionOf(missing(labels), policy), "validate", requestOf("CREATE", withPassword));
		t.equal(verdict.allowed, allowed, name);
		t.ok(!allowed || verdict.warnings.length > 0, "and says so");
	}
});

t.test("updates that change nothing that is checked pass without a read", async (t) => {
	const broken = scheduledBackupOf("app1", { templateRef: { name: "nowhere" }, vars: "{" });
	const labelled = { ...broken, metadata: { ...broken.metadata, labels: { a: "b" } } };
	const leaving = {
		...broken,
		metadata: { ...broken.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" },
		spec: { ...broken.spec, vars: "[" },
	};
	for (const object of [labelled, leaving]) {
		for (const phase of ["mutate", "validate"] as const) {
			const world = worldWith();
			t.match(await admit(admissionOf(world), phase, requestOf("UPDATE", object, broken)), { allowed: true });
			t.same([...world.reads, ...world.questions], []);
		}
	}
});

t.test(
	"a consent to a lost key is checked like a change of the spec, and asks for the right to write the Secret",
	async (t) => {
		const gpgKeySecretRef = { secretName: "keys", email: "a@example.org", createIfNotExists: true };
		const object = (annotations?: Record<string, string>) => {
			const backup = scheduledBackupOf("app1", { gpgKeySecretRef });
			return annotations === undefined ? backup : { ...backup, metadata: { ...backup.metadata, annotations } };
		};
		const consent = (fingerprint: string) => ({ "riotkit.org/replace-lost-key": fingerprint });
		const rows: [string, ReturnType<typeof object>, ReturnType<typeof object>, boolean][] = [
			["given", object(consent("A")), object(), true],
			["changed", object(consent("B")), object(consent("A")), true],
			["given beside another annotation", object({ ...consent("A"), a: "b" }), object({ a: "b" }), true],
			["kept", object({ ...consent("A"), a: "b" }), object(consent("A")), false],
			["taken back", object({}), object(consent("A")), false],
			[
				"of an object that goes",
				{ ...object(consent("A")), metadata: { ...object(consent("A")).metadata, deletionTimestamp: "x" } },
				object(),
				false,
			],
		];
		for (const [name, changed, before, asked] of rows) {
			const world = worldWith();
			await admit(admissionOf(world), "validate", requestOf("UPDATE", changed, before));
			const writes = world.questions.filter(({ verb }) => verb === "create" || verb === "patch");
			t.equal(writes.length, asked ? 2 : 0, name);
		}
	},
);

t.test("what only makes the schedule quieter passes in both webhooks, without a read and without rights", async (t) => {
	const broken = { templateRef: { name: "nowhere" }, vars: "{", varsSecretRef: { secretName: "backup-keys" } };
	const stored = scheduledBackupOf("app1", { ...broken, cronJob: { scheduleEvery: "00 02 * * *" } });
	const quiet = scheduledBackupOf("app1", { ...broken, cronJob: { scheduleEvery: "00 02 * * *", suspend: true } });
	const off = scheduledBackupOf("app1", { ...broken, cronJob: { scheduleEvery: "00 02 * * *", enabled: false } });
	const forbidden = new Set(["get secrets backup-keys"]);
	for (const object of [quiet, off, scheduledBackupOf("app1", broken)]) {
		for (const phase of ["mutate", "validate"] as const) {
			const world = worldWith({ forbidden });
			const verdict = await admit(admissionOf(world), phase, requestOf("UPDATE", object, stored));
			t.same(verdict, { allowed: true, warnings: [] });
			t.same([...world.reads, ...world.questions], []);
		}
	}
	t.equal((await validate(worldWith({ forbidden }), stored, quiet)).allowed, false, "the way back is checked");
	const consenting = {
		...quiet,
		metadata: { ...quiet.metadata, annotations: { "riotkit.org/replace-lost-key": "A" } },
	};
	t.equal((await validate(worldWith({ forbidden }), consenting, stored)).allowed, false, "so is a consent beside it");
	const renamed = { ...quiet, spec: { ...quiet.spec, collectionId: "2222" } };
	t.equal((await validate(worldWith({ forbidden }), renamed, stored)).allowed, false, "and any other change beside it");
	t.equal((await validate(worldWith({ forbidden }), quiet)).allowed, false, "and a new object that is quiet");
});

t.test("what becomes quieter is told what its status says already", async (t) => {
	const ready = (status: "True" | "False", reason: string) => {
		const condition = { type: "Ready", status, reason, message: "", lastTransitionTime: "2030-01-01T00:00:00Z" };
		const scheduled = scheduledBackupOf("app1", { cronJob: {} });
		return { ...scheduled, status: { conditions: [condition] } };
	};
	const told = async (stored: ReturnType<typeof ready>) =>
		(await validate(worldWith(), scheduledBackupOf("app1"), stored)).warnings;
	t.same(await told(ready("True", "Installed")), []);
	t.same(await told(ready("False", "KeysLost")), [
		"nothing but the schedule was looked at; the object was not ready before (KeysLost)",
	]);
});

t.test("before the schema", async (t) => {
	const mutate = (world: World, object: typeof withPassword) =>
		admit(admissionOf(world), "mutate", requestOf("CREATE", object));
	const good = worldWith();
	t.match(await mutate(good, withPassword), { allowed: true });
	t.same(good.reads, [], "costs no read where the schema has nothing against the object");
	const world = worldWith({ secrets: new Map() });
	const wrong = { ...withPassword, spec: { ...withPassword.spec, operation: "copy" as "backup" } };
	const verdict = await mutate(world, wrong);
	const paths = problemsOf(verdict).map((problem) => problem.split(":")[0]);
	t.same(paths, ["spec.operation", "spec.varsSecretRef.secretName", "spec.vars"], "all at once, each once");
});

t.test("a failure of the world is no verdict", async (t) => {
	const admission = { ...admissionOf(worldWith()), access: () => Promise.reject(new Error("no answer")) };
	await t.rejects(admit(admission, "validate", requestOf("CREATE", withPassword)), { message: "no answer" });
});

t.test("deletion", async (t) => {
	const remove = (world: World, object = withPassword) =>
		admit(admissionOf(world), "validate", requestOf("DELETE", object));
	t.same(await remove(worldWith()), { allowed: true, warnings: [] });
	const active = { ...withPassword, status: { active: [{ name: "app1-29", uid: "1" }] } };
	t.same(await remove(worldWith({ actions: [actionOf("restore-1")] }), active), {
		allowed: true,
		warnings: ["unfinished RequestedBackupActions (1): restore-1", "active scheduled runs (1): app1-29"],
	});
	const collection = { ...requestOf("DELETE", withPassword), oldObject: undefined };
	t.same(await admit(admissionOf(worldWith()), "validate", collection), { allowed: true, warnings: [] });
});

t.test("what is in no table passes", async (t) => {
	const foreign = { ...requestOf("CREATE", withPassword), group: "example.org" };
	t.match(await admit(admissionOf(worldWith()), "validate", foreign), { allowed: true });
	const unknown = { ...requestOf("CREATE", withPassword), kind: "constructor" };
	t.match(await admit(admissionOf(worldWith()), "validate", unknown), { allowed: true });
});

t.test(
	"a limit that stored objects may be beyond refuses what is written, and nothing that stays as it was",
	async (t) => {
		const longKey = (spec: Record<string, unknown> = {}) =>
			scheduledBackupOf("app1", { vars: `Params:\n  password: x\n  ${"k".repeat(600)}: 1\n`, ...spec });
		const stored = longKey();
		const said = ["spec.vars: Params (line 3, column 3): a key has 600 characters, more than 512"];
		t.same(problemsOf(await validate(worldWith(), stored)), said, "a create");
		t.same(problemsOf(await validate(worldWith(), longKey({ collectionId: "2222" }), stored)), said, "a changed spec");
		const labelled = { ...stored, metadata: { ...stored.metadata, labels: { a: "b" } } };
		t.match(await validate(worldWith(), labelled, stored), { allowed: true }, "metadata");
		const mended = scheduledBackupOf("app1", { vars: "Params: {password: x}\n" });
		t.match(await validate(worldWith(), mended, stored), { allowed: true }, "the correction");
		const action = actionOf("restore-it", { action: "restore", scheduledBackupRef: { name: "app1" } });
		const world = worldWith({ scheduledBackups: new Map([["default/app1", stored]]) });
		t.match(await admit(admissionOf(world), "validate", requestOf("CREATE", action)), { allowed: true }, "its restore");
	},
);
