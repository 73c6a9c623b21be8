// The node's part of the machine's control groups: the one thing that does not go with its namespaces, so it is made and
// removed by name.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../cluster/wait.ts";

const ROOT = "/sys/fs/cgroup";
/** The process id of who made it tells whether a group is still used. */
const NAME = /^backup-maker-node-(\d+)$/;

/** The name of this process' group. */
export const cgroupName = (): string => `backup-maker-node-${process.pid}`;

/** Folders in which the node's group is to be: one per hierarchy, or the one of cgroup v2. */
const hierarchies = async (): Promise<string[]> => {
	const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" "));
	return mounts
		.filter(([, path, type]) => type?.startsWith("cgroup") && path?.startsWith(ROOT))
		.map(([, path]) => path!);
};

/** A new cpuset group of cgroup v1 has no processors, and nothing can be put into it. */
const fillCpuset = async (parent: string, group: string): Promise<void> => {
	for (const file of ["cpuset.cpus", "cpuset.mems"]) {
		await writeFile(join(group, file), await readFile(join(parent, file), "utf8"));
	}
};

/** Removes what processes that were killed have left. */
const removeStale = async (): Promise<void> => {
	const [first] = await hierarchies();
	for (const name of first === undefined ? [] : await readdir(first)) {
		const pid = NAME.exec(name)?.[1];
		if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeCgroups(name);
	}
};

/** Makes the group in every hierarchy. In: its name, without slashes. */
export const makeCgroups = async (name: string): Promise<void> => {
	await removeStale();
	for (const parent of await hierarchies()) {
		await mkdir(join(parent, name), { recursive: true });
		if (parent.endsWith("/cpuset")) await fillCpuset(parent, join(parent, name));
	}
};

const removeTree = async (folder: string): Promise<void> => {
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		if (entry.isDirectory()) await removeTree(join(folder, entry.name));
	}
	await rmdir(folder);
};

/** Removes the group and all below; its processes must have ended. Does nothing where there is none. */
export const removeCgroups = async (name: string): Promise<void> => {
	for (const parent of await hierarchies()) {
		await eventually(
			() =>
				removeTree(join(parent, name)).then(
					() => true,
					(error: NodeJS.ErrnoException) => {
						if (error.code === "ENOENT") return true;
						throw error;
					},
				),
			{ timeout: 30, what: `control group ${name} is removed from ${parent}` },
		);
	}
};
