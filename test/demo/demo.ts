// `make demo`: the product's story as a newcomer would type it, against a real API server, with what kubectl really
// prints. Where the machine can run a whole node (root on Linux, its programs built), Jobs run and data comes back; else Jobs
// are made and their pods wait, and everything before that is real.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Controller, startController } from "../cluster/controller.ts";
import { type OwnControlPlane, startControlPlane } from "../cluster/controlplane.ts";
import { execute } from "../cluster/execute.ts";
import { nodeIsPossible, startNodeDemo } from "./nodedemo.ts";
import { NODE_STORY } from "./nodestory.ts";
import { STORY, type Step } from "./story.ts";

const style = (code: string, text: string): string => (process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);

const say = (text: string): void => {
	process.stdout.write(`\n${style("36", text.replaceAll(/^/gm, "# "))}\n`);
};

/** Runs one command of the story in bash, prints it as typed and its output as it comes. */
const runStep = async (environment: Record<string, string>, step: Step): Promise<void> => {
	if (step.say !== undefined) say(step.say);
	if (step.run === undefined) return;
	process.stdout.write(`${style("1", `$ ${step.run}`)}\n`);
	const { code, stdout, stderr } = await execute("bash", ["-c", step.run], { env: environment });
	process.stdout.write(`${stdout}${stderr}`);
	const expected = step.fails === true ? code !== 0 : code === 0;
	if (!expected) throw new Error(`the story is broken: \`${step.run}\` ended with ${code}`);
};

const onNode = async (folder: string): Promise<void> => {
	process.stdout.write("Starting a whole Kubernetes node, with PostgreSQL and a WebDAV store on it …\n");
	const { environment, stop } = await startNodeDemo(folder);
	try {
		for (const step of NODE_STORY) await runStep(environment, step);
	} finally {
		await stop();
	}
};

const onControlPlane = async (folder: string): Promise<void> => {
	let plane: OwnControlPlane | undefined;
	let controller: Controller | undefined;
	try {
		process.stdout.write("Starting etcd, kube-apiserver and kube-controller-manager (built once, then cached) …\n");
		plane = await startControlPlane({ folder });
		process.stdout.write("Starting the controller: npm run -s bmc -- run --standalone …\n");
		controller = await startController({ folder, kubeconfig: plane.kubeconfig });
		const path = `${join(plane.binaries.kubectl, "..")}:${process.env["PATH"]}`;
		for (const step of STORY) await runStep({ KUBECONFIG: plane.kubeconfig, PATH: path }, step);
	} finally {
		await controller?.terminate();
		await plane?.stop();
	}
};

const folder = await mkdtemp(join(tmpdir(), "bmc-demo-"));
try {
	await ((await nodeIsPossible()) && !process.argv.includes("--without-node")
		? onNode(folder)
		: onControlPlane(folder));
} finally {
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
