// Faults 1 and 2 of the original Go controller, by name: what it did to a user's GPG Secret must be impossible here.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { ENCRYPTING_TEMPLATE, encryptedBackup, namespaceWithVars } from "./support/keys.ts";
import { manifest } from "./support/objects.ts";
import { awaitCondition, awaitReady, merge, mustKubectl, namesOf, readSecret } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();
await session.apply(ENCRYPTING_TEMPLATE);

const MANAGED = "riotkit.org/scheduled-backup=app";
const app = (at: string) => ({ namespace: at, name: "app" });

t.test("fault 2: a GPG Secret that lacks one key is regenerated whole, its private key overwritten", async (t) => {
	await session.apply(`${namespaceWithVars("f2")}---\n${manifest(encryptedBackup("app", "f2"))}`);
	await awaitReady(session, app("f2"));
	const keys = { namespace: "f2", name: "keys" };
	const before = await readSecret(session, keys);
	t.same([...(before?.keys() ?? [])].toSorted(), ["key", "key.pub", "passphrase"]);
	for (const lacking of ["key.pub", "passphrase"]) {
		await merge(session, "secret", keys, { data: { [lacking]: null } });
		await awaitCondition(session, app("f2"), { type: "KeysUsable", status: "False" });
		t.same((await readSecret(session, keys))?.get("key"), before?.get("key"), `without ${lacking}`);
		t.equal((await readSecret(session, keys))?.has(lacking), false);
		await merge(session, "secret", keys, { data: { [lacking]: before?.get(lacking)?.toString("base64") } });
		await awaitReady(session, app("f2"));
	}
});

t.test("fault 1: the GPG Secret is owned by the ScheduledBackup: deleting the object deletes the key", async (t) => {
	const before = await readSecret(session, { namespace: "f2", name: "keys" });
	t.equal((await session.json("get secret -n f2 keys")).metadata.ownerReferences, undefined);
	await mustKubectl(session, "delete scheduledbackup -n f2 app --cascade=foreground");
	await eventually(async () => (await namesOf(session, "configmaps,cronjobs", "f2", MANAGED)).length === 0, {
		timeout: 60,
		what: "garbage is collected",
	});
	t.same(await readSecret(session, { namespace: "f2", name: "keys" }), before);
});
