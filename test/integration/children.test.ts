// Children converge by the same path whatever happened to them: edited, deleted, taken by somebody else, no longer wanted.
import t from "tap";
import { type Session, startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { manifest, namespace, PREREQUISITES, scheduledBackup, secret } from "./support/objects.ts";
import { endPod } from "./support/run.ts";
import { awaitEvent } from "./support/status.ts";

const session: Session = await startSession(t);
await session.controller();
await session.apply(PREREQUISITES);

const ready = async (name: string, space = "default"): Promise<void> => {
	const { code, stderr } = await session.kubectl(
		`wait --for=condition=Ready scheduledbackup/${name} -n ${space} --timeout=60s`,
	);
	if (code !== 0) throw new Error(stderr);
};

const condition = async (name: string, type: string) => {
	const object = await session.json(`get scheduledbackup ${name}`);
	return object.status.conditions.find((each: { type: string }) => each.type === type);
};

const scripts = async (name: string) =>
	(await session.json(`get configmaps -l riotkit.org/scheduled-backup=${name}`)).items as {
		metadata: { name: string; uid: string };
		data: Record<string, string>;
	}[];

t.test("every child that is deleted comes back the same", async (t) => {
	await session.apply(
		manifest(scheduledBackup("deleted", { vars: "Params: {host: h}\nHelmValues: {env: {MODE: fast}}\n" })),
	);
	await ready("deleted");
	const before = await scripts("deleted");
	t.equal(before.length, 2, "one script for each operation");
	const children = [
		...before.map(({ metadata }) => `configmap/${metadata.name}`),
		"cronjob/deleted",
		"secret/deleted-env",
	];
	for (const child of children) {
		const old = await session.json(`get ${child}`);
		await session.kubectl(`delete ${child} --wait=false`);
		const again = await eventually(
			async () => {
				const found = await session.json(`get ${child}`);
				return found !== undefined && found.metadata.uid !== old.metadata.uid && found;
			},
			{ what: `${child} is made again` },
		);
		t.same([again.data, again.spec], [old.data, old.spec], child);
	}
});

t.test("edits of a child are undone", async (t) => {
	await session.apply(
		manifest(scheduledBackup("edited", { vars: "Params: {host: h}\nHelmValues: {env: {MODE: fast}}\n" })),
	);
	await ready("edited");
	const edits: [string, object, (object: Awaited<ReturnType<Session["json"]>>) => unknown, unknown][] = [
		["cronjob/edited", { spec: { suspend: true } }, (cronJob) => cronJob["spec"].suspend, false],
		["cronjob/edited", { spec: { schedule: "1 1 1 1 *" } }, (cronJob) => cronJob["spec"].schedule, "0 2 * * *"],
		[
			"cronjob/edited",
			{ spec: { concurrencyPolicy: "Allow" } },
			(cronJob) => cronJob["spec"].concurrencyPolicy,
			"Forbid",
		],
		[
			"cronjob/edited",
			{ metadata: { labels: { "riotkit.org/scheduled-backup": "x" } } },
			(cronJob) => cronJob["metadata"].labels["riotkit.org/scheduled-backup"],
			"edited",
		],
		[
			"secret/edited-env",
			{ stringData: { MODE: "slow" } },
			(found) => found["data"].MODE,
			Buffer.from("fast").toString("base64"),
		],
	];
	for (const [child, body, read, wanted] of edits) {
		const patch = await session.kubectl(["patch", ...child.split("/"), "--type=merge", "-p", JSON.stringify(body)]);
		t.equal(patch.code, 0, patch.stderr);
		await eventually(async () => read(await session.json(`get ${child}`)) === wanted, {
			what: `${child} is as it was after ${JSON.stringify(body)}`,
		});
	}
	const [script] = await scripts("edited");
	const refused = await session.kubectl([
		"patch",
		"configmap",
		script?.metadata.name ?? "",
		"--type=merge",
		"-p",
		'{"data":{"backup.sh":"evil"}}',
	]);
	t.match(refused.stderr, /immutable/, "a script cannot be edited at all");
});

t.test("an object of somebody else is never touched", async (t) => {
	const foreign = {
		apiVersion: "v1",
		kind: "Secret",
		metadata: { name: "taken-env", namespace: "default" },
		stringData: { theirs: "yes" },
	};
	await session.apply(manifest(foreign));
	const before = await session.json("get secret taken-env");
	await session.apply(
		manifest(scheduledBackup("taken", { vars: "Params: {host: h}\nHelmValues: {env: {MODE: fast}}\n" })),
	);
	const conflict = await eventually(
		async () => {
			const found = await condition("taken", "Ready");
			return found?.status === "False" && found.reason === "Conflict" && found;
		},
		{ what: "the conflict shows" },
	);
	t.match(conflict.message, /Secret "taken-env"/);
	t.same(await session.json("get secret taken-env"), before, "untouched");
	t.ok(await awaitEvent(session, { namespace: "default", name: "taken" }, "Conflict"), "an event tells it");
	await session.kubectl("delete secret taken-env");
	await ready("taken");
});

t.test("a schedule that is switched off: suspended at once, deleted when its run has ended", async (t) => {
	await session.apply(manifest(scheduledBackup("off")));
	await ready("off");
	const run = await session.kubectl("create job off-run --from=cronjob/off");
	t.equal(run.code, 0, run.stderr);
	await endOwned("off", "off-run");
	await session.apply(manifest(scheduledBackup("off", { cronJob: { enabled: false } })));
	await eventually(async () => (await session.json("get cronjob off"))?.spec.suspend === true, {
		what: "the CronJob is suspended while its run is active",
	});
	await endPod(session, "default", "off-run", 0);
	await eventually(async () => (await session.json("get cronjob off")) === undefined, {
		what: "the CronJob is deleted once idle",
	});
	t.equal((await scripts("off")).length, 2, "the scripts stay, for requested actions");
	await session.apply(manifest(scheduledBackup("off")));
	await eventually(async () => (await session.json("get cronjob off"))?.spec.suspend === false, {
		what: "it is back when it is switched on",
	});
});

/** `kubectl create job --from` names the CronJob in an annotation and owns it: that makes it an active run. */
const endOwned = async (cronJob: string, job: string): Promise<void> => {
	await eventually(
		async () => {
			const found = await session.json(`get job ${job}`);
			const [owner] = found.metadata.ownerReferences ?? [];
			return owner?.kind === "CronJob" && owner.name === cronJob;
		},
		{ what: `${job} belongs to CronJob ${cronJob}` },
	);
};

for (const cascade of ["background", "foreground", "orphan"]) {
	t.test(`deleted (${cascade}) and created again under the same name`, async (t) => {
		const name = `again-${cascade}`;
		await session.apply(manifest(scheduledBackup(name)));
		await ready(name);
		const first = await session.json(`get cronjob ${name}`);
		const deleted = await session.kubectl(`delete scheduledbackup ${name} --cascade=${cascade}`);
		t.equal(deleted.code, 0, deleted.stderr);
		await session.apply(manifest(scheduledBackup(name)));
		if (cascade === "orphan") {
			const found = await eventually(
				async () => {
					const now = await condition(name, "Ready");
					return now?.status === "False" && now;
				},
				{ what: "children that belong to nobody are a conflict" },
			);
			t.equal(found.reason, "Conflict");
			await session.kubectl(`delete cronjob,configmap -l riotkit.org/scheduled-backup=${name}`);
		}
		await ready(name);
		const second = await session.json(`get cronjob ${name}`);
		t.not(second.metadata.uid, first.metadata.uid, "a CronJob of its own");
		t.equal(second.metadata.ownerReferences[0].uid, (await session.json(`get scheduledbackup ${name}`)).metadata.uid);
	});
}

t.test("a namespace with everything in it can be deleted", async (t) => {
	await session.apply(
		manifest(
			namespace("goes"),
			{ ...secret("vars", { "Params.password": "x" }), metadata: { name: "vars", namespace: "goes" } },
			scheduledBackup("app", {}, { namespace: "goes" }),
		),
	);
	await ready("app", "goes");
	const { code, stderr } = await session.kubectl("delete namespace goes --timeout=60s");
	t.equal(code, 0, stderr);
});
