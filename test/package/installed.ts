// The npm package as users get it: packed from this tree, and installed globally into an empty folder, without a network.
import { execFile, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

export interface Installed {
	/** An empty folder, outside of the tree, to run the program in. */
	folder: string;
	/** Where npm has put the package. */
	root: string;
	/** The command on PATH. */
	command: string;
	/** Of the packed file. */
	packedBytes: number;
	/** Removes everything. */
	remove(): Promise<void>;
}

/** What npm takes from the environment of a user. */
const userEnvironment = (home: string): Record<string, string> => ({
	PATH: process.env["PATH"] ?? "",
	HOME: home,
	npm_config_cache: join(home, "cache"),
	npm_config_update_notifier: "false",
});

/** Arguments of `env` that leave nothing of ours: the runner of tests adds options of Node.js to what is started directly. */
const onlyWith = (environment: Readonly<Record<string, string>>): string[] => [
	"-i",
	...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
];

/** Runs a program to its end, with these variables and no others. */
export const runClean = (
	folder: string,
	environment: Readonly<Record<string, string>>,
	command: readonly string[],
): SpawnSyncReturns<string> =>
	spawnSync("env", [...onlyWith(environment), ...command], { cwd: folder, encoding: "utf8" });

/** Packs and installs. @throws Error of npm */
export const installPackage = async (): Promise<Installed> => {
	const base = await realpath(await mkdtemp(join(tmpdir(), "bmc-package-")));
	const [home, packed, prefix, folder] = ["home", "packed", "prefix", "folder"].map((name) => join(base, name)) as [
		string,
		string,
		string,
		string,
	];
	for (const path of [home, packed, prefix, folder]) await mkdir(path);
	const environment = onlyWith(userEnvironment(home));
	await execute("env", [...environment, "npm", "pack", "--pack-destination", packed]);
	const [name = ""] = await readdir(packed);
	const archive = join(packed, name);
	const flags = ["--global", "--prefix", prefix, "--offline", "--no-audit", "--no-fund"];
	await execute("env", [...environment, "npm", "install", ...flags, archive], { cwd: folder });
	await cp("examples", join(folder, "examples"), { recursive: true });
	const { stdout } = await execute("stat", ["--format=%s", archive]);
	return {
		folder,
		root: join(prefix, "lib/node_modules/backup-maker-controller"),
		command: join(prefix, "bin/bmc"),
		packedBytes: Number(stdout),
		remove: () => rm(base, { recursive: true, force: true }),
	};
};

export interface Ran {
	code: number | null;
	out: string;
	error: string;
}

/** Runs a Node.js with these arguments in the folder, which is all that it may read, beside the package. */
export const runNode = ({ folder, root }: Installed, node: string, args: readonly string[]): Ran => {
	const readable = [folder, root].map((path) => `--allow-fs-read=${path}`);
	// That these options are no fence against hostile code is known.
	const quiet = ["SecurityWarning", "ExperimentalWarning"].map((name) => `--disable-warning=${name}`);
	const options = ["--permission", ...readable, "--allow-worker", ...quiet];
	const { status, stdout, stderr } = runClean(folder, {}, [node, ...options, ...args]);
	return { code: status, out: stdout, error: stderr };
};
