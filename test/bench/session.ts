// A control plane for a benchmark: as in the integration tests, but not bound to a test.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ControlPlane, startControlPlane } from "../cluster/controlplane.ts";
import { execute } from "../cluster/execute.ts";

export interface Bench {
	plane: ControlPlane;
	folder: string;
	/** Runs kubectl; throws where it fails. */
	kubectl(args: string[], input?: string): Promise<string>;
}

/** Starts a control plane, runs the benchmark, ends the control plane. */
export const withControlPlane = async <T>(audit: boolean, run: (bench: Bench) => Promise<T>): Promise<T> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-bench-"));
	const plane = await startControlPlane({ folder, audit });
	const kubectl = async (args: string[], input?: string): Promise<string> => {
		const all = ["--kubeconfig", plane.kubeconfig, ...args];
		const { code, stdout, stderr } = await execute(plane.binaries.kubectl, all, input === undefined ? {} : { input });
		if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${code}: ${stderr}`);
		return stdout;
	};
	try {
		return await run({ plane, folder, kubectl });
	} finally {
		await plane.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
};
