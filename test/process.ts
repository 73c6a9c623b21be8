// The program as a process over an API server in memory.
import type { Test } from "tap";
import { type Controller, type ControllerOptions, startController } from "./cluster/controller.ts";
import { type ServedApi, serveApi } from "./kube/fixtures/servedapi.ts";
import { putPrerequisites } from "./reconcilers/objects.ts";

export interface Begun extends ServedApi {
	folder: string;
	/** Starts the program; it is killed with the test. */
	start(more?: Partial<ControllerOptions>): Promise<Controller>;
}

/** An API server with template `simple` and Secret `vars`, and a folder. */
export const begin = async (t: Test, options: Partial<ControllerOptions> = {}): Promise<Begun> => {
	const folder = t.testdir({});
	const served = await serveApi(t, folder);
	putPrerequisites(served.api);
	const start = async (more: Partial<ControllerOptions> = {}): Promise<Controller> => {
		const controller = await startController({ folder, kubeconfig: served.kubeconfig, ...options, ...more });
		t.teardown(() => controller.kill());
		return controller;
	};
	return { ...served, folder, start };
};
