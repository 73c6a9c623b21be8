// `make node-down`: ends the process that holds the node, and with it everything on it.
import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { eventually } from "../cluster/wait.ts";
import { readWritten } from "./attach.ts";

/** Whether this id is still the process that held the node, not another that got its id meanwhile. */
const isHolder = async (pid: number): Promise<boolean> => {
	const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
	return command.includes("test/node/up.ts");
};

/** Ends the node of a folder and removes the folder. Does nothing where there is none. */
export const downNode = async (folder: string): Promise<void> => {
	const written = await readWritten(folder);
	if (written !== undefined && (await isHolder(written.supervisor))) {
		process.kill(written.supervisor, "SIGTERM");
		await eventually(async () => !(await isHolder(written.supervisor)), { timeout: 60, what: "the node has ended" });
	}
	await rm(folder, { recursive: true, force: true });
};

if (process.argv[1] === import.meta.filename) await downNode(resolve(".node"));
