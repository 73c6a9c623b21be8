// What an integration test works with: a control plane of its own, kubectl, and the controller as a process.
// Everything that a test starts ends with it.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { type Controller, type ControllerOptions, startController } from "./controller.ts";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "./controlplane.ts";
import { type Execution, execute } from "./execute.ts";

/** kubectl, bound to one cluster. */
export interface Kubectl {
	/** Runs kubectl; words are split at spaces unless a list is given. Never throws for an exit code. */
	kubectl(args: string | string[], input?: string): Promise<Execution>;
	/** `kubectl apply -f -`; throws with kubectl's words where it fails. */
	apply(manifest: string): Promise<string>;
	/** `kubectl … -o json`, parsed; undefined where kubectl says NotFound. */
	// biome-ignore lint/suspicious/noExplicitAny: what kubectl prints has any shape, and tests look at parts of it
	json(args: string | string[]): Promise<any>;
}

export interface Session extends Kubectl {
	readonly plane: ControlPlane;
	readonly folder: string;
	/** Starts `bmc run --standalone` and waits until it is ready. */
	controller(options?: Partial<ControllerOptions>): Promise<Controller>;
}

const words = (args: string | string[]): string[] => (typeof args === "string" ? args.split(" ") : args);

/** kubectl with a kubeconfig. In: paths of both. */
export const kubectlOf = (program: string, kubeconfig: string): Kubectl => {
	const kubectl = (args: string | string[], input?: string): Promise<Execution> =>
		execute(program, ["--kubeconfig", kubeconfig, ...words(args)], input === undefined ? {} : { input });
	return {
		kubectl,
		async apply(manifest) {
			const { code, stdout, stderr } = await kubectl("apply -f -", manifest);
			if (code !== 0) throw new Error(`kubectl apply ended with ${code}: ${stderr}`);
			return stdout;
		},
		async json(args) {
			const { code, stdout, stderr } = await kubectl([...words(args), "-o", "json"]);
			if (code === 0) return JSON.parse(stdout);
			if (stderr.includes("(NotFound)")) return undefined;
			throw new Error(`kubectl ${words(args).join(" ")} ended with ${code}: ${stderr}`);
		},
	};
};

/** Starts a control plane for this test; ends it, and every controller started by it, when the test ends. */
export const startSession = async (t: Test, options: Partial<ControlPlaneOptions> = {}): Promise<Session> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-test-"));
	const plane = await startControlPlane({ folder, ...options });
	const controllers: Controller[] = [];
	t.teardown(async () => {
		await Promise.all(controllers.map((controller) => controller.kill()));
		await plane.stop();
		if (!t.passing() && process.env["KEEP_LOGS"] !== undefined) {
			for (const { logFile } of controllers) t.comment(await readFile(logFile, "utf8"));
		}
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	return {
		plane,
		folder,
		...kubectlOf(plane.binaries.kubectl, plane.kubeconfig),
		async controller(controllerOptions = {}) {
			const controller = await startController({ folder, kubeconfig: plane.kubeconfig, ...controllerOptions });
			controllers.push(controller);
			return controller;
		},
	};
};
