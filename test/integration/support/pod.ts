// Runs a pod's container on this machine as a node would: the command that the cluster holds, its environment resolved from
// the Secrets, its volumes at their paths. Real bash, real files; a mount namespace of its own keeps the paths private.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ConfigMap, PodSpec, Secret } from "../../../src/api/kubernetes.ts";
import type { Session } from "../../cluster/session.ts";

export interface PodRun {
	/** Exit code; null where a signal ended it. */
	code: number | null;
	stdout: Buffer;
	stderr: string;
}

export interface PodOptions {
	session: Session;
	namespace: string;
	/** Environment of the image, below what the pod sets; PATH is always there. */
	image?: Record<string, string>;
}

type Container = PodSpec["containers"][number];
type Volume = NonNullable<PodSpec["volumes"]>[number];
type Data = ReadonlyMap<string, Buffer>;

/**
 * Makes a root directory of this machine's programs with the pod's volumes in it, and becomes the container's process.
 * Arguments: the new root, the list of mounts (lines of kind, source or size, path), the environment (each entry ended by
 * NUL), the command.
 */
const ENTER = `set -euo pipefail
root=$1 mounts=$2 environment=$3
shift 3
mount -t tmpfs root "$root"
link() {
	if [[ -L $1 ]]; then cp -P "$1" "$root$1"
	elif [[ -d $1 ]]; then mkdir -p "$root$1" && mount --rbind "$1" "$root$1"
	fi
}
for entry in /*; do [[ $entry == /usr || $entry == /mnt ]] || link "$entry"; done
mkdir "$root/usr"
for entry in /usr/*; do link "$entry"; done
while IFS=$'\\t' read -r kind source path; do
	mkdir -p "$root$path"
	if [[ $kind == memory ]]; then mount -t tmpfs -o "size=$source" volume "$root$path"
	else mount --bind "$source" "$root$path" && mount -o remount,bind,ro "$root$path"
	fi
done <"$mounts"
mapfile -d '' -t entries <"$environment"
exec chroot "$root" /usr/bin/env -i "\${entries[@]}" "$@"
`;

const decoded = (data: Record<string, string> | undefined, encoding: "utf8" | "base64"): Data =>
	new Map(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, encoding)]));

const readData = async (
	{ session, namespace }: PodOptions,
	kind: "secret" | "configmap",
	name: string,
): Promise<Data> => {
	const object: Secret & ConfigMap = await session.json(`get ${kind} -n ${namespace} ${name}`);
	if (object === undefined) throw new Error(`the pod does not start: no ${kind} "${name}"`);
	return decoded(object.data, kind === "secret" ? "base64" : "utf8");
};

const dataOf = (data: Data, key: string, where: string): Buffer => {
	const value = data.get(key);
	if (value === undefined) throw new Error(`the pod does not start: couldn't find key ${key} in ${where}`);
	return value;
};

/** https://pkg.go.dev/k8s.io/kubernetes/third_party/forked/golang/expansion#Expand */
const expand = (text: string, environment: ReadonlyMap<string, string>): string =>
	text.replace(/\$(?:\$|\(([^()]*)\))/g, (found, name?: string) =>
		name === undefined ? "$" : (environment.get(name) ?? found),
	);

/** As the kubelet resolves it: `envFrom` in order, then `env` over it. */
const environmentOf = async (options: PodOptions, container: Container): Promise<Map<string, string>> => {
	const environment = new Map<string, string>();
	for (const { prefix = "", secretRef, configMapRef } of container.envFrom ?? []) {
		const [kind, name] =
			secretRef === undefined ? (["configmap", configMapRef?.name] as const) : (["secret", secretRef.name] as const);
		for (const [key, value] of await readData(options, kind, name ?? ""))
			environment.set(prefix + key, value.toString());
	}
	for (const { name, value, valueFrom } of container.env ?? []) {
		const reference = valueFrom?.secretKeyRef;
		if (reference === undefined) environment.set(name, expand(value ?? "", environment));
		else {
			const data = await readData(options, "secret", reference.name ?? "");
			environment.set(name, dataOf(data, reference.key, `Secret "${reference.name}"`).toString());
		}
	}
	return environment;
};

const writeFiles = async (
	folder: string,
	data: Data,
	items: { key: string; path: string }[] | undefined,
	where: string,
) => {
	const files = items ?? [...data.keys()].map((key) => ({ key, path: key }));
	for (const { key, path } of files) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), dataOf(data, key, where));
	}
};

/** One line of the list of mounts. */
const mountOf = async (options: PodOptions, folder: string, volume: Volume, path: string): Promise<string> => {
	const { name, configMap, secret, emptyDir } = volume;
	if (emptyDir !== undefined)
		return `memory\t${(emptyDir.sizeLimit ?? "64Mi").replace(/i$/, "").toLowerCase()}\t${path}`;
	const source = join(folder, name);
	await mkdir(source);
	const [kind, from] =
		secret === undefined ? (["configmap", configMap?.name] as const) : (["secret", secret.secretName] as const);
	const items = secret === undefined ? configMap?.items : secret.items;
	await writeFiles(source, await readData(options, kind, from ?? ""), items, `${kind} "${from}"`);
	return `files\t${source}\t${path}`;
};

const mountsOf = (
	options: PodOptions,
	folder: string,
	{ containers: [container], volumes = [] }: PodSpec,
): Promise<string[]> =>
	Promise.all(
		(container?.volumeMounts ?? []).map(({ name, mountPath }) => {
			const volume = volumes.find((one) => one.name === name);
			if (volume === undefined) throw new Error(`no volume "${name}"`);
			return mountOf(options, folder, volume, mountPath);
		}),
	);

/** Whoever is not root becomes it in a user namespace. */
const unshare = process.getuid?.() === 0 ? ["--mount"] : ["--map-root-user", "--mount"];

const run = (folder: string, command: string[]): Promise<PodRun> =>
	new Promise((resolve, reject) => {
		const enter = [
			"bash",
			"-c",
			ENTER,
			"enter",
			join(folder, "root"),
			join(folder, "mounts"),
			join(folder, "environment"),
		];
		// No terminal, and nothing on stdin: as in a pod.
		const child = spawn("setsid", ["-w", "unshare", ...unshare, ...enter, ...command], {
			stdio: ["ignore", "pipe", "pipe"],
		});
		const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
		child.stdout.on("data", (chunk) => stdout.push(chunk));
		child.stderr.on("data", (chunk) => stderr.push(chunk));
		child.on("error", reject);
		child.on("close", (code) =>
			resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
		);
	});

/**
 * Runs the pod's only container to its end.
 * @throws Error where a kubelet would not start it: a Secret, ConfigMap or key is missing
 */
export const runPod = async (options: PodOptions, spec: PodSpec): Promise<PodRun> => {
	const [container] = spec.containers;
	if (container === undefined) throw new Error("no container");
	const folder = await mkdtemp(join(tmpdir(), "pod-"));
	try {
		await mkdir(join(folder, "root"));
		const own = await environmentOf(options, container);
		const environment = new Map([...Object.entries({ PATH: process.env["PATH"] ?? "", ...options.image }), ...own]);
		const entries = [...environment].map(([name, value]) => `${name}=${value}\0`);
		await writeFile(join(folder, "environment"), entries.join(""));
		const lines = await mountsOf(options, folder, spec);
		await writeFile(join(folder, "mounts"), lines.map((line) => `${line}\n`).join(""));
		const command = [...(container.command ?? []), ...(container.args ?? [])].map((word) => expand(word, own));
		return await run(folder, command);
	} finally {
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
};

/** The pod that the CronJob would start. */
export const scheduledPod = async (session: Session, namespace: string, name: string): Promise<PodSpec> =>
	(await session.json(`get cronjob -n ${namespace} ${name}`)).spec.jobTemplate.spec.template.spec;

/** The pod of an action's Job. */
export const jobPod = async (session: Session, namespace: string, name: string): Promise<PodSpec> =>
	(await session.json(`get job -n ${namespace} ${name}`)).spec.template.spec;
