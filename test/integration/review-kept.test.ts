// What a run still needs stays, and is not taken away to be made again.
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { manifest, scheduledBackup } from "./support/objects.ts";
import { endRun, podOfAction } from "./support/runs.ts";
import { awaitReady, mustKubectl, namesOf } from "./support/status.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;

await t.test("the environment Secret stays until the last Job that names it has ended", async (t) => {
	const app = { namespace: "env", name: "app" };
	const vars = "Params: {host: a}\nRepository: {url: https://b}\n";
	await world.withBackup("env", { vars: `${vars}HelmValues: {env: {PGPORT: '5432'}}\n` });
	await world.request("env", "b1");
	await podOfAction(world, "env", "b1");
	await session.apply(manifest(scheduledBackup("app", { vars }, { namespace: "env" })));
	await awaitReady(session, app);
	t.strictSame(await namesOf(session, "secrets", "env"), ["app-env", "vars"]);
	await endRun(world, "env", "b1", 0);
	await eventually(async () => (await namesOf(session, "secrets", "env")).join() === "vars", { what: "it is gone" });
});

await t.test("a script that lost a label keeps its UID", async (t) => {
	await world.withBackup("label");
	const selector = "-n label -l riotkit.org/scheduled-backup=app";
	const uids = async () =>
		((await session.json(`get configmaps ${selector}`)).items as { metadata: { uid: string } }[])
			.map(({ metadata }) => metadata.uid)
			.sort();
	const before = await uids();
	await mustKubectl(session, `label configmaps ${selector} app.kubernetes.io/name-`);
	await eventually(
		async () => (await namesOf(session, "configmaps", "label", "app.kubernetes.io/name=backup-maker")).length === 2,
		{
			what: "the labels are back",
		},
	);
	t.strictSame(await uids(), before);
});
