// A restore overwrites data: who may ask for one, or schedule one, is who may `restore` that ScheduledBackup, and nobody
// else learns whether it exists.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { action, type Fields, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();

const rbac = (kind: string, name: string, fields: Fields, at?: string) => ({
	apiVersion: "rbac.authorization.k8s.io/v1",
	kind,
	metadata: at === undefined ? { name } : { name, namespace: at },
	...fields,
});
/** A role in the namespace `there` and in `absent`, bound to a user of its name. */
const grant = (name: string, ...rules: Fields[]) =>
	["there", "absent", "absent-warn"].flatMap((at) => [
		rbac("Role", name, { rules }, at),
		rbac(
			"RoleBinding",
			name,
			{
				roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
				subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
			},
			at,
		),
	]);

const EDIT = {
	apiGroups: ["riotkit.org"],
	resources: ["scheduledbackups", "requestedbackupactions"],
	verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
};
const RESTORE = { apiGroups: ["riotkit.org"], resources: ["scheduledbackups"], verbs: ["restore"] };
const PLAIN = { templateRef: { name: "plain" }, varsSecretRef: undefined, cronJob: undefined };

await session.apply(
	manifest(
		template("plain", { backup: "echo backup\n", restore: "echo restore\n" }),
		template("backs-up", { backup: "echo backup\n", restore: "" }),
		namespace("there"),
		namespace("absent"),
		namespace("absent-warn", { "riotkit.org/missing-references": "warn" }),
		secret("hidden", { a: "canary" }, { namespace: "there" }),
		...grant("editor", EDIT),
		...grant("restorer", EDIT, RESTORE),
		...grant("of-app", EDIT, { ...RESTORE, resourceNames: ["app"] }),
	),
);
await session.apply(
	manifest(
		scheduledBackup("app", PLAIN, { namespace: "there" }),
		scheduledBackup("other", PLAIN, { namespace: "there" }),
		scheduledBackup("no-restore", { ...PLAIN, templateRef: { name: "backs-up" } }, { namespace: "there" }),
	),
);

const dryRun = (as: string, object: object) =>
	session.kubectl(`create --dry-run=server -f - --as=${as}`, manifest(object));
const restore = (at: string, name: string, spec: Fields = {}) =>
	action("back", name, { action: "restore", ...spec }, { namespace: at });
const withoutWarnings = (stderr: string): string => stderr.replace(/^Warning: .*\n/gm, "");
const refusal = (path: string, name: string): string =>
	`${path}: you are not allowed to restore ScheduledBackup "${name}"; it overwrites data: ask for a role with the verb "restore" on scheduledbackups.riotkit.org, such as the one that the chart brings`;

t.test("an action that restores", async (t) => {
	for (const name of ["app", "no-restore"]) {
		const refused = await dryRun("editor", restore("there", name));
		t.equal(refused.code, 1);
		t.equal(
			refused.stderr,
			`The RequestedBackupAction "back" is invalid: ${refusal("spec.action", name)}\n`,
			"nothing else is said",
		);
		for (const at of ["absent", "absent-warn"]) {
			const elsewhere = await dryRun("editor", restore(at, name));
			t.strictSame(elsewhere, refused, `the very same words where there is no such ScheduledBackup (${at})`);
		}
	}
	t.match(await dryRun("restorer", restore("there", "app")), { code: 0 });
	t.match((await dryRun("restorer", restore("absent", "app"))).stderr, 'ScheduledBackup "app" does not exist');
	t.match((await dryRun("restorer", restore("there", "no-restore"))).stderr, "has no restore script");
	t.match(await dryRun("of-app", restore("there", "app")), { code: 0 }, "the right to one by its name");
	t.match((await dryRun("of-app", restore("there", "other"))).stderr, refusal("spec.action", "other"));
	t.match(await dryRun("editor", action("now", "app", { action: "backup" }, { namespace: "there" })), { code: 0 });
	const admin = await session.kubectl("create --dry-run=server -f -", manifest(restore("there", "app")));
	t.match(admin, { code: 0 }, "an administrator");
});

t.test("a schedule that restores", async (t) => {
	const restoring = (name: string, spec: Fields = {}) =>
		scheduledBackup(name, { ...PLAIN, operation: "restore", ...spec }, { namespace: "there" });
	const refused = await dryRun("editor", restoring("new"));
	t.equal(
		withoutWarnings(refused.stderr),
		`The ScheduledBackup "new" is invalid: ${refusal("spec.operation", "new")}\n`,
	);
	t.match(await dryRun("restorer", restoring("new")), { code: 0 });
	t.match(await dryRun("of-app", restoring("new")), { code: 1 });
	const mixed = await dryRun("editor", restoring("new", { varsSecretRef: { secretName: "hidden" } }));
	t.match(mixed.stderr, `* ${refusal("spec.operation", "new")}\n`, "beside the other mistakes");
	t.match(mixed.stderr, 'you are not allowed to read Secret "hidden"');

	const generated = restoring("unnamed");
	const { name: _name, ...metadata } = generated.metadata as Fields;
	const unnamed = { ...generated, metadata: { ...metadata, generateName: "app-" } };
	t.match((await dryRun("editor", unnamed)).stderr, /you are not allowed to restore ScheduledBackup "app-\w+"/);
	t.match(await dryRun("restorer", unnamed), { code: 0 });

	const patch = (as: string, body: object) =>
		session.kubectl([
			..."patch scheduledbackup -n there app --type=merge".split(" "),
			`--as=${as}`,
			"-p",
			JSON.stringify(body),
		]);
	t.match(await patch("editor", { spec: { operation: "restore" } }), { code: 1 });
	t.match(await patch("of-app", { spec: { operation: "restore" } }), { code: 0 });
	t.match((await patch("editor", { spec: { collectionId: "x" } })).stderr, refusal("spec.operation", "app"));
	t.match(await patch("editor", { metadata: { labels: { a: "b" } } }), { code: 0 }, "metadata asks nothing");
	t.match(await patch("editor", { spec: { operation: "backup" } }), { code: 0 }, "to end it takes no right");
});

t.test("turned off", async (t) => {
	const before = await session.kubectl("get validatingwebhookconfiguration backup-maker-controller -o name");
	t.equal(before.code, 0);
	await session.controller({ flags: ["--require-restore-right=false"] });
	t.match(await dryRun("editor", restore("there", "app")), { code: 0 });
});
