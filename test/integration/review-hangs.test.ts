// A restore that hangs stops all backups, so the ScheduledBackup says so, and whose restore it is.
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { podOfAction, runningStatus, setStatus, waitingStatus } from "./support/runs.ts";
import { awaitCondition, conditionIn, readBackup } from "./support/status.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;

await t.test("a hanging restore makes the ScheduledBackup unhealthy until it goes on", async (t) => {
	const app = { namespace: "hangs", name: "app" };
	await world.withBackup("hangs");
	await world.request("hangs", "r1", { action: "restore" });
	const pod = await podOfAction(world, "hangs", "r1");
	await setStatus(world, pod, waitingStatus("ImagePullBackOff", "not found"));
	const hanging = await awaitCondition(session, app, {
		type: "LastRunSucceeded",
		status: "False",
		reason: "ImagePullBackOff",
	});
	t.equal(hanging.status?.healthy, false);
	t.match(
		conditionIn(hanging, "LastRunSucceeded")?.message,
		/^A restore hangs \(RequestedBackupAction "r1", since \S+Z\): Pod "\S+" of Job "\S+" does not start .* No scheduled run starts until it ends\.$/,
	);
	await setStatus(world, pod, runningStatus());
	await eventually(async () => (await readBackup(session, app))?.status?.healthy === true, {
		what: "it is healthy again",
	});
});
