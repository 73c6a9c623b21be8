// What `make cluster-up` leaves for `make cluster-down`: a folder with the process ids.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "./wait.ts";

const PROGRAMS = ["etcd", "kube-apiserver", "kube-controller-manager"];

/** Ids of the cluster's processes that still run; an id that another program got meanwhile is not ours to end. */
const livingPids = async (folder: string): Promise<number[]> => {
	const text = await readFile(join(folder, "pids"), "utf8").catch(() => "");
	const living: number[] = [];
	for (const pid of text.split("\n").filter(Boolean).map(Number)) {
		const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
		if (PROGRAMS.some((name) => command.split("\0")[0]?.endsWith(`/${name}`))) living.push(pid);
	}
	return living;
};

/** Whether all three programs of the cluster in this folder still run. */
export const clusterIsUp = async (folder: string): Promise<boolean> =>
	(await livingPids(folder)).length === PROGRAMS.length;

/** Ends the programs and removes the folder. Does nothing where there is none. */
export const endCluster = async (folder: string): Promise<void> => {
	for (const pid of await livingPids(folder)) process.kill(pid, "SIGKILL");
	await eventually(async () => (await livingPids(folder)).length === 0, { what: "the cluster's programs ended" });
	await rm(folder, { recursive: true, force: true });
};
