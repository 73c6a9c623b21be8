// The control plane of one worker: started with its first file, as new before each further one, and started anew where a file
// failed, since nobody knows what it left.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callApi } from "../cluster/api.ts";
import { type OwnControlPlane, startControlPlane } from "../cluster/controlplane.ts";
import { resetTo, type Snapshot, takeSnapshot } from "../cluster/reset.ts";
import { KUBECTL_CACHE, SHARED_PLANE, writeShared } from "../cluster/shared.ts";
import { eventually } from "../cluster/wait.ts";
import type { Worker } from "./pool.ts";

/** A control plane, and what it was like when it was new. */
export interface Held {
	plane: OwnControlPlane;
	snapshot: Snapshot;
}

/** `default`, `kube-system`, `kube-public`, `kube-node-lease`. */
const SYSTEM_NAMESPACES = 4;

/** Waits until all of it is there: what comes after the snapshot would be taken out, and made again. */
const untilComplete = async (plane: OwnControlPlane): Promise<void> => {
	const count = async (path: string): Promise<number> => {
		const { body } = await callApi(plane, "GET", `/api/v1/${path}`);
		return ((body["items"] ?? []) as unknown[]).length;
	};
	/** By kind, the object that each namespace gets. */
	const names = { configmaps: "kube-root-ca.crt", serviceaccounts: "default" } as const;
	await eventually(
		async () => {
			const namespaces = await count("namespaces");
			const made = await Promise.all(
				Object.entries(names).map(([kind, name]) => count(`${kind}?fieldSelector=metadata.name%3D${name}`)),
			);
			return namespaces >= SYSTEM_NAMESPACES && made.every((found) => found === namespaces);
		},
		{ timeout: 60, what: "the controller manager has made what each namespace has" },
	);
};

const begin = async (): Promise<Held> => {
	const plane = await startControlPlane({ folder: await mkdtemp(join(tmpdir(), "bmc-plane-")) });
	await untilComplete(plane);
	await writeShared(plane);
	return { plane, snapshot: await takeSnapshot(plane.etcd) };
};

const reset = async ({ plane, snapshot }: Held): Promise<Held> => {
	await rm(join(plane.folder, KUBECTL_CACHE), { recursive: true, force: true });
	return { plane, snapshot: await resetTo(plane.etcd, snapshot) };
};

const end = async ({ plane }: Held): Promise<void> => {
	await plane.stop();
	await rm(plane.folder, { recursive: true, force: true, maxRetries: 3 });
};

/** How control planes come, are made as new, and go. */
export interface PlaneLife {
	begin(): Promise<Held>;
	/** @throws Error where it cannot be made as new */
	reset(held: Held): Promise<Held>;
	end(held: Held): Promise<void>;
}

const LIFE: PlaneLife = { begin, reset, end };

/** A worker whose files share a control plane. */
export const planeWorker = (life: PlaneLife = LIFE): Worker => {
	let held: Held | undefined;
	const drop = async (): Promise<void> => {
		const dropped = held;
		held = undefined;
		if (dropped !== undefined) await life.end(dropped);
	};
	return {
		async prepare() {
			held ??= await life.begin();
			return { [SHARED_PLANE]: held.plane.folder };
		},
		async settle({ file, tally }) {
			if (held === undefined) return;
			if (tally.failed > 0) return drop();
			try {
				held = await life.reset(held);
			} catch (error) {
				// A new one is as good, and only slower.
				process.stdout.write(`… after ${file}, a new control plane: ${error}\n`);
				await drop();
			}
		},
		stop: drop,
	};
};
