// `make cluster-up`: a control plane that stays, for trying things by hand. Prints what to type next.
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { clusterAnnouncement } from "./announcement.ts";
import { startControlPlane } from "./controlplane.ts";
import { clusterIsUp, endCluster } from "./state.ts";

const folder = resolve(".cluster");
const running = await clusterIsUp(folder);
if (!running) {
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
process.stdout.write(clusterAnnouncement(join(folder, "kubeconfig"), running));
process.exit(0);
