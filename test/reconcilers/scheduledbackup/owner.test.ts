import t from "tap";
import { creatingFor, isGone } from "../../../reconcilers/scheduledbackup/owner.ts";
import type { Context } from "../../../reconcilers/shared/context.ts";
import { CONFIG_MAP, SCHEDULED_BACKUP } from "../../../src/api/kinds.ts";
import { ConflictError, NotFoundError } from "../../../src/kube/errors.ts";
import { scheduledBackup } from "../../domain/status/samples.ts";
import { createWorld } from "../world.ts";

const owner = scheduledBackup();
const child = { metadata: { namespace: "default", name: "a" } };

t.test("children are made for an owner that is there, and for no other", async (t) => {
	const world = createWorld();
	await t.rejects(creatingFor(world.kube, owner).create(CONFIG_MAP, child), NotFoundError);
	world.put(SCHEDULED_BACKUP, { ...owner, metadata: { ...owner.metadata, uid: "another" } });
	await t.rejects(creatingFor(world.kube, owner).create(CONFIG_MAP, child), NotFoundError);
	world.put(SCHEDULED_BACKUP, owner);
	await creatingFor(world.kube, owner).create(CONFIG_MAP, child);
	t.strictSame(world.writes, ["create configmaps a"]);
});

t.test("an object that is gone is put out of sight", async (t) => {
	const world = createWorld();
	const gone: object[] = [];
	const watches = { scheduledBackups: { gone: (object: object) => gone.push(object) } };
	const context = { kube: world.kube, watches } as unknown as Context;
	const missing = new NotFoundError("x", { operation: "x" });
	t.equal(await isGone(context, owner, new ConflictError("x", { operation: "x" })), false);
	t.strictSame(gone, []);
	t.equal(await isGone(context, owner, missing), true);
	t.strictSame(gone, [owner]);
	world.put(SCHEDULED_BACKUP, owner);
	t.equal(await isGone(context, owner, missing), false, "something else is missing");
});
