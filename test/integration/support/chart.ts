// The chart as users meet it: through the real helm, with its caches and settings in the test's own folder.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { Test } from "tap";
import type { KubernetesObject } from "../../../src/api/kubernetes.ts";
import { findHelm } from "../../cluster/binaries.ts";
import { type Execution, execute } from "../../cluster/execute.ts";

export const CHART = "charts/backup-maker-controller";

// biome-ignore lint/suspicious/noExplicitAny: manifests of many kinds, of which tests look at parts
export type Manifest = KubernetesObject & Record<string, any>;

export type Values = Record<string, unknown>;

export interface Helm {
	/** Runs helm; never throws for an exit code. `values` are given as a file. */
	run(args: string[], values?: Values): Promise<Execution>;
	/** What the chart renders as release `bmc` in namespace `backups`. @throws Error with helm's words */
	template(values?: Values, args?: string[]): Promise<Manifest[]>;
}

/** Helm with a folder of its own, that ends with the test. */
export const startHelm = async (t: Test, kubeconfig = "/nonexistent"): Promise<Helm> => {
	const helm = await findHelm();
	const folder = await mkdtemp(join(tmpdir(), "bmc-helm-"));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	const env = {
		KUBECONFIG: kubeconfig,
		HELM_CACHE_HOME: join(folder, "cache"),
		HELM_CONFIG_HOME: join(folder, "config"),
		HELM_DATA_HOME: join(folder, "data"),
	};
	let count = 0;
	const run: Helm["run"] = async (args, values) => {
		if (values === undefined) return execute(helm, args, { env });
		const file = join(folder, `values-${++count}.json`);
		await writeFile(file, JSON.stringify(values));
		return execute(helm, [...args, "--values", file], { env });
	};
	return {
		run,
		async template(values = {}, args = []) {
			const command = ["template", "bmc", CHART, "--namespace", "backups", ...args];
			const { code, stdout, stderr } = await run(command, values);
			if (code !== 0) throw new Error(`helm template ended with ${code}: ${stderr}`);
			return (loadAll(stdout) as (Manifest | null)[]).filter((object) => object !== null);
		},
	};
};

/** The only object of its kind and name; the name may be left out where the kind has one object. @throws Error */
export const find = (objects: readonly Manifest[], kind: string, name?: string): Manifest => {
	const found = objects.filter(
		(object) => object.kind === kind && (name === undefined || object.metadata?.name === name),
	);
	const [only] = found;
	if (only === undefined || found.length > 1) throw new Error(`${found.length} objects are ${kind} ${name ?? ""}`);
	return only;
};
