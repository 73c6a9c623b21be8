// An action that can never run ends, with a reason, and holds up no other: of all that waits behind it, one may be a restore.
import t from "tap";
import { EMAIL, ENCRYPTING_TEMPLATE, encryptedBackup, expiredKey, namespaceWithVars } from "./support/keys.ts";
import { manifest, secret, template } from "./support/objects.ts";
import { endRun, said } from "./support/runs.ts";
import { awaitCondition, conditionIn, merge } from "./support/status.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;

await t.test("a key that expired makes no backup; the restore behind it runs", async (t) => {
	const space = "expired";
	const inside = { namespace: space };
	const { privateKey, publicKey } = await expiredKey(EMAIL, "passphrase");
	const keys = secret("keys", { key: privateKey, "key.pub": publicKey, passphrase: "passphrase" }, inside);
	const cronJob = { scheduleEvery: "0 2 * * *", concurrencyPolicy: "Forbid" };
	const app = encryptedBackup("app", space, {}, { operation: "restore", cronJob });
	await session.apply(ENCRYPTING_TEMPLATE);
	await session.apply(namespaceWithVars(space));
	await session.apply(manifest(keys, app));
	await world.untilReady(space, "app");
	const keysUsable = { type: "KeysUsable", status: "False", reason: "KeyExpired" };
	const stored = await awaitCondition(session, { ...inside, name: "app" }, keysUsable);
	t.match(conditionIn(stored, "KeysUsable")?.message, /^Key [0-9A-F]{40} expired at .* can still be restored$/);
	await world.request(space, "backup");
	await world.request(space, "restore", { action: "restore" });
	const failed = await world.untilPhase(space, "backup", "Failed");
	t.match(said(failed), /^Failed KeyExpired: spec.gpgKeySecretRef.publicKey: key "key.pub" .* cannot encrypt/);
	t.match(failed.status, { healthy: false, processed: false });
	await world.untilPhase(space, "restore", "Running");
	await endRun(world, space, "restore", 0);
	await world.untilPhase(space, "restore", "Succeeded");
	t.equal(world.jobs.ever(space).length, 1, "no Job was made for the backup");
});

await t.test("a script that came to nothing while its action waited", async (t) => {
	const space = "nothing";
	await session.apply(manifest(template("changing")));
	await world.withBackup(space, { templateRef: { name: "changing" } });
	for (const [name, action] of Object.entries({ first: "backup", second: "restore", third: "backup" })) {
		await world.request(space, name, { action });
		await world.until(space, name, "is seen", ({ status }) => status?.phase !== undefined);
	}
	await world.untilPhase(space, "first", "Running");
	await merge(
		session,
		"clusterbackupproceduretemplate",
		{ namespace: space, name: "changing" },
		{
			spec: { restore: "{{ if false }}echo{{ end }}" },
		},
	);
	await endRun(world, space, "first", 0);
	const failed = await world.untilPhase(space, "second", "Failed");
	t.match(said(failed), /^Failed Invalid: spec.action: the restore script of .*"changing" does nothing/);
	await world.untilPhase(space, "third", "Running");
});

await t.test("what waits because nothing can run does not look healthy", async (t) => {
	const space = "waiting";
	await world.withBackup(space);
	await session.kubectl(`delete secret vars -n ${space}`);
	const app = { namespace: space, name: "app" };
	await awaitCondition(session, app, { type: "Ready", status: "False", reason: "WaitingForReferences" });
	for (const name of ["one", "two"]) {
		await world.request(space, name, { action: "restore" });
		await world.until(space, name, "is seen", ({ status }) => status?.phase !== undefined);
	}
	const of = (name: string) => world.actions.get(space, name)?.status;
	t.match(of("one"), { phase: "Pending", healthy: false, message: /is not Ready \(WaitingForReferences\)/ });
	t.match(of("two"), { phase: "Pending", healthy: false });
	await session.apply(manifest(secret("vars", { "Params.password": "not-a-real-password" }, { namespace: space })));
	await world.untilPhase(space, "one", "Running");
	t.match(of("one"), { healthy: true });
});
