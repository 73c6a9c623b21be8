// What an end-to-end test works with: the node that the runner started (NODE_FOLDER), or one of its own; kubectl; and our
// controller on it, installed as users install it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Test } from "tap";
import { type Kubectl, kubectlOf } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { manifest, namespace } from "../integration/support/objects.ts";
import { mustKubectl } from "../integration/support/status.ts";
import { attachNode } from "../node/attach.ts";
import type { KubernetesNode } from "../node/node.ts";
import { prepareNode } from "../node/prepare.ts";

export interface World extends Kubectl {
	readonly node: KubernetesNode;
	/** Makes a namespace; it goes when the test ends. */
	namespace(name: string, labels?: Record<string, string>): Promise<string>;
	/** Folder of the machine that a pod may mount by `hostPath`. */
	readonly shared: string;
}

/** Uses the runner's node, or starts one that ends with the test. */
export const useNode = async (t: Test): Promise<World> => {
	const given = process.env["NODE_FOLDER"];
	const folder = given === undefined ? await mkdtemp(join(tmpdir(), "bmc-node-")) : resolve(given);
	const node = given === undefined ? await prepareNode(folder) : await attachNode(folder);
	const client = kubectlOf(node);
	const namespaces: string[] = [];
	t.teardown(async () => {
		for (const name of namespaces) {
			await client.kubectl(`delete namespace ${name} --wait=false`);
		}
		if (given !== undefined) return;
		await node.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	return {
		...client,
		node,
		shared: join(folder, "shared"),
		async namespace(name, labels = {}) {
			namespaces.push(name);
			// Of a run before this one, on the same node.
			await mustKubectl(client, `delete namespace ${name} --ignore-not-found --timeout=120s`);
			await client.apply(manifest(namespace(name, labels)));
			// A pod that comes earlier is refused.
			await eventually(() => client.json(`get serviceaccount default -n ${name}`), { what: "default service account" });
			return name;
		},
	};
};
