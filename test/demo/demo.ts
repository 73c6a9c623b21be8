// `make demo`: the product's story for somebody who sees it for the first time. First without a cluster, at once; then, when its
// programs are built, on a real API server, with what kubectl really prints; then on a whole node, where the machine has all
// that it needs. A machine that cannot build shows the first part, and says what the others need.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBuilds } from "../cluster/builds.ts";
import { startController } from "../cluster/controller.ts";
import { startControlPlane } from "../cluster/controlplane.ts";
import { missingTools } from "../setup/tools.ts";
import { makeEnding } from "./ending.ts";
import { nodeObstacle, startNodeDemo } from "./nodedemo.ts";
import { NODE_STORY } from "./nodestory.ts";
import { OFFLINE_STORY } from "./offlinestory.ts";
import { conclusion, introduction, partsOf } from "./parts.ts";
import { pathWith, showHeading, showSteps } from "./steps.ts";
import { STORY } from "./story.ts";
import { waitShowing } from "./waiting.ts";

// Each program of a node ends with this process by a listener of its own.
process.setMaxListeners(50);
const ending = makeEnding();
const say = (text: string): void => {
	process.stdout.write(text);
};

/** A folder for one part, removed when the demo ends. */
const makeFolder = async (): Promise<string> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-demo-"));
	ending.add(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
	return folder;
};

const onApiServer = async (): Promise<void> => {
	const folder = await makeFolder();
	say("Starting etcd, kube-apiserver and kube-controller-manager …\n");
	const plane = await startControlPlane({ folder });
	ending.add(() => plane.stop());
	say("Starting the controller: npm run -s bmc -- run --standalone …\n");
	const controller = await startController({ folder, kubeconfig: plane.kubeconfig });
	ending.add(() => controller.terminate());
	const path = await pathWith(folder, { kubectl: plane.binaries.kubectl });
	await showSteps(STORY, { KUBECONFIG: plane.kubeconfig, PATH: path });
};

const onNode = async (): Promise<void> => {
	say("Starting a Kubernetes node with PostgreSQL and a WebDAV server on it …\n");
	const { environment, stop } = await startNodeDemo(await makeFolder());
	ending.add(stop);
	await showSteps(NODE_STORY, environment);
};

/** The only flag. */
const WITHOUT_NODE = "--without-node";

/** Whether the node is left out. A flag that is not known ends the demo before anything starts. */
const readArguments = (args: readonly string[]): boolean => {
	const unknown = args.find((argument) => argument !== WITHOUT_NODE);
	if (unknown !== undefined) {
		process.stderr.write(`unknown argument "${unknown}"; the only one is ${WITHOUT_NODE}\n`);
		process.exit(2);
	}
	return args.includes(WITHOUT_NODE);
};
const isNodeLeftOut = readArguments(process.argv.slice(2));

const demo = async (): Promise<void> => {
	const { go } = await missingTools("demo");
	const builds = await startBuilds({ stages: go === undefined ? ["demo"] : [] });
	ending.add(() => builds.stop());
	const node = isNodeLeftOut ? `left out by ${WITHOUT_NODE}` : await nodeObstacle();
	const parts = partsOf({ go, building: builds.remaining(), node });
	const [first, second, third] = parts;
	say(introduction(parts));
	showHeading(first.title);
	await showSteps(OFFLINE_STORY);
	if (second.shown) {
		showHeading(second.title);
		const screen = { write: say, isTTY: process.stdout.isTTY };
		await waitShowing(builds.done, () => builds.remaining(), screen);
		await onApiServer();
		await ending.run();
	}
	if (third.shown) {
		showHeading(third.title);
		await onNode();
	}
	await ending.run();
	say(conclusion(parts));
};

ending.onSignals();
try {
	await demo();
} catch (error) {
	// What a signal ended fails in many ways, none of them worth reading.
	if (!ending.begun()) process.stderr.write(`\nThe demo failed: ${(error as Error).message}\n`);
	process.exitCode = 1;
	await ending.run();
}
