// What is read for a RequestedBackupAction.
import t from "tap";
import { gatherRequestedBackupAction } from "../../src/gather/requestedbackupaction.ts";
import { plainBackup, seedAction, template } from "../fixtures/seed.ts";
import { worldOf } from "./world.ts";

t.test("its ScheduledBackup, and that one's template", async (t) => {
	const world = worldOf({ scheduledBackup: plainBackup(), template: template("echo"), labels: { a: "b" } });
	const facts = await gatherRequestedBackupAction(world, seedAction());
	t.match(facts, { scheduledBackup: { metadata: { name: "app1" } }, template: { metadata: { name: "plain" } } });
	t.same(facts.namespaceLabels, { a: "b" });
	t.same(world.reads, ["ScheduledBackup default/app1", "Namespace default", "template plain"]);
});

t.test("a dangling reference", async (t) => {
	const facts = await gatherRequestedBackupAction(worldOf({}), seedAction());
	t.same(facts, { scheduledBackup: undefined, template: undefined, namespaceLabels: {}, denied: [] });
});

t.test("objects of any shape", async (t) => {
	for (const odd of [
		{},
		{ spec: { scheduledBackupRef: { name: 5 } } },
		{ metadata: {}, spec: { scheduledBackupRef: { name: "" } } },
	]) {
		const world = worldOf({ scheduledBackup: plainBackup() });
		const facts = await gatherRequestedBackupAction(world, odd as never);
		t.equal(facts.scheduledBackup, undefined);
		t.same(world.reads, ["Namespace "]);
	}
});
