import t from "tap";
import { recordStored } from "../../../reconcilers/scheduledbackup/keyrecord.ts";
import type { Context } from "../../../reconcilers/shared/context.ts";
import { SCHEDULED_BACKUP } from "../../../src/api/kinds.ts";
import { ConflictError } from "../../../src/kube/errors.ts";
import type { Kube } from "../../../src/kube/port.ts";
import { scheduledBackup } from "../../domain/status/samples.ts";
import { createWorld } from "../world.ts";

/** Records a stored key where so many writes of the status meet another version. */
const record = async (conflicts: number) => {
	const world = createWorld();
	const pending = world.put(SCHEDULED_BACKUP, {
		...scheduledBackup(undefined, {}),
		status: { gpgKey: { pendingFingerprint: "AB12" } },
	});
	let tries = 0;
	const replaceStatus: Kube["replaceStatus"] = async (kind, object) => {
		tries += 1;
		if (tries <= conflicts) throw new ConflictError("changed", { operation: "test" });
		return world.kube.replaceStatus(kind, object);
	};
	const watches = { scheduledBackups: { wrote: () => undefined } };
	const context = { kube: { ...world.kube, replaceStatus }, watches } as unknown as Context;
	const stored = await recordStored(context, pending, "AB12");
	return { tries, fingerprint: stored?.status?.gpgKey?.fingerprint };
};

t.test("a stored key is recorded in spite of other writers, in four tries at most", async (t) => {
	t.strictSame(await record(0), { tries: 1, fingerprint: "AB12" });
	t.strictSame(await record(3), { tries: 4, fingerprint: "AB12" });
	t.strictSame(await record(4), { tries: 4, fingerprint: undefined });
});
