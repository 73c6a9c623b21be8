// Admission of actions: what could never run is refused, and what is left out of a restore is filled in.
import t from "tap";
import { admit } from "../../webhooks/admit.ts";
import { actionOf, admissionOf, emptyWorld, problemsOf, requestOf, scheduledBackupOf, templateOf } from "./world.ts";

const world = (live = [scheduledBackupOf("app1")]) => ({
	...emptyWorld(),
	templates: new Map([["pg13", templateOf("pg13", "true")]]),
	scheduledBackups: new Map(live.map((object) => [`default/${object.metadata.name}`, object])),
});

const create = (object = actionOf("now"), cluster = world(), policy: "deny" | "warn" = "deny") =>
	admit(admissionOf(cluster, policy), "validate", requestOf("CREATE", object));

t.test("references", async (t) => {
	t.match(await create(), { allowed: true });
	const dangling = actionOf("now", { scheduledBackupRef: { name: "gone" } });
	const denied = await create(dangling);
	t.notOk(denied.allowed);
	t.match(problemsOf(denied), [/^spec\.scheduledBackupRef\.name: /]);
	t.match(await create(dangling, world(), "warn"), { allowed: true, warnings: [/spec\.scheduledBackupRef\.name/] });
	const known = { templates: new Map(), scheduledBackups: [] };
	t.match(await create(actionOf("now"), { ...world(), watched: known }), { allowed: true }, "made a moment ago");
	const stale = { templates: new Map(), scheduledBackups: [scheduledBackupOf("app1")] };
	t.match(
		await create(actionOf("now"), { ...world([]), watched: stale }),
		{ allowed: true },
		"a stale yes is harmless",
	);
});

t.test("an action whose script is empty", async (t) => {
	const cluster = { ...world(), templates: new Map([["pg13", templateOf("pg13", "true", "")]]) };
	t.match(await create(actionOf("now"), cluster), { allowed: true });
	t.match(problemsOf(await create(actionOf("back", { action: "restore" }), cluster)), [/^spec\.action: /]);
});

t.test("the version of a restore", async (t) => {
	const patch = [{ op: "add", path: "/spec/targetVersion", value: "latest" }];
	const restore = actionOf("back", { action: "restore" });
	const latest = actionOf("back", { action: "restore", targetVersion: "latest" });
	const first = actionOf("back", { action: "restore", targetVersion: "v1" });
	const cases: { name: string; object: typeof restore; old?: typeof restore; expected: object }[] = [
		{ name: "is the latest where none is given", object: restore, expected: { allowed: true, patch } },
		{ name: "is left as it is", object: first, expected: { allowed: true, patch: [] } },
		{ name: "a backup has none", object: actionOf("now"), expected: { allowed: true, patch: [] } },
		{
			name: "a replacement without it stays the same",
			object: restore,
			old: latest,
			expected: { allowed: true, patch },
		},
		{ name: "a replacement that drops it is none", object: restore, old: first, expected: { allowed: false } },
	];
	for (const { name, object, old, expected } of cases) {
		const request = requestOf(old === undefined ? "CREATE" : "UPDATE", object, old);
		t.match(await admit(admissionOf(world()), "mutate", request), expected, name);
	}
});

t.test("before the schema, the whole list is told", async (t) => {
	const wrong = actionOf("now", { targetVersion: "v1", scheduledBackupRef: { name: "gone" } });
	const verdict = await admit(admissionOf(world()), "mutate", requestOf("CREATE", wrong));
	const paths = problemsOf(verdict).map((problem) => problem.split(":")[0]);
	t.same(paths.toSorted(), ["spec.scheduledBackupRef.name", "spec.targetVersion"], "each once");
});

t.test("a restore takes the right to", async (t) => {
	const restore = actionOf("back", { action: "restore", targetVersion: "v1" });
	const worlds = { there: world(), absent: world([]) };
	for (const [name, cluster] of Object.entries(worlds)) {
		const forbidden = { ...cluster, forbidden: new Set(["restore scheduledbackups app1"]) };
		for (const policy of ["deny", "warn"] as const) {
			const verdict = await create(restore, forbidden, policy);
			t.same(problemsOf(verdict), ['spec.action: you are not allowed to restore ScheduledBackup "app1"'], name);
			t.same(verdict.warnings, []);
		}
		t.notOk(cluster.reads.includes("template pg13"), "no call more where it exists");
		const off = { ...admissionOf(forbidden), requireRestoreRight: false };
		const allowed = await admit(off, "validate", requestOf("CREATE", restore));
		t.equal(allowed.allowed, name === "there");
	}
	t.match(worlds.there.questions, [
		{
			user: { username: "jane", groups: ["team"] },
			namespace: "default",
			verb: "restore",
			group: "riotkit.org",
			resource: "scheduledbackups",
			name: "app1",
		},
	]);
	const quiet = world();
	t.match(await create(actionOf("now"), quiet), { allowed: true });
	t.same(quiet.questions, [], "a backup takes none");
	const broken = { ...admissionOf(world()), access: () => Promise.reject(new Error("down")) };
	await t.rejects(Promise.resolve(admit(broken, "validate", requestOf("CREATE", restore))), { message: "down" });
});

t.test("the right is told together with what the schema refuses", async (t) => {
	const wrong = { ...actionOf("back", { action: "restore" }), extra: true };
	const cluster = { ...world(), forbidden: new Set(["restore scheduledbackups app1"]) };
	const object = { ...wrong, spec: { ...wrong.spec, targetVersion: "v1; rm" } };
	const verdict = await admit(admissionOf(cluster), "mutate", requestOf("CREATE", object));
	const paths = problemsOf(verdict).map((problem) => problem.split(":")[0]);
	t.same(paths.toSorted(), ["spec.action", "spec.targetVersion"]);
});
