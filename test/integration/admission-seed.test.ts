// The manifests of the original controller's README work unchanged, and what its FAQ is about is told by kubectl apply.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { fixture } from "../fixtures/seed.ts";
import { awaitReady, mustKubectl, namesOf, readSecret } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();
await session.apply(fixture("seed-template.yaml"));

const APP = { namespace: "default", name: "app1" };
const BACKUP = fixture("seed/scheduledbackup.yaml");
const withoutLiteralPassword = BACKUP.replace(/^ +password: "putinchuj".*\n/m, "");

const secretWithout = (line: string): string =>
	fixture("seed-secret.yaml")
		.split("\n")
		.filter((text) => !text.includes(line))
		.join("\n");

t.test("a Secret that lacks the password, and no literal one", async (t) => {
	await session.apply(secretWithout("Params.password"));
	const { code, stdout, stderr } = await session.kubectl("apply -f -", withoutLiteralPassword);
	t.strictSame(
		{ code, stdout, stderr: stderr.replace(/^Warning: .*\n/gm, "") },
		{
			code: 1,
			stdout: "",
			stderr: [
				'The ScheduledBackup "app1" is invalid: ',
				'* spec.varsSecretRef.importOnlyKeys[0]: Secret "backup-keys" has no key "Params.password"',
				'* spec.vars: template: pg13:7:46: executing "pg13" at <.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "pg13", backup script)',
				"",
			].join("\n"),
		},
	);
});

t.test("the ScheduledBackup of the README, unchanged", async (t) => {
	await session.apply(fixture("seed-secret.yaml"));
	t.strictSame(await session.kubectl("apply -f -", BACKUP), {
		code: 0,
		stdout: "scheduledbackup.riotkit.org/app1 created\n",
		stderr: [
			"Warning: Params.password is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
			"Warning: Repository.token is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
			"Warning: Repository.passphrase is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
			'Warning: Repository.collectionId "iwa-ait" in vars differs from spec.collectionId, and wins',
			"",
		].join("\n"),
	});
	const { status } = await awaitReady(session, APP);
	t.match(
		status?.conditions?.map(({ type, status }) => `${type}=${status}`),
		[
			"Ready=True",
			"Reconciling=False",
			"Stalled=False",
			"KeysUsable=True",
			/^LastRunSucceeded=/,
			"BackupObjectsInstallation=True",
		],
	);
	const data = await readSecret(session, { namespace: "default", name: "backup-keys" });
	t.strictSame([...(data?.keys() ?? [])].sort(), ["Params.password", "passphrase", "private", "public", "token"]);
	t.equal(data?.get("passphrase")?.toString(), "riotkit", "the key is locked with the passphrase that the pod gets");
	t.match(data?.get("public")?.toString(), /^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
	const table = await mustKubectl(session, "get bmsb");
	t.match(
		table,
		/^NAME +READY +SCHEDULE +OPERATION +LAST SUCCESS +NEXT +AGE\napp1 +True +00 02 \* \* \* +backup +\S+T02:00:00Z +\d+s\n$/,
	);
	t.match(await mustKubectl(session, "get cronjob app1"), /^app1 +00 02 \* \* \* +Etc\/UTC +False/m);
});

t.test("applied again it is as it was", async (t) => {
	const { stdout, stderr } = await session.kubectl("apply -f -", BACKUP);
	t.strictSame({ stdout, stderr }, { stdout: "scheduledbackup.riotkit.org/app1 unchanged\n", stderr: "" });
});

t.test("the RequestedBackupAction of the README, unchanged", async (t) => {
	const action = fixture("seed/requestedbackupaction.yaml");
	const { code, stdout, stderr } = await session.kubectl("create -f -", action);
	t.strictSame({ code, stderr }, { code: 0, stderr: "" });
	t.match(stdout, /^requestedbackupaction\.riotkit\.org\/app1-backup-\w{5} created\n$/);
	const name = stdout.split("/")[1]?.split(" ")[0] ?? "";
	const jobs = await eventually(
		async () => {
			const found = await namesOf(session, "jobs", "default");
			return found.length > 0 && found;
		},
		{ what: "the action has a Job" },
	);
	t.equal(jobs.length, 1);
	t.match(jobs[0], new RegExp(`^${name}-`));
	await eventually(async () => (await session.json(`get rba ${name}`)).status?.phase === "Running", {
		what: "it runs",
	});
	t.match(
		await mustKubectl(session, "get rba"),
		new RegExp(`^NAME +ACTION +TARGET +PHASE +AGE\n${name} +backup +Running`),
	);
});
