// The node's own world: network, mounts and process ids of which the machine sees nothing. One process holds it; with that
// one all others end, also where the test is killed.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Execution, execute } from "../cluster/execute.ts";
import { type Running, type StartOptions, start } from "../cluster/processes.ts";
import { eventually } from "../cluster/wait.ts";
import { NODE_ADDRESS } from "./addresses.ts";

export interface Namespaces {
	/** Process id of its init, as the machine sees it. */
	readonly pid: number;
	/** Starts a program inside. */
	start(command: string, args: string[], options: StartOptions): Running;
	/** Runs a program inside to its end. */
	execute(command: string, args: string[], input?: string): Promise<Execution>;
	/** Like `execute`; throws with the program's words where it fails. Out: its standard output. */
	run(command: string, args: string[], input?: string): Promise<string>;
	/** Ends everything inside. */
	stop(): Promise<void>;
}

const RESOLVER_FILE = "node-resolv.conf";
/** Folders that programs use under fixed names: each is one of ours, inside. */
const PRIVATE_FOLDERS = ["/run", "/var/log"];
/** Asks the node's CoreDNS alone. The machine's resolver is out of reach from here, and a program would wait for it. */
const RESOLVER = `nameserver ${NODE_ADDRESS}\noptions timeout:1 attempts:2\n`;

/**
 * Its bash reaps what is left to it, as the first process of a machine must.
 * Written down by itself, since its id outside is what others enter by. The machine's resolv.conf may be a link into
 * `/run`, which is another one here; where there is none at all, programs ask the loopback address, where CoreDNS is too.
 */
const initScript = (folder: string): string => `set -euo pipefail
ip link set lo up
${PRIVATE_FOLDERS.map((path) => `mount -t tmpfs -o mode=755 tmpfs ${path}`).join("\n")}
resolver=$(readlink -m /etc/resolv.conf)
case "$resolver" in /run/*) mkdir -p "$(dirname "$resolver")" && touch "$resolver" ;; esac
if [ -e "$resolver" ]; then mount --bind ${join(folder, RESOLVER_FILE)} "$resolver"; fi
echo ready >${join(folder, "init-ready")}
sleep infinity &
wait $!
`;

const childOf = async (pid: number): Promise<number | undefined> => {
	const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
	return text.trim() === "" ? undefined : Number(text.trim().split(" ")[0]);
};

/** Namespaces that are there already, by the process id of their init; stopping them is left to who made them. */
export const enterNamespaces = (pid: number): Namespaces => {
	const enter = (command: string, args: string[]): string[] => [
		...["--target", String(pid), "--net", "--mount", "--pid", "--ipc", "--uts", "--", command],
		...args,
	];
	const inside: Namespaces = {
		pid,
		start: (command, args, options) => start("nsenter", enter(command, args), options),
		execute: (command, args, input) => execute("nsenter", enter(command, args), input === undefined ? {} : { input }),
		async run(command, args, input) {
			const { code, stdout, stderr } = await inside.execute(command, args, input);
			if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
			return stdout;
		},
		stop: async () => undefined,
	};
	return inside;
};

/**
 * Makes the namespaces.
 * @throws Error where the machine does not let us (root on Linux is needed)
 */
export const makeNamespaces = async (folder: string): Promise<Namespaces> => {
	await mkdir(folder, { recursive: true });
	const script = join(folder, "init.sh");
	await writeFile(join(folder, RESOLVER_FILE), RESOLVER);
	await writeFile(script, initScript(folder));
	const flags = ["--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"];
	// `--pdeathsig`: whatever ends this process ends the node. Its threads count too: node starts it from its main one.
	const holder = start(
		"setpriv",
		["--pdeathsig", "KILL", "unshare", ...flags, "--propagation", "slave", "bash", script],
		{ log: join(folder, "init.log") },
	);
	const pid = await eventually(
		async () => {
			if (holder.ended()) throw new Error(`namespaces ended: ${await readFile(join(folder, "init.log"), "utf8")}`);
			await readFile(join(folder, "init-ready"));
			return childOf(holder.pid);
		},
		{ timeout: 20, what: "the node's namespaces are there" },
	);
	return { ...enterNamespaces(pid), stop: () => holder.end("SIGKILL") };
};
