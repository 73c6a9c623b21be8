// One `go build`, into a folder beside its target.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Runs Go with its output on standard error.
 * @param folder with the go.mod
 * @param temporary folder for what it makes on the way: Go leaves it behind where a signal ends it
 * @throws Error where Go is missing or ends with another code than 0
 */
export const go = (folder: string, temporary: string, args: readonly string[]): Promise<void> =>
	new Promise((resolve, reject) => {
		const env = { ...process.env, CGO_ENABLED: "0", GOTMPDIR: temporary };
		// Standard output belongs to the program that calls us.
		const child = spawn("go", args, { cwd: folder, env, stdio: ["ignore", 2, 2] });
		child.on("error", (cause) =>
			reject(new Error("Go is required to build the programs of the test cluster", { cause })),
		);
		child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`go ${args[0]} ended with ${code}`))));
	});

const asidePrefix = (target: string): string => `${target}.building-`;

/**
 * Builds beside the target and moves what is whole into it: a build that is cut short leaves nothing there that counts as built.
 * All of the programs come of one call, since Go then links them side by side. A trailing slash makes its output a folder, in
 * which a program is named after its package; alone it can have the name that it is known by.
 */
export const buildAside = async (
	target: string,
	names: readonly string[],
	build: (output: string, temporary: string) => Promise<void>,
): Promise<void> => {
	const aside = await mkdtemp(asidePrefix(target));
	const [output, temporary] = [join(aside, "output"), join(aside, "temporary")];
	try {
		await mkdir(output);
		await mkdir(temporary);
		await build(names.length === 1 ? join(output, names[0] ?? "") : `${output}/`, temporary);
		for (const made of await readdir(output)) await rename(join(output, made), join(target, made));
	} finally {
		await rm(aside, { recursive: true, force: true });
	}
};

/** Removes what builds of this target left that were killed. Only for who holds the target's lock. */
export const removeRemains = async (target: string): Promise<void> => {
	const prefix = basename(asidePrefix(target));
	for (const name of await readdir(dirname(target))) {
		if (name.startsWith(prefix)) await rm(join(dirname(target), name), { recursive: true, force: true });
	}
};
