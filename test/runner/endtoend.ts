// The stage "e2e": one node for all its files, started and ended here. First what replaces the installed release or measures
// it, one after the other; then the stories, side by side.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { writeNode } from "../node/attach.ts";
import { missingPackages, obstacle, prepareNode } from "../node/prepare.ts";
import { compileCache } from "./compilecache.ts";
import { longestFirst } from "./durations.ts";
import { filesOf } from "./files.ts";
import { runPool } from "./pool.ts";
import { waitForBuilds } from "./programs.ts";
import { createRoom } from "./room.ts";
import type { Stage, StageContext } from "./stages.ts";
import { addTally, emptyTally, failure, type Tally } from "./tally.ts";

const FOLDER = "test/e2e";
/** In this order, alone. */
const ALONE = ["install.test.ts", "image.test.ts"];

const runFiles = async (
	files: readonly string[],
	{ durations, meter }: StageContext,
	env: Record<string, string>,
): Promise<Tally> => {
	const options = { stage: "e2e", timeout: 900, env: { ...compileCache(), ...env }, meter };
	const alone = ALONE.map((name) => join(FOLDER, name)).filter((file) => files.includes(file));
	const others = files.filter((file) => !ALONE.includes(basename(file)));
	let tally = emptyTally();
	if (alone.length > 0) tally = addTally(tally, await runPool(alone, { ...options, jobs: 1 }));
	// Without those before, the first of them installs the release, which two cannot do at once.
	const jobs = alone.length > 0 ? 3 : 1;
	const room = createRoom({ atLeast: 1 });
	if (others.length > 0)
		tally = addTally(tally, await runPool(await longestFirst(others, durations), { ...options, jobs, room }));
	return tally;
};

/** What keeps a machine from running a node. */
export interface Machine {
	obstacle(): string | undefined;
	missingPackages(): Promise<string[]>;
}

/** The failure that says why the machine can run no node; undefined where it can. */
export const whyNot = async (machine: Machine): Promise<Tally | undefined> => {
	const reason = machine.obstacle();
	if (reason !== undefined) return failure(`e2e: not run: ${reason}`);
	const missing = await machine.missingPackages();
	return missing.length === 0 ? undefined : failure(`e2e: not run: this machine lacks ${missing.join(", ")}`);
};

/** Runs the given files, or all; a failure with the reason where the machine can run no node. */
export const endToEnd: Stage = async (context) => {
	const reason = await whyNot({ obstacle, missingPackages });
	if (reason !== undefined) return reason;
	await waitForBuilds(context.builds, "e2e");
	const folder = await mkdtemp(join(tmpdir(), "bmc-node-"));
	const started = Date.now();
	const node = await prepareNode(folder);
	try {
		await writeNode(node);
		process.stdout.write(`a node with its images is up after ${Math.round((Date.now() - started) / 1000)} s\n`);
		const files = context.files.length > 0 ? context.files : filesOf("e2e");
		return await runFiles(files, context, { NODE_FOLDER: folder });
	} finally {
		await node.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
};
