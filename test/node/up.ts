// `make node-up`: a node that stays, with our image and that of the examples' jobs on it. Prints what to type next.
// The process that holds it runs in the background; `make node-down` ends it.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { nodeAnnouncement } from "../cluster/announcement.ts";
import { eventually } from "../cluster/wait.ts";
import { attachNode, readWritten, writeNode } from "./attach.ts";
import { downNode } from "./down.ts";
import { prepareNode } from "./prepare.ts";

const folder = resolve(".node");
const HOLD = "--hold";

const hold = async (): Promise<void> => {
	const node = await prepareNode(folder);
	const stopped = new Promise<void>((end) => {
		for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end());
	});
	await writeNode(node);
	await stopped;
	await node.stop();
	await rm(folder, { recursive: true, force: true });
	process.exit(0);
};

const up = async (): Promise<void> => {
	const running = (await readWritten(folder)) !== undefined;
	if (!running) {
		await downNode(folder);
		await mkdir(folder, { recursive: true });
		const log = openSync(join(folder, "up.log"), "a");
		const holder = spawn(process.execPath, [import.meta.filename, HOLD], {
			detached: true,
			stdio: ["ignore", log, log],
		});
		holder.unref();
		await eventually(
			async () => {
				if (holder.exitCode !== null) throw new Error(`ended with ${holder.exitCode}, see ${folder}/up.log`);
				return readWritten(folder);
			},
			{ timeout: 1800, what: "the node is up" },
		);
	}
	process.stdout.write(nodeAnnouncement((await attachNode(folder)).kubeconfig, running));
};

await (process.argv.includes(HOLD) ? hold() : up());
