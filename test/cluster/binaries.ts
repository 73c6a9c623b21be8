// Where the control plane's programs come from: a folder that KUBEBUILDER_ASSETS names, or our own builds from Go
// modules, cached per version outside the tree. Nothing is downloaded but source that go.sum pins.
import { spawn } from "node:child_process";
import { access, mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Absolute paths of the programs. */
export interface Binaries {
	etcd: string;
	"kube-apiserver": string;
	"kube-controller-manager": string;
	kubectl: string;
}

const TOOLS = join(import.meta.dirname, "tools");
const BUILD = ["build", "-trimpath", "-buildvcs=false"];
const KUBERNETES = ["kube-apiserver", "kube-controller-manager", "kubectl"] as const;

const cacheFolder = (): string =>
	join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "backup-maker-controller");

const exists = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	);

const moduleVersion = async (folder: string, module: string): Promise<string> => {
	const text = await readFile(join(folder, "go.mod"), "utf8");
	const version = new RegExp(`^\\s*(?:require )?${module.replaceAll(".", "\\.")} (v\\S+)`, "m").exec(text)?.[1];
	if (version === undefined) throw new Error(`${folder}/go.mod requires no ${module}`);
	return version;
};

const run = async (folder: string, args: string[], label: string): Promise<void> => {
	const started = Date.now();
	const progress = setInterval(() => {
		process.stderr.write(`… still building ${label}, ${Math.round((Date.now() - started) / 1000)} s\n`);
	}, 20_000);
	const child = spawn("go", args, {
		cwd: folder,
		env: { ...process.env, CGO_ENABLED: "0" },
		stdio: ["ignore", "inherit", "inherit"],
	});
	try {
		await new Promise<void>((resolve, reject) => {
			child.on("error", (cause) => reject(new Error("Go is needed to build the test control plane", { cause })));
			child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`go ${args[0]} ended with ${code}`))));
		});
	} finally {
		clearInterval(progress);
	}
};

/**
 * Finds or builds the one program of a family: `tools/NAME/go.mod` pins it.
 * In: the family, which is the program's name too; its module; its package, where that is not the module itself.
 * Out: its absolute path. @throws Error where Go is missing or the build fails
 */
export const findProgram = async (name: string, module: string, program = module): Promise<string> => {
	const folder = join(TOOLS, name);
	const path = join(cacheFolder(), `${name}-${await moduleVersion(folder, module)}`, "bin", name);
	if (!(await exists(path))) {
		process.stderr.write(`building ${name} (once per version)\n`);
		await run(folder, [...BUILD, "-ldflags", "-s -w", "-o", path, program], name);
	}
	return path;
};

const etcd = (): Promise<string> => findProgram("etcd", "go.etcd.io/etcd/server/v3");

/** Helm, as users have it. */
export const findHelm = (): Promise<string> => findProgram("helm", "helm.sh/helm/v4", "helm.sh/helm/v4/cmd/helm");

const kubernetes = async (wanted: readonly string[]): Promise<string> => {
	const version = await moduleVersion(join(TOOLS, "kubernetes"), "k8s.io/kubernetes");
	const target = join(cacheFolder(), `kubernetes-${version}`, "bin");
	const missing: string[] = [];
	for (const name of wanted) if (!(await exists(join(target, name)))) missing.push(name);
	if (missing.length > 0) {
		const [major, minor] = version.slice(1).split(".");
		const variable = "k8s.io/component-base/version";
		const flags = `-s -w -X ${variable}.gitVersion=${version} -X ${variable}.gitMajor=${major} -X ${variable}.gitMinor=${minor}`;
		// All of them in one call: Go then links them side by side. A trailing slash makes `-o` a folder.
		await mkdir(target, { recursive: true });
		process.stderr.write(`building ${missing.join(", ")} ${version} (once per version; 5 to 8 minutes on 2 cores)\n`);
		const packages = missing.map((name) => `k8s.io/kubernetes/cmd/${name}`);
		await run(join(TOOLS, "kubernetes"), [...BUILD, "-ldflags", flags, "-o", `${target}/`, ...packages], "Kubernetes");
	}
	return target;
};

/**
 * Finds or builds the programs.
 * @throws Error where Go is missing or a build fails
 */
export const findBinaries = async (): Promise<Binaries> => {
	const assets = process.env["KUBEBUILDER_ASSETS"];
	if (assets !== undefined && assets !== "") {
		// KUBEBUILDER_ASSETS has no controller-manager, without which no Job ever gets a condition.
		const manager = join(assets, "kube-controller-manager");
		return {
			etcd: join(assets, "etcd"),
			"kube-apiserver": join(assets, "kube-apiserver"),
			kubectl: join(assets, "kubectl"),
			"kube-controller-manager": (await exists(manager))
				? manager
				: join(await kubernetes(["kube-controller-manager"]), "kube-controller-manager"),
		};
	}
	const etcdPath = await etcd();
	const folder = await kubernetes(KUBERNETES);
	return {
		etcd: etcdPath,
		"kube-apiserver": join(folder, "kube-apiserver"),
		"kube-controller-manager": join(folder, "kube-controller-manager"),
		kubectl: join(folder, "kubectl"),
	};
};
