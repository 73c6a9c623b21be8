// What the API server refuses, and what is done while a write of the status fails, reaches the user; what cannot be
// installed still obeys its schedule's switch, and old backups can be restored with a key that has expired.
import { generateKey } from "openpgp";
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { awaitCondition, awaitReady, conditionIn, mustKubectl, namesOf, readBackup } from "./support/status.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session, proxy } = world;
const HOUSEHOLD = { vars: "Params: {host: a}\nRepository: {url: https://b}\nHelmValues: {env: {PGPORT: '5432'}}\n" };

await t.test("a quota that refuses a script makes it not Ready, with one Event, until it is lifted", async (t) => {
	const app = { namespace: "quota", name: "app" };
	await session.apply(manifest(template("edited")));
	await world.withBackup("quota", { templateRef: { name: "edited" } });
	await mustKubectl(session, "create quota none -n quota --hard=count/configmaps=3");
	await eventually(async () => (await session.json("get quota none -n quota")).status?.hard !== undefined, {
		what: "the quota is counted",
	});
	await session.apply(manifest(template("edited", { backup: "echo EDITED\n", restore: "echo EDITED\n" })));
	const object = await awaitCondition(session, app, { type: "Stalled", status: "True", reason: "Refused" });
	t.match(conditionIn(object, "Stalled")?.message, /refuses to create configmaps quota\/app-\w+-\w+ \(403 Forbidden\)/);
	t.equal(object.status?.healthy, false);
	await eventually(() => world.events.list("quota").filter(({ reason }) => reason === "Refused").length === 1, {
		what: "one Event tells it",
	});
	await mustKubectl(session, "delete quota none -n quota");
	await session.kubectl("annotate scheduledbackup app -n quota look=again");
	await awaitReady(session, app);
	t.equal(world.events.list("quota").filter(({ reason }) => reason === "Refused").length, 1);
});

await t.test("a new one that is refused says so", async (t) => {
	const app = { namespace: "quota", name: "other" };
	await mustKubectl(session, "create quota none -n quota --hard=count/cronjobs.batch=1");
	await eventually(async () => (await session.json("get quota none -n quota")).status?.hard !== undefined, {
		what: "the quota is counted",
	});
	await session.apply(manifest(scheduledBackup("other", {}, { namespace: "quota" })));
	t.ok(await awaitCondition(session, app, { type: "Ready", status: "False", reason: "Refused" }));
});

await t.test("Events are told although the status meets a newer version", async (t) => {
	const inside = { namespace: "late" };
	let refused = false;
	const pass = proxy.decide;
	proxy.decide = (seen) => {
		if (refused || seen.method !== "PUT" || !seen.path.includes("/namespaces/late/scheduledbackups/app/status"))
			return pass(seen);
		refused = true;
		return { type: "answer", status: 409, body: { kind: "Status", code: 409, reason: "Conflict" } };
	};
	const gpgKeySecretRef = { secretName: "gpg", email: "a@example.org", createIfNotExists: true };
	await session.apply(
		manifest(
			namespace("late"),
			secret("vars", { "Params.password": "x" }, inside),
			scheduledBackup("app", { gpgKeySecretRef }, inside),
		),
	);
	await awaitReady(session, { ...inside, name: "app" });
	proxy.decide = pass;
	t.ok(refused);
	const reasons = () =>
		world.events
			.list("late")
			.flatMap(({ involvedObject, reason }) => (involvedObject.kind === "ScheduledBackup" ? [`${reason}`] : []));
	await eventually(() => reasons().includes("KeyGenerated") && reasons().includes("Created"), {
		what: "both are told",
	});
	t.strictSame(reasons().sort(), ["Created", "KeyGenerated"]);
});

await t.test("a name conflict does not keep a schedule from being suspended", async (t) => {
	const inside = { namespace: "conflict" };
	await world.withBackup("conflict");
	await session.apply(manifest(secret("app-env", { A: "b" }, inside)));
	const cronJob = { scheduleEvery: "0 2 * * *", suspend: true };
	await session.apply(manifest(scheduledBackup("app", { ...HOUSEHOLD, cronJob }, inside)));
	await awaitCondition(session, { ...inside, name: "app" }, { type: "Stalled", status: "True", reason: "Conflict" });
	await eventually(() => world.cronJobs.get("conflict", "app")?.spec?.suspend === true, { what: "it is suspended" });
	t.equal(world.cronJobs.get("conflict", "app")?.spec?.suspend, true);
});

await t.test("a key's expiry shows by itself, and scripts are still made for a restore", async (t) => {
	const inside = { namespace: "expiry" };
	const app = { ...inside, name: "app" };
	const { privateKey, publicKey } = await generateKey({
		type: "ecc",
		curve: "curve25519Legacy",
		userIDs: [{ name: "x", email: "a@example.org" }],
		passphrase: "pw",
		keyExpirationTime: 12,
		format: "armored",
		config: { v6Keys: false, aeadProtect: false },
	});
	await session.apply(
		manifest(
			namespace("expiry"),
			secret("vars", { "Params.password": "x" }, inside),
			secret("gpg", { key: privateKey, "key.pub": publicKey, passphrase: "pw" }, inside),
			scheduledBackup("app", { gpgKeySecretRef: { secretName: "gpg", email: "a@example.org" } }, inside),
		),
	);
	await awaitReady(session, app);
	await awaitCondition(session, app, { type: "KeysUsable", status: "False", reason: "KeyExpired" });
	const before = await namesOf(session, "configmaps", "expiry", "riotkit.org/scheduled-backup=app");
	await mustKubectl(session, "delete configmaps -n expiry -l riotkit.org/scheduled-backup=app");
	await eventually(
		async () => (await namesOf(session, "configmaps", "expiry", "riotkit.org/scheduled-backup=app")).length === 2,
		{ what: "the scripts are there again" },
	);
	t.strictSame(await namesOf(session, "configmaps", "expiry", "riotkit.org/scheduled-backup=app"), before);
	t.equal(conditionIn(await readBackup(session, app), "Ready")?.reason, "KeyExpired");
});
