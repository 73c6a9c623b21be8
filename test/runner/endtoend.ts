// The stage "e2e": one node for all its files, started and ended here. First what replaces the installed release or measures
// it, one after the other; then the stories, side by side.
import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findHelm } from "../cluster/binaries.ts";
import { findCertManager } from "../cluster/tools.ts";
import { writeNode } from "../node/attach.ts";
import { missingPackages, obstacle, prepareNode } from "../node/prepare.ts";
import { addTally, emptyTally, type Tally } from "./tally.ts";
import { runTap } from "./tap.ts";

const FOLDER = "test/e2e";
/** In this order, alone. */
const ALONE = ["install.test.ts", "image.test.ts"];
const OPTIONS = ["--disable-coverage", "--timeout=900"];

const runFiles = async (files: readonly string[]): Promise<Tally> => {
	const alone = ALONE.map((name) => join(FOLDER, name)).filter((file) => files.includes(file));
	const others = files.filter((file) => !ALONE.includes(basename(file)));
	let tally = emptyTally();
	if (alone.length > 0) tally = addTally(tally, await runTap(alone, ["--jobs=1", ...OPTIONS]));
	// Without those before, the first of them installs the release, which two cannot do at once.
	const jobs = alone.length > 0 ? 3 : 1;
	if (others.length > 0) tally = addTally(tally, await runTap(others, [`--jobs=${jobs}`, ...OPTIONS]));
	return tally;
};

/** Runs the given files, or all; where the machine can run no node that is one skip, with its reason. */
export const endToEnd = async (given: string[]): Promise<Tally> => {
	const reason = obstacle();
	if (reason !== undefined) return { ...emptyTally(), skips: [`e2e, all of it: ${reason}`] };
	const missing = await missingPackages();
	if (missing.length > 0) {
		const failure = `e2e: this machine lacks ${missing.join(", ")}: apt-get install ${missing.join(" ")}`;
		return { ...emptyTally(), failed: 1, failures: [failure] };
	}
	await Promise.all([findHelm(), findCertManager()]);
	const folder = await mkdtemp(join(tmpdir(), "bmc-node-"));
	const started = Date.now();
	const node = await prepareNode(folder);
	try {
		await writeNode(node);
		process.stdout.write(`a node with its images is up after ${Math.round((Date.now() - started) / 1000)} s\n`);
		process.env["NODE_FOLDER"] = folder;
		return await runFiles(given.length > 0 ? given : globSync(`${FOLDER}/*.test.ts`).sort());
	} finally {
		await node.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
};
