// How the tests install the controller: one function, so that every story runs on what users have.
import { installPlain, NAMESPACE, RELEASE } from "./installplain.ts";
import type { World } from "./world.ts";

export { NAMESPACE, RELEASE } from "./installplain.ts";

/** Installs the controller where it is not installed yet, and waits until it is ready. */
export const install = async (world: World): Promise<void> => {
	const found = await world.json(`get deployment -n ${NAMESPACE} ${RELEASE}`);
	if (found?.status?.readyReplicas > 0) return;
	await installPlain(world);
};
