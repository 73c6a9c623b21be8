// What an integration test works with: a control plane of its own, kubectl, and the controller as a process.
// Everything that a test starts ends with it.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { type Controller, type ControllerOptions, startController } from "./controller.ts";
import {
	type ControlPlane,
	type ControlPlaneOptions,
	type OwnControlPlane,
	startControlPlane,
} from "./controlplane.ts";
import { createNew } from "./creator.ts";
import { type Execution, execute } from "./execute.ts";
import { kindsOf } from "./kinds.ts";
import { readerOf } from "./reader.ts";
import { KUBECTL_CACHE, readShared, SHARED_PLANE } from "./shared.ts";

/** kubectl, bound to one cluster. */
export interface Kubectl {
	/** Runs kubectl; words are split at spaces unless a list is given. Never throws for an exit code. */
	kubectl(args: string | string[], input?: string): Promise<Execution>;
	/** What `kubectl apply -f -` does, without a process where all objects are new; throws with kubectl's words where it fails. */
	apply(manifest: string): Promise<void>;
	/**
	 * What `kubectl get … -o json` prints, parsed, read over a connection that is kept; undefined where the object is not found.
	 * In: `get KIND [NAME] [-n NAMESPACE | -A] [-l SELECTOR]`.
	 */
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

/** kubectl on a cluster. What it knows of the cluster's kinds it keeps beside the cluster's other files. */
export const kubectlOf = (plane: ControlPlane): Kubectl => {
	const env = { KUBECONFIG: plane.kubeconfig, KUBECACHEDIR: join(plane.folder, KUBECTL_CACHE) };
	const kubectl = (args: string | string[], input?: string): Promise<Execution> =>
		execute(plane.binaries.kubectl, words(args), input === undefined ? { env } : { input, env });
	const kinds = kindsOf(plane);
	const read = readerOf(plane, kinds);
	return {
		kubectl,
		async apply(manifest) {
			const left = await createNew(plane, kinds, manifest);
			if (left?.length === 0) return;
			const items = left === undefined ? manifest : JSON.stringify({ apiVersion: "v1", kind: "List", items: left });
			const { code, stderr } = await kubectl("apply -f -", items);
			if (code !== 0) throw new Error(`kubectl apply ended with ${code}: ${stderr}`);
		},
		json: (args) => read(words(args)),
	};
};

const sessionOn = <Plane extends ControlPlane>(
	t: Test,
	{ plane, folder, end }: { plane: Plane; folder: string; end: () => Promise<void> },
): Session & { plane: Plane } => {
	const controllers: Controller[] = [];
	t.teardown(async () => {
		await Promise.all(controllers.map((controller) => controller.kill()));
		await end();
		if (!t.passing() && process.env["KEEP_LOGS"] !== undefined) {
			for (const { logFile } of controllers) t.comment(await readFile(logFile, "utf8"));
		}
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	return {
		plane,
		folder,
		...kubectlOf(plane),
		async controller(controllerOptions = {}) {
			const controller = await startController({ folder, kubeconfig: plane.kubeconfig, ...controllerOptions });
			controllers.push(controller);
			return controller;
		},
	};
};

/** Starts a control plane for this test alone; ends it, and every controller started by it, when the test ends. */
export const startOwnSession = async (
	t: Test,
	options: Partial<ControlPlaneOptions> = {},
): Promise<Session & { plane: OwnControlPlane }> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-test-"));
	const plane = await startControlPlane({ folder, ...options });
	return sessionOn(t, { plane, folder, end: () => plane.stop() });
};

/**
 * A control plane as if it were new, and kubectl on it: that of the runner's worker, which gives it to one test file after the
 * other, or one of this test's own. Every controller started by the session ends when the test ends.
 */
export const startSession = async (t: Test): Promise<Session> => {
	const shared = process.env[SHARED_PLANE];
	if (shared === undefined) return startOwnSession(t);
	const folder = await mkdtemp(join(tmpdir(), "bmc-test-"));
	return sessionOn(t, { plane: await readShared(shared), folder, end: () => Promise.resolve() });
};
