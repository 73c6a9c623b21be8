// A file finds a control plane that is as new: the one that the file before it used, or another where that cannot be.
import t from "tap";
import type { OwnControlPlane } from "../cluster/controlplane.ts";
import { SHARED_PLANE } from "../cluster/shared.ts";
import { type Held, planeWorker } from "./planeworker.ts";
import { emptyTally, failure, type Tally } from "./tally.ts";

const life = (failsToReset = false) => {
	const did: string[] = [];
	let count = 0;
	return {
		did,
		begin: async (): Promise<Held> => {
			count += 1;
			did.push(`begin ${count}`);
			return { plane: { folder: `/plane-${count}` } as OwnControlPlane, snapshot: new Map() };
		},
		reset: async (held: Held): Promise<Held> => {
			did.push(`reset ${held.plane.folder}`);
			if (failsToReset) throw new Error("it does not come to rest");
			return held;
		},
		end: async ({ plane }: Held): Promise<void> => {
			did.push(`end ${plane.folder}`);
		},
	};
};

const passed: Tally = { ...emptyTally(), passed: 1 };
const settled = (file: string, tally: Tally) => ({ file, tally, output: "" });

t.test("files share one, which is reset after each", async (t) => {
	const planes = life();
	const worker = planeWorker(planes);
	for (const file of ["a", "b"]) {
		t.same(await worker.prepare(file), { [SHARED_PLANE]: "/plane-1" });
		await worker.settle(settled(file, passed));
	}
	await worker.stop();
	t.same(planes.did, ["begin 1", "reset /plane-1", "reset /plane-1", "end /plane-1"]);
});

t.test("after a file that failed the next one gets another", async (t) => {
	const planes = life();
	const worker = planeWorker(planes);
	await worker.prepare("a");
	await worker.settle(settled("a", failure("a: broken")));
	t.same(await worker.prepare("b"), { [SHARED_PLANE]: "/plane-2" });
	await worker.stop();
	t.same(planes.did, ["begin 1", "end /plane-1", "begin 2", "end /plane-2"]);
});

t.test("one that cannot be reset is used by no other file", async (t) => {
	const planes = life(true);
	const worker = planeWorker(planes);
	await worker.prepare("a");
	await worker.settle(settled("a", passed));
	t.same(await worker.prepare("b"), { [SHARED_PLANE]: "/plane-2" });
	await worker.stop();
	t.same(planes.did, ["begin 1", "reset /plane-1", "end /plane-1", "begin 2", "end /plane-2"]);
});

t.test("nothing is started where no file is run", async (t) => {
	const planes = life();
	await planeWorker(planes).stop();
	t.same(planes.did, []);
});
