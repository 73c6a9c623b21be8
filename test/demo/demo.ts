// `make demo`: the product's story as a newcomer would type it, against a real API server, with what kubectl really
// prints. There is no node here, so Jobs are made and their pods wait; everything before that is real.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Controller, startController } from "../cluster/controller.ts";
import { type ControlPlane, startControlPlane } from "../cluster/controlplane.ts";
import { execute } from "../cluster/execute.ts";
import { STORY, type Step } from "./story.ts";

const style = (code: string, text: string): string => (process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);

const say = (text: string): void => {
	process.stdout.write(`\n${style("36", text.replaceAll(/^/gm, "# "))}\n`);
};

/** Runs one command of the story in bash, prints it as typed and its output as it comes. */
const runStep = async (plane: ControlPlane, step: Step): Promise<void> => {
	if (step.say !== undefined) say(step.say);
	if (step.run === undefined) return;
	const path = `${join(plane.binaries.kubectl, "..")}:${process.env["PATH"]}`;
	process.stdout.write(`${style("1", `$ ${step.run}`)}\n`);
	const { code, stdout, stderr } = await execute("bash", ["-c", step.run], {
		env: { KUBECONFIG: plane.kubeconfig, PATH: path },
	});
	process.stdout.write(`${stdout}${stderr}`);
	const expected = step.fails === true ? code !== 0 : code === 0;
	if (!expected) throw new Error(`the story is broken: \`${step.run}\` ended with ${code}`);
};

const folder = await mkdtemp(join(tmpdir(), "bmc-demo-"));
let plane: ControlPlane | undefined;
let controller: Controller | undefined;
try {
	process.stdout.write("Starting etcd, kube-apiserver and kube-controller-manager (built once, then cached) …\n");
	plane = await startControlPlane({ folder });
	process.stdout.write("Starting the controller: npm run -s bmc -- run --standalone …\n");
	controller = await startController({ folder, kubeconfig: plane.kubeconfig });
	for (const step of STORY) await runStep(plane, step);
} finally {
	await controller?.terminate();
	await plane?.stop();
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
