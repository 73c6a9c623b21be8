// `make cluster-up`: a control plane that stays, for trying things by hand. Prints the kubeconfig's path.
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startControlPlane } from "./controlplane.ts";
import { clusterIsUp, endCluster } from "./state.ts";

const folder = resolve(".cluster");
if (!(await clusterIsUp(folder))) {
	await endCluster(folder);
	await mkdir(folder, { recursive: true });
	const plane = await startControlPlane({ folder, detached: true });
	await writeFile(join(folder, "pids"), plane.pids().join("\n"));
	await writeFile(
		join(folder, "kubectl"),
		`#!/bin/sh\nexec ${plane.binaries.kubectl} --kubeconfig ${plane.kubeconfig} "$@"\n`,
		{
			mode: 0o755,
		},
	);
}
process.stdout.write(`${join(folder, "kubeconfig")}\n`);
process.exit(0);
