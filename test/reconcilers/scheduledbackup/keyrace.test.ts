import t from "tap";
import { createKeys } from "../../../reconcilers/scheduledbackup/keys.ts";
import type { Context } from "../../../reconcilers/shared/context.ts";
import { SCHEDULED_BACKUP, SECRET } from "../../../src/api/kinds.ts";
import type { BackupPlan } from "../../../src/domain/plan.ts";
import { NOW, scheduledBackup } from "../../domain/status/samples.ts";
import { createWorld } from "../world.ts";

const names = { secretName: "keys", privateKey: "key", publicKey: "key.pub", passphraseKey: "passphrase" };
const gpgKeySecretRef = { ...names, email: "a@example.org", createIfNotExists: true };

t.test("a key that was written into the Secret after it was read is kept", async (t) => {
	const world = createWorld();
	world.put(SECRET, { metadata: { namespace: "default", name: "keys" }, data: {} });
	const object = world.put(SCHEDULED_BACKUP, scheduledBackup(undefined, { gpgKeySecretRef }));
	const { patch } = world.kube;
	world.kube.patch = async (kind, key, body, precondition) => {
		world.put(SECRET, { ...world.get(SECRET, "keys"), data: { key: "dGhlaXJz" } });
		return patch(kind, key, body, precondition);
	};
	const context = {
		kube: world.kube,
		generateIdentity: async () => ({ publicKey: "PUBLIC", privateKey: "PRIVATE", fingerprint: "AB12" }),
		now: () => NOW,
		watches: { scheduledBackups: { wrote: () => undefined } },
		randomBytes: (size: number) => new Uint8Array(size),
	} as unknown as Context;
	const plan = { scheduledBackup: object } as BackupPlan;
	t.strictSame(await createKeys(context, plan, { stored: undefined, madeKey: undefined }), { type: "lostRace" });
	t.strictSame(world.get(SECRET, "keys")?.data, { key: "dGhlaXJz" });
});
