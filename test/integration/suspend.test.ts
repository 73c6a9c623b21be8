// Somebody on call must be able to stop a schedule whatever else is wrong with the object, and without its author's rights;
// to let it run again is a change like any other.
import t, { type Test } from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { EMAIL, ENCRYPTING_TEMPLATE, encryptedBackup, namespaceWithVars } from "./support/keys.ts";
import { manifest, scheduledBackup, template } from "./support/objects.ts";
import { awaitCondition, awaitReady, merge, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();

const RBAC = "rbac.authorization.k8s.io";
await session.apply(
	manifest(
		template("simple"),
		{
			apiVersion: `${RBAC}/v1`,
			kind: "ClusterRole",
			metadata: { name: "on-call" },
			rules: [{ apiGroups: ["riotkit.org"], resources: ["scheduledbackups"], verbs: ["get", "patch"] }],
		},
		{
			apiVersion: `${RBAC}/v1`,
			kind: "ClusterRoleBinding",
			metadata: { name: "on-call" },
			roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "on-call" },
			subjects: [{ apiGroup: RBAC, kind: "User", name: "on-call" }],
		},
	),
);
await session.apply(ENCRYPTING_TEMPLATE);

const patched = "scheduledbackup.riotkit.org/app patched\n";
const said = (reason: string) =>
	`Warning: nothing but the schedule was looked at; the object was not ready before (${reason})\n`;

/** A change of `spec`, by somebody who may patch ScheduledBackups and read no Secret. */
const onCall = (namespace: string, spec: object) =>
	session.kubectl([
		...["patch", "scheduledbackup", "-n", namespace, "app", "--type=merge", "--as=on-call"],
		...["-p", JSON.stringify({ spec })],
	]);

const awaitSuspended = (namespace: string) =>
	eventually(async () => (await session.json(`get cronjob -n ${namespace} app`))?.spec.suspend === true, {
		what: `CronJob ${namespace}/app is suspended`,
	});

const isRefused = async (t: Test, namespace: string, spec: object, wanted: RegExp): Promise<void> => {
	const { code, stderr } = await onCall(namespace, spec);
	t.equal(code, 1);
	t.match(stderr, wanted);
};

const NO_RIGHT = (name: string): RegExp => new RegExp(`you are not allowed to read Secret "${name}"`);

t.test("an object whose key is lost", async (t) => {
	const named = { namespace: "lost", name: "app" };
	await session.apply(namespaceWithVars("lost"));
	await session.apply(manifest(encryptedBackup("app", "lost", { email: EMAIL })));
	await awaitReady(session, named);
	const gone = { key: null, "key.pub": null, passphrase: null };
	await merge(session, "secret", { namespace: "lost", name: "keys" }, { data: gone });
	await awaitCondition(session, named, { type: "Ready", status: "False", reason: "KeysLost" });

	await isRefused(t, "lost", { cronJob: { scheduleEvery: "0 3 * * *", suspend: true } }, NO_RIGHT("keys"));
	t.strictSame(await onCall("lost", { cronJob: { suspend: true } }), {
		code: 0,
		stdout: patched,
		stderr: said("KeysLost"),
	});
	await awaitSuspended("lost");
	await awaitCondition(session, named, { type: "Ready", status: "False", reason: "KeysLost" });

	await isRefused(t, "lost", { cronJob: { suspend: false } }, NO_RIGHT("keys"));
	const unsuspend = JSON.stringify({ spec: { cronJob: { suspend: false } } });
	const byAdmin = await session.kubectl(`patch scheduledbackup -n lost app --type=merge -p ${unsuspend}`);
	t.equal(byAdmin.code, 1, "not with all rights either, while the key is lost");
	t.match(byAdmin.stderr, /is no longer in Secret "keys"/);
	t.equal((await session.json("get cronjob -n lost app")).spec.suspend, true);
});

t.test("an object whose Secret is missing: suspended, then without a schedule", async (t) => {
	const named = { namespace: "missing", name: "app" };
	await session.apply(namespaceWithVars("missing"));
	await session.apply(manifest(scheduledBackup("app", {}, { namespace: "missing" })));
	await awaitReady(session, named);
	await mustKubectl(session, "delete secret -n missing vars");
	await awaitCondition(session, named, { type: "Ready", status: "False", reason: "WaitingForReferences" });

	t.strictSame(await onCall("missing", { cronJob: { suspend: true } }), {
		code: 0,
		stdout: patched,
		stderr: said("WaitingForReferences"),
	});
	await awaitSuspended("missing");
	await isRefused(t, "missing", { cronJob: { suspend: false } }, NO_RIGHT("vars"));

	t.equal((await onCall("missing", { cronJob: { enabled: false } })).code, 0);
	await eventually(async () => (await session.json("get cronjob -n missing app")) === undefined, {
		what: "CronJob missing/app is gone",
	});
	t.equal((await onCall("missing", { cronJob: null })).code, 0);
	await isRefused(t, "missing", { cronJob: { scheduleEvery: "0 2 * * *", suspend: true } }, NO_RIGHT("vars"));
});

t.test("a good one, by the same user", async (t) => {
	await session.apply(namespaceWithVars("good"));
	await session.apply(manifest(scheduledBackup("app", {}, { namespace: "good" })));
	await awaitReady(session, { namespace: "good", name: "app" });
	t.strictSame(await onCall("good", { cronJob: { suspend: true } }), { code: 0, stdout: patched, stderr: "" });
	await awaitSuspended("good");
	await isRefused(t, "good", { cronJob: { suspend: false } }, NO_RIGHT("vars"));
});
