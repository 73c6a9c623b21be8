// The controller as its users run it: a process, seen from outside through its ports, its log and its exit code.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts } from "./ports.ts";
import { type Running, start } from "./processes.ts";
import { eventually } from "./wait.ts";

export interface ControllerOptions {
	/** Takes the log. */
	folder: string;
	kubeconfig: string;
	/** Further flags of `run`. */
	flags?: string[];
	/** Fixed ports, for a controller that takes the place of another. */
	ports?: ControllerPorts;
	/** False: answers at once, also where it never gets ready. */
	waitUntilReady?: boolean;
	/** Whether it registers its webhooks (`--standalone`); true by default. */
	standalone?: boolean;
	/** Variables of its environment, over ours. */
	env?: Record<string, string>;
}

export interface ControllerPorts {
	webhook: number;
	health: number;
	metrics: number;
}

export interface Controller {
	readonly pid: number;
	readonly ports: ControllerPorts;
	readonly logFile: string;
	log(): Promise<string>;
	/** The text of /metrics. */
	metrics(): Promise<string>;
	/** HTTP status of /readyz; 0 where nothing answers. */
	readyz(): Promise<number>;
	ended(): boolean;
	exitCode(): number | null;
	/** SIGKILL. */
	kill(): Promise<void>;
	/** SIGTERM, and waits for the end. */
	terminate(): Promise<void>;
}

const status = (url: string): Promise<number> =>
	fetch(url).then(
		(response) => response.status,
		() => 0,
	);

const controllerOf = (running: Running, ports: ControllerPorts, logFile: string): Controller => ({
	pid: running.pid,
	ports,
	logFile,
	log: () => readFile(logFile, "utf8"),
	metrics: async () => (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text(),
	readyz: () => status(`http://127.0.0.1:${ports.health}/readyz`),
	ended: () => running.ended(),
	exitCode: () => running.child.exitCode,
	kill: () => running.end("SIGKILL"),
	terminate: () => running.end("SIGTERM"),
});

/** The variable that holds the path of a bundle to be tested, `lib/bmc.js`; without it the sources are. */
export const PROGRAM = "TEST_PROGRAM";

/** What `npm run bmc` runs, without npm, whose process would stand between the test and the controller. */
const programArguments = (): string[] => {
	const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { bmc: string } };
	const [, ...args] = scripts.bmc.split(" ");
	const bundle = process.env[PROGRAM];
	return bundle === undefined ? args : [...args.slice(0, -1), bundle];
};

/**
 * Starts `bmc run` and waits until /readyz says so.
 * @throws Error with the end of its log where it ends or is not ready within 60 s
 */
export const startController = async (options: ControllerOptions): Promise<Controller> => {
	const [webhook = 0, health = 0, metrics = 0] = options.ports === undefined ? await freePorts(3) : [];
	const ports = options.ports ?? { webhook, health, metrics };
	const logFile = join(options.folder, `controller-${randomUUID().slice(0, 8)}.log`);
	const standalone = options.standalone ?? true;
	const flags = [
		`--kubeconfig=${options.kubeconfig}`,
		`--webhook-bind-address=127.0.0.1:${ports.webhook}`,
		`--health-probe-bind-address=127.0.0.1:${ports.health}`,
		`--metrics-bind-address=127.0.0.1:${ports.metrics}`,
		...(standalone ? ["--standalone", `--webhook-url=https://127.0.0.1:${ports.webhook}`] : []),
		...(options.flags ?? []),
	];
	const running = start(process.execPath, [...programArguments(), "run", ...flags], {
		log: logFile,
		env: options.env ?? {},
	});
	const controller = controllerOf(running, ports, logFile);
	if (options.waitUntilReady === false) return controller;
	try {
		await eventually(
			async () => {
				if (running.ended()) return true;
				return (await controller.readyz()) === 200;
			},
			{ timeout: 60, what: "the controller is ready" },
		);
		if (running.ended()) throw new Error(`the controller ended with ${running.child.exitCode}`);
	} catch (cause) {
		await running.end("SIGKILL");
		throw new Error(`${(cause as Error).message}\n${(await controller.log()).slice(-4000)}`, { cause });
	}
	return controller;
};
