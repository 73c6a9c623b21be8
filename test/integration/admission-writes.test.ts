// What admission fills in, what it never stands in the way of, and what it says when something is deleted.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import {
	action,
	type Fields,
	manifest,
	namespace,
	PREREQUISITES,
	scheduledBackup,
	secret,
	template,
} from "./support/objects.ts";
import { awaitReady, merge, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();
await session.apply(PREREQUISITES);

const NO_ENCRYPTION = "Warning: spec.gpgKeySecretRef is not set: backups are not encrypted\n";
const dryRun = async (object: object): Promise<Fields> =>
	JSON.parse(await mustKubectl(session, "create --dry-run=server -o json -f -", manifest(object))) as Fields;

t.test("defaults", async (t) => {
	const backup = scheduledBackup("defaults", {
		cronJob: {},
		gpgKeySecretRef: { secretName: "new", email: "a@example.org", createIfNotExists: true },
		tokenSecretRef: undefined,
	});
	const { spec, status } = await dryRun(backup);
	t.strictSame(spec, {
		operation: "backup",
		cronJob: {
			enabled: true,
			scheduleEvery: "00 02 * * *",
			timeZone: "Etc/UTC",
			suspend: false,
			concurrencyPolicy: "Forbid",
			successfulJobsHistoryLimit: 3,
			failedJobsHistoryLimit: 1,
		},
		collectionId: "collection-1",
		gpgKeySecretRef: {
			secretName: "new",
			email: "a@example.org",
			createIfNotExists: true,
			privateKey: "key",
			publicKey: "key.pub",
			passphraseKey: "passphrase",
		},
		templateRef: { kind: "ClusterBackupProcedureTemplate", name: "simple" },
		vars: backup.spec["vars"],
		varsSecretRef: backup.spec["varsSecretRef"],
	});
	t.strictSame(status, { observedGeneration: -1 }, "nobody takes it for reconciled before it is");
	const token = await dryRun(
		scheduledBackup("defaults", { cronJob: undefined, varsSecretRef: { secretName: "vars" } }),
	);
	t.notOk("cronJob" in (token["spec"] as Fields), "no schedule is made up");
});

t.test("defaults of actions and templates", async (t) => {
	await session.apply(manifest(scheduledBackup("acted")));
	t.match((await dryRun(action("a", "acted")))["spec"], { kindType: "Job", targetVersion: undefined });
	t.match((await dryRun(action("a", "acted", { action: "restore" })))["spec"], { targetVersion: "latest" });
	t.match((await dryRun(action("a", "acted", { action: "restore", targetVersion: "v7" })))["spec"], {
		targetVersion: "v7",
	});
	t.match((await dryRun(template("another")))["spec"], { templateLanguage: "GoTemplate" });
});

/** A ScheduledBackup that was valid once, and whose Secret is gone. */
const broken = async (name: string, metadata: Fields = {}): Promise<void> => {
	await session.apply(manifest(secret(`vars-of-${name}`, { "Params.password": "x" })));
	const spec = { varsSecretRef: { secretName: `vars-of-${name}`, importOnlyKeys: ["Params.password"] } };
	await session.apply(manifest(scheduledBackup(name, spec, metadata)));
	await mustKubectl(session, `delete secret vars-of-${name}`);
};

const invalid = (name: string): string =>
	`The ScheduledBackup "${name}" is invalid: \n* spec.varsSecretRef.secretName: Secret "vars-of-${name}" does not exist\n* spec.vars: template: simple:1:41: executing "simple" at <.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "simple", backup script)\n`;

t.test("what changes only metadata passes, also where the object is not valid any more", async (t) => {
	await broken("metadata");
	const fine = { code: 0, stderr: "" };
	for (const args of [
		"annotate scheduledbackup metadata note=x",
		"label scheduledbackup metadata team=x",
		"annotate scheduledbackup metadata note-",
	]) {
		const { code, stderr } = await session.kubectl(args);
		t.strictSame({ code, stderr }, fine, args);
	}
	const patch = ["patch", "scheduledbackup", "metadata", "--type=merge", "-p"];
	const finalizers = await session.kubectl([...patch, '{"metadata":{"finalizers":["example.org/keep"]}}']);
	t.strictSame({ code: finalizers.code, stderr: finalizers.stderr }, fine);
	const spec = await session.kubectl([...patch, '{"spec":{"collectionId":"other"}}']);
	t.strictSame({ code: spec.code, stderr: spec.stderr }, { code: 1, stderr: `${NO_ENCRYPTION}${invalid("metadata")}` });
});

t.test("an object that is being deleted may be changed in any way, and go", async (t) => {
	await broken("leaving", { finalizers: ["example.org/keep"] });
	await mustKubectl(session, "delete scheduledbackup leaving --wait=false");
	const named = { namespace: "default", name: "leaving" };
	await merge(session, "scheduledbackup", named, { spec: { collectionId: "other" } });
	t.equal((await session.json("get scheduledbackup leaving")).spec.collectionId, "other");
	await merge(session, "scheduledbackup", named, { metadata: { finalizers: null } });
	await eventually(async () => (await session.json("get scheduledbackup leaving")) === undefined, {
		what: "it is gone",
	});
});

t.test("an action cannot be changed, but annotated and deleted", async (t) => {
	await session.apply(manifest(scheduledBackup("once"), action("once", "once")));
	const patch = ["patch", "requestedbackupaction", "once", "--type=merge", "-p"];
	const { code, stderr } = await session.kubectl([...patch, '{"spec":{"action":"restore"}}']);
	t.equal(code, 1);
	t.equal(
		stderr,
		'The RequestedBackupAction "once" is invalid: spec: Forbidden: an action cannot be changed, since it runs once; create a new RequestedBackupAction instead\n',
	);
	await mustKubectl(session, "annotate requestedbackupaction once note=x");
});

t.test("deleting a ScheduledBackup whose action runs is warned of", async (t) => {
	await session.apply(manifest(scheduledBackup("busy")));
	await awaitReady(session, { namespace: "default", name: "busy" });
	const quiet = await session.kubectl("delete scheduledbackup busy --dry-run=server");
	t.strictSame({ code: quiet.code, stderr: quiet.stderr }, { code: 0, stderr: "" });
	await session.apply(manifest(action("now", "busy"), action("later", "busy", { action: "restore" })));
	// Admission knows of an action when the controller has seen it.
	const areSeen = async (): Promise<boolean> => {
		const found = await Promise.all(["now", "later"].map((name) => session.json(`get rba ${name}`)));
		return found.every(({ status }) => status?.phase !== undefined);
	};
	await eventually(areSeen, { what: "the controller has seen both" });
	for (const how of ["--dry-run=server", "--wait=false"]) {
		const { code, stderr } = await session.kubectl(`delete scheduledbackup busy ${how}`);
		t.equal(code, 0);
		t.equal(stderr, "Warning: unfinished RequestedBackupActions (2): later, now\n");
	}
});

t.test("a dry run makes nothing, of what is accepted and of what is not", async (t) => {
	await session.apply(manifest(namespace("dry"), secret("vars", { "Params.password": "x" }, { namespace: "dry" })));
	const before = await mustKubectl(session, "get secrets,configmaps,cronjobs,bmsb,rba,events -n dry -o name");
	const made = { gpgKeySecretRef: { secretName: "new", email: "a@example.org", createIfNotExists: true } };
	const accepted = manifest(scheduledBackup("app", made, { namespace: "dry" }));
	t.equal(
		await mustKubectl(session, "apply --dry-run=server -f -", accepted),
		"scheduledbackup.riotkit.org/app created (server dry run)\n",
	);
	const refused = await session.kubectl(
		"apply --dry-run=server -f -",
		manifest(scheduledBackup("app", { ...made, templateRef: { name: "nosuch" } }, { namespace: "dry" })),
	);
	t.equal(
		refused.stderr,
		'The ScheduledBackup "app" is invalid: spec.templateRef.name: ClusterBackupProcedureTemplate "nosuch" does not exist\n',
	);
	t.equal(await mustKubectl(session, "get secrets,configmaps,cronjobs,bmsb,rba,events -n dry -o name"), before);
});
