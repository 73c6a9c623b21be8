// Whose use of a template is in the way of its deletion, and whose is only told.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { admit } from "../../webhooks/admit.ts";
import { CHECK_MILLISECONDS } from "../../webhooks/dependents.ts";
import { admissionOf, emptyWorld, problemsOf, requestOf, scheduledBackupOf, templateOf, type World } from "./world.ts";

const before = templateOf("pg13", "echo {{ .Params.db }}");
const forced = { ...before, metadata: { ...before.metadata, annotations: { "riotkit.org/force": "true" } } };

const LABEL = "riotkit.org/missing-references";
const using = (namespace: string, name: string): ScheduledBackup => {
	const object = scheduledBackupOf(name);
	return { ...object, metadata: { ...object.metadata, namespace } };
};
const NAMES = Array.from({ length: 12 }, (_, index) => `app${String(index).padStart(3, "0")}`);
const usedBy = (...users: ScheduledBackup[]): World => ({
	...emptyWorld(),
	scheduledBackups: new Map(users.map((user) => [`${user.metadata.namespace}/${user.metadata.name}`, user])),
	namespaces: { lenient: { [LABEL]: "warn" }, strict: { [LABEL]: "deny" } },
});
const removal = (world: World, policy: "deny" | "warn" = "deny", template = before) =>
	admit(admissionOf(world, policy), "validate", requestOf("DELETE", template));
const inUse = (...names: string[]): string[] => names.map((name) => `is in use by ScheduledBackup ${name}`);
const inTheWay = (...names: string[]): string[] => inUse(...names).map((line) => `metadata.name: ${line}`);

t.test("a deletion where missing references are waited for is warned of", async (t) => {
	type Policy = "deny" | "warn";
	const cases: Record<string, { policy: Policy; users: ScheduledBackup[]; problems: string[]; warnings: string[] }> = {
		"the installation waits": { policy: "warn", users: [using("a", "x")], problems: [], warnings: inUse("a/x") },
		"the namespace waits": {
			policy: "deny",
			users: [using("lenient", "x")],
			problems: [],
			warnings: inUse("lenient/x"),
		},
		"the namespace does not": {
			policy: "warn",
			users: [using("strict", "x")],
			problems: inTheWay("strict/x"),
			warnings: [],
		},
		"one waits and one does not": {
			policy: "deny",
			users: [using("lenient", "x"), using("a", "x")],
			problems: inTheWay("a/x"),
			warnings: inUse("lenient/x"),
		},
	};
	for (const [name, { policy, users, problems, warnings }] of Object.entries(cases)) {
		const verdict = await removal(usedBy(...users), policy);
		t.equal(verdict.allowed, problems.length === 0, name);
		t.same(problemsOf(verdict), problems, name);
		t.same(verdict.warnings, warnings, name);
	}
});

t.test("of each sort the first ten are named, and read again; a namespace is read once", async (t) => {
	const users = NAMES.flatMap((name) => ["a", "lenient"].map((at) => using(at, name)));
	const world = usedBy(...users);
	const verdict = await removal(world);
	// Ten of `a` object: then it is settled, and those of `lenient` only count.
	t.match(problemsOf(verdict).at(-1), /and 14 more ScheduledBackups$/);
	t.same(verdict.warnings, []);
	t.same(
		world.reads.filter((read) => read.startsWith("namespace")),
		["namespace a"],
	);
	t.equal(world.reads.length, 11);
	const waiting = usedBy(...NAMES.map((name) => using("lenient", name)));
	const { allowed, warnings } = await removal(waiting);
	t.equal(allowed, true);
	t.equal(warnings.length, 11);
	t.equal(warnings.at(-1), "and 2 more ScheduledBackups");
	t.equal(waiting.reads.length, 11);
});

t.test("forced, no namespace is asked", async (t) => {
	const world = usedBy(using("strict", "x"), using("a", "x"));
	t.same(await removal(world, "deny", forced), { allowed: true, warnings: inUse("a/x", "strict/x") });
	t.same(
		world.reads.filter((read) => read.startsWith("namespace")),
		[],
	);
});

t.test("what the time does not suffice for is told by the installation's policy", async (t) => {
	const late = (): World => {
		const world = usedBy(using("a", "x"), using("b", "x"), using("lenient", "x"));
		let now = 0;
		world.clock = () => (now += CHECK_MILLISECONDS / 2);
		return world;
	};
	t.same(problemsOf(await removal(late())), inTheWay("a/x", "b/x", "lenient/x"));
	t.same(await removal(late(), "warn"), { allowed: true, warnings: inUse("a/x", "b/x", "lenient/x") });
	t.match(await removal(late(), "deny", forced), { allowed: true });
});
