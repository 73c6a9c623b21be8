// What the API server is asked about a user's rights, and what a user without them does not learn.
import t from "tap";
import type { Secret } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import type { AccessNeed } from "../../src/domain/access.ts";
import type { DeniedAccess } from "../../src/domain/facts.ts";
import type { References } from "../../src/gather/references.ts";
import type { AccessQuestion } from "../../src/kube/port.ts";
import { deniedAccess, storedForm, withRestoreRight, withRightsOf } from "../../webhooks/access.ts";
import { scheduledBackupOf, secretOf } from "./world.ts";

const USER = { username: "jane", groups: ["team"] };
const need: AccessNeed = { path: "spec.a", verb: "get", group: "", resource: "secrets", name: "keys" };

/** Asks, and keeps what was asked; only what `allows` accepts is allowed. */
const asking = async (questions: AccessNeed[], allows: (question: AccessQuestion) => boolean = () => true) => {
	const asked: AccessQuestion[] = [];
	const ask = async (question: AccessQuestion) => {
		asked.push(question);
		return { allowed: allows(question) };
	};
	return { denied: await deniedAccess(ask, USER, "default", questions), asked };
};

const others: Record<string, Partial<AccessNeed>> = {
	verb: { verb: "patch" },
	group: { group: "riotkit.org" },
	resource: { resource: "serviceaccounts" },
	subresource: { subresource: "token" },
	name: { name: "other" },
};
for (const [what, change] of Object.entries(others))
	t.test(`a right that differs in its ${what} is asked for by itself, and may be denied by itself`, async (t) => {
		const other = { ...need, ...change, path: "spec.b" };
		const isOther = (question: AccessQuestion): boolean =>
			Object.entries(change).every(([field, value]) => question[field as keyof AccessQuestion] === value);
		const { denied, asked } = await asking([need, other], (question) => !isOther(question));
		t.equal(asked.length, 2);
		t.same(
			denied.map(({ path }) => path),
			["spec.b"],
		);
	});

t.test(
	"one right that two fields need is asked for once, for the user and the namespace, and denied for both",
	async (t) => {
		const { denied, asked } = await asking([need, { ...need, path: "spec.b" }], () => false);
		t.strictSame(asked, [
			{ user: USER, namespace: "default", verb: "get", group: "", resource: "secrets", name: "keys" },
		]);
		const what = 'Secret "keys"';
		t.strictSame(denied, [
			{ path: "spec.a", verb: "get", what, secretName: "keys" },
			{ path: "spec.b", verb: "get", what, secretName: "keys" },
		]);
	},
);

t.test("a subresource is asked for as one", async (t) => {
	const { asked } = await asking([{ ...need, resource: "serviceaccounts", subresource: "token" }]);
	t.match(asked, [{ resource: "serviceaccounts", subresource: "token" }]);
	const { asked: without } = await asking([need]);
	t.notOk("subresource" in (without[0] ?? {}));
});

const texts: [change: Partial<AccessNeed>, what: string][] = [
	[{ resource: "serviceaccounts", name: "robot" }, 'a token of ServiceAccount "robot"'],
	[{ resource: "scheduledbackups", name: "app" }, 'ScheduledBackup "app"'],
	[{ resource: "scheduledbackups", name: "" }, "every ScheduledBackup of the namespace"],
];
for (const [change, what] of texts)
	t.test(`denied: ${what}`, async (t) => {
		const { denied } = await asking([{ ...need, ...change }], () => false);
		t.strictSame(denied, [{ path: "spec.a", verb: "get", what }], "no Secret is named");
	});

const secretDenied = (change: Partial<DeniedAccess> = {}): DeniedAccess[] => [
	{ path: "spec.a", verb: "get", what: "x", secretName: "keys", ...change },
];
const references = {
	secret: async (_namespace: string, name: string): Promise<Secret> => secretOf(name, { a: "b" }),
	scheduledBackup: async (_namespace: string, name: string): Promise<ScheduledBackup> => scheduledBackupOf(name),
} as unknown as References;
const rows: { name: string; denied: DeniedAccess[]; found: boolean }[] = [
	{ name: "nothing is denied", denied: [], found: true },
	{ name: "reading it is denied", denied: secretDenied(), found: false },
	{ name: "reading another one is denied", denied: secretDenied({ secretName: "other" }), found: true },
	{ name: "only writing it is denied", denied: secretDenied({ verb: "patch" }), found: true },
	{
		name: "reading it is denied, after another one",
		denied: [...secretDenied({ secretName: "other" }), ...secretDenied()],
		found: false,
	},
];
for (const { name, denied, found } of rows)
	t.test(`a Secret, where ${name}`, async (t) => {
		const limited = withRightsOf(references, Promise.resolve(denied));
		t.equal((await limited.secret("default", "keys"))?.metadata?.name, found ? "keys" : undefined);
		t.equal((await limited.scheduledBackup("default", "app"))?.metadata.name, "app", "nothing else is hidden");
	});

t.test("the ScheduledBackup of an action does not exist for a user who may not restore it", async (t) => {
	const found = (denied: DeniedAccess[]) =>
		withRestoreRight(references, Promise.resolve(denied)).scheduledBackup("default", "app");
	t.equal((await found([]))?.metadata.name, "app");
	t.equal(await found(secretDenied({ verb: "restore" })), undefined);
});

t.test("a status that a user sends does not count; the stored one does", async (t) => {
	const stored = { observedGeneration: 1 };
	const sent = { ...scheduledBackupOf("app"), status: { observedGeneration: 99 } } as ScheduledBackup;
	t.notOk("status" in storedForm(sent, "default", undefined), "a new object has none");
	t.notOk("status" in storedForm(sent, "default", scheduledBackupOf("app")), "nor one without a stored status");
	const before = { ...scheduledBackupOf("app"), status: stored } as ScheduledBackup;
	t.strictSame(storedForm(sent, "default", before).status, stored);
	t.strictSame(storedForm(scheduledBackupOf("app"), "default", before).status, stored);
});

t.test("the namespace is the request's", async (t) => {
	const { metadata, ...rest } = scheduledBackupOf("app");
	const { namespace: _, ...unnamed } = metadata;
	const form = storedForm({ ...rest, metadata: unnamed }, "team", undefined);
	t.strictSame(form, { ...rest, metadata: { ...unnamed, namespace: "team" } });
});
