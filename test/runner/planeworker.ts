// The control plane of one worker: started with its first file, as new before each further one, and started anew where a file
// failed, since nobody knows what it left.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OwnControlPlane, startControlPlane } from "../cluster/controlplane.ts";
import { resetTo, type Snapshot, takeSnapshot } from "../cluster/reset.ts";
import { KUBECTL_CACHE, SHARED_PLANE, writeShared } from "../cluster/shared.ts";
import type { Worker } from "./pool.ts";

interface Held {
	plane: OwnControlPlane;
	snapshot: Snapshot;
}

const begin = async (): Promise<Held> => {
	const plane = await startControlPlane({ folder: await mkdtemp(join(tmpdir(), "bmc-plane-")) });
	await writeShared(plane);
	return { plane, snapshot: await takeSnapshot(plane.etcd) };
};

const end = async ({ plane }: Held): Promise<void> => {
	await plane.stop();
	await rm(plane.folder, { recursive: true, force: true, maxRetries: 3 });
};

/** A worker whose files share a control plane. */
export const planeWorker = (): Worker => {
	let held: Held | undefined;
	const drop = async (): Promise<void> => {
		const dropped = held;
		held = undefined;
		if (dropped !== undefined) await end(dropped);
	};
	return {
		async prepare() {
			held ??= await begin();
			return { [SHARED_PLANE]: held.plane.folder };
		},
		async settle({ file, tally }) {
			if (held === undefined) return;
			if (tally.failed > 0) return drop();
			try {
				held.snapshot = await resetTo(held.plane.etcd, held.snapshot);
				await rm(join(held.plane.folder, KUBECTL_CACHE), { recursive: true, force: true });
			} catch (error) {
				// A new one is as good, and only slower.
				process.stdout.write(`… after ${file}, a new control plane: ${error}\n`);
				await drop();
			}
		},
		stop: drop,
	};
};
