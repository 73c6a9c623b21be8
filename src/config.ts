// The only reader of argv and environment. Everything else gets the frozen Config, or a part of it, as an argument.

import { nearestName } from "./api/nearest.ts";
import { type Arguments, parseArguments, UsageMistake } from "./config/arguments.ts";
import { type LeaderElectionConfig, leaderElectionOf, type RedisConfig, redisOf } from "./config/availability.ts";
import { ownNamespace, type SelfManaged, selfManagedOf } from "./config/certificates.ts";
import { COMMANDS, type Command, DEFAULT_BACKUP_MAKER_IMAGE, SHELLS, type Shell } from "./config/flags.ts";
import { commandHelp, programHelp } from "./config/help.ts";
import {
	type BindAddress,
	bindAddress,
	hostAndPort,
	image,
	labelValue,
	namespaces,
	oneOf,
	webhookUrl,
} from "./config/values.ts";
import type { Settings } from "./domain/settings.ts";

export type { LeaderElectionConfig, RedisConfig } from "./config/availability.ts";
export { DEFAULT_BACKUP_MAKER_IMAGE } from "./config/flags.ts";
export type { BindAddress } from "./config/values.ts";

/** The least important that is logged. */
export type LogLevel = "debug" | "info" | "warn" | "error";

export interface RunConfig {
	readonly command: "run";
	readonly logLevel: LogLevel;
	/** Where this program runs. Undefined outside of a pod, where nobody said so. */
	readonly namespace: string | undefined;
	/** Undefined: the pod's service account. */
	readonly kubeconfig: string | undefined;
	/** What names `kubeconfig`, for messages: `--kubeconfig`, `$KUBECONFIG`, or the default; empty without one. */
	readonly kubeconfigSource: string;
	/** The API server's URL as a pod is told it; used without `kubeconfig`. */
	readonly inClusterServer: string | undefined;
	readonly webhookBindAddress: BindAddress;
	/** PEM file with the authorities of those who may ask for reviews. Undefined: everybody may. */
	readonly webhookClientAuthority: string | undefined;
	/** Undefined: not served. */
	readonly metricsBindAddress: BindAddress | undefined;
	/** Undefined: not served. */
	readonly healthProbeBindAddress: BindAddress | undefined;
	/** One of `certsDir`, `selfManaged` and `standalone` is there. */
	readonly certsDir: string | undefined;
	readonly selfManaged: SelfManaged | undefined;
	/** Empty: all. */
	readonly watchNamespaces: readonly string[];
	readonly settings: Settings;
	/** File with defaults for the pods of all Jobs; whoever reads it puts them into `settings`. */
	readonly jobDefaults: string | undefined;
	/** Whether a restore takes the verb `restore` on the ScheduledBackup. */
	readonly requireRestoreRight: boolean;
	/** Folder with manifests of ClusterBackupProcedureTemplates to apply. */
	readonly templatesDir: string | undefined;
	/** Tells these templates from those of another installation in the same cluster: the value of a label, maybe empty. */
	readonly installation: string;
	/** Undefined: certificates and registration are somebody else's. */
	readonly standalone: { readonly webhookUrl: string; readonly cleanup: boolean } | undefined;
	/** Names this replica to people. */
	readonly identity: string;
	/** Undefined: this replica works whatever others do. */
	readonly leaderElection: LeaderElectionConfig | undefined;
	/** Undefined: locks are in memory. */
	readonly redis: RedisConfig | undefined;
}

export type OutputFormat = "text" | "json" | "yaml";

export interface FilesConfig {
	readonly command: "lint" | "render";
	/** Files, folders, or `-`; at least one. */
	readonly files: readonly string[];
	/** Default: text for lint, yaml for render. */
	readonly output: OutputFormat;
	readonly settings: Settings;
	/** File with defaults for the pods of all Jobs. */
	readonly jobDefaults: string | undefined;
}

export type Config =
	| RunConfig
	| FilesConfig
	| { readonly command: "crds" }
	| { readonly command: "version" }
	| { readonly command: "completion"; readonly shell: Shell }
	/** To be printed on standard output, exit code 0. */
	| { readonly command: "help"; readonly text: string };

/** To be printed on standard error, exit code 2. */
export interface UsageError {
	readonly command: "usage-error";
	readonly message: string;
}

const PROGRAM_NAME = "backup-maker-controller";

/**
 * Reads the command line.
 * @param argv without node and script.
 * @param env KUBECONFIG, KUBERNETES_SERVICE_HOST and HOME say where the API server is, where no flag does; POD_NAMESPACE,
 * POD_NAME and HOSTNAME who we are; REDIS_PASSWORD and REDIS_SENTINEL_PASSWORD are secret.
 */
export const parseConfiguration = (
	argv: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): Config | UsageError => {
	try {
		return deepFreeze(parse(argv, env));
	} catch (error) {
		if (error instanceof UsageMistake) return { command: "usage-error", message: error.message };
		throw error;
	}
};

const parse = (argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Config => {
	const [name, ...rest] = argv;
	if (name === undefined) throw new UsageMistake(`a command is needed\n\n${programHelp()}`);
	if (name === "--help" || name === "-h") return { command: "help", text: programHelp() };
	if (name === "--version") return { command: "version" };
	const command = commandNamed(name);
	const given = parseArguments(command, rest);
	if (given.switches.get("help")) return { command: "help", text: commandHelp(command) };
	if (command.name === "completion") return completionConfig(given);
	if (command.name === "help") return helpConfig(given);
	if (command.files && given.files.length === 0)
		throw new UsageMistake(`${name} needs a file, a folder, or - for stdin`);
	if (!command.files && given.files.length > 0)
		throw new UsageMistake(`${name} takes no arguments, but got ${JSON.stringify(given.files[0])}`);
	if (command.name === "run") return runConfig(command, given, env);
	return command.name === "crds" ? { command: "crds" } : filesConfig(command.name, command, given);
};

const completionConfig = ({ files }: Arguments): Config => {
	const shell = SHELLS.find((known) => known === files[0]);
	if (shell === undefined || files.length !== 1)
		throw new UsageMistake(`completion requires one shell: ${SHELLS.join(", ")}`);
	return { command: "completion", shell };
};

const helpConfig = ({ files: [name, ...rest] }: Arguments): Config => {
	if (rest.length > 0) throw new UsageMistake(`help takes one command, but got ${JSON.stringify(rest[0])} too`);
	return { command: "help", text: name === undefined ? programHelp() : commandHelp(commandNamed(name)) };
};

/** @throws UsageMistake */
const commandNamed = (name: string): Command => {
	const command = COMMANDS.find((candidate) => candidate.name === name);
	if (command === undefined) throw unknownCommand(name);
	return command;
};

const unknownCommand = (name: string): UsageMistake => {
	const meant = nearestName(
		name,
		COMMANDS.map((command) => command.name),
	);
	const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
	return new UsageMistake(`unknown command ${JSON.stringify(name)}${hint}\n\n${programHelp()}`);
};

/** The flag's value, or its default from the table; an empty text counts as not given. */
const flagText = (command: Command, given: Arguments, name: string): string | undefined =>
	given.values.get(name) || command.flags.find((flag) => flag.name === name)?.default;

const settingsOf = (command: Command, given: Arguments): Settings => ({
	backupMakerImage: image(
		"backup-maker-image",
		flagText(command, given, "backup-maker-image") ?? DEFAULT_BACKUP_MAKER_IMAGE,
	),
	missingReferences: oneOf("missing-references", flagText(command, given, "missing-references") ?? "", [
		"deny",
		"warn",
	]),
	allowPrivilegedPods: given.switches.get("allow-privileged-pods") ?? false,
});

const filesConfig = (name: "lint" | "render", command: Command, given: Arguments): FilesConfig => ({
	command: name,
	files: given.files,
	output: oneOf("output", given.values.get("output") ?? (name === "lint" ? "text" : "yaml"), ["text", "json", "yaml"]),
	settings: settingsOf(command, given),
	jobDefaults: given.values.get("job-defaults") || undefined,
});

/** A flag, then the environment, then the pod we may run in, then what kubectl reads too. */
const kubeconfigOf = (
	given: Arguments,
	env: Readonly<Record<string, string | undefined>>,
): Pick<RunConfig, "kubeconfig" | "kubeconfigSource"> => {
	const flag = given.values.get("kubeconfig");
	if (flag) return { kubeconfig: flag, kubeconfigSource: "--kubeconfig" };
	if (env.KUBECONFIG) return { kubeconfig: env.KUBECONFIG, kubeconfigSource: "$KUBECONFIG" };
	if (env.KUBERNETES_SERVICE_HOST) return { kubeconfig: undefined, kubeconfigSource: "" };
	if (env.HOME) return { kubeconfig: `${env.HOME}/.kube/config`, kubeconfigSource: "--kubeconfig (default)" };
	throw new UsageMistake("--kubeconfig is needed: there is no $KUBECONFIG, no $HOME, and this is no pod");
};

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
const inClusterServerOf = (env: Readonly<Record<string, string | undefined>>): string | undefined => {
	const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = env;
	if (!host) return undefined;
	return `https://${hostAndPort({ host, port })}`;
};

const standaloneOf = (given: Arguments): RunConfig["standalone"] => {
	const url = given.values.get("webhook-url");
	const cleanup = given.switches.get("cleanup") ?? false;
	if (given.switches.get("standalone")) {
		if (!url) throw new UsageMistake("--standalone needs --webhook-url, such as https://127.0.0.1:9443");
		return { webhookUrl: webhookUrl("webhook-url", url), cleanup };
	}
	if (url) throw new UsageMistake("--webhook-url needs --standalone");
	if (cleanup) throw new UsageMistake("--cleanup needs --standalone");
	return undefined;
};

const logLevelOf = (command: Command, given: Arguments): LogLevel => {
	const level = oneOf("log-level", flagText(command, given, "log-level") ?? "", ["debug", "info", "warn", "error"]);
	return given.switches.get("debug") ? "debug" : level;
};

const runConfig = (
	command: Command,
	given: Arguments,
	env: Readonly<Record<string, string | undefined>>,
): RunConfig => {
	const address = (name: string): BindAddress | undefined => bindAddress(name, flagText(command, given, name) ?? "");
	const webhookBindAddress = address("webhook-bind-address");
	if (webhookBindAddress === undefined) throw new UsageMistake("--webhook-bind-address cannot be turned off");
	const redis = redisOf(given, env);
	const standalone = standaloneOf(given);
	const certsDir = given.values.get("certs-dir") || undefined;
	const namespace = ownNamespace(given, env);
	const selfManaged = selfManagedOf(given, (flag) => flagText(command, given, flag), namespace);
	if (standalone === undefined && certsDir === undefined && selfManaged === undefined)
		throw new UsageMistake(
			"run needs --certs-secret, --certs-dir with tls.crt and tls.key, or --standalone with --webhook-url",
		);
	return {
		command: "run",
		logLevel: logLevelOf(command, given),
		namespace,
		...kubeconfigOf(given, env),
		inClusterServer: inClusterServerOf(env),
		webhookBindAddress,
		webhookClientAuthority: given.values.get("webhook-client-ca-file") || undefined,
		metricsBindAddress: address("metrics-bind-address"),
		healthProbeBindAddress: address("health-probe-bind-address"),
		certsDir,
		selfManaged,
		watchNamespaces: namespaces("watch-namespaces", given.values.get("watch-namespaces") ?? ""),
		settings: settingsOf(command, given),
		jobDefaults: given.values.get("job-defaults") || undefined,
		requireRestoreRight: given.switches.get("require-restore-right") ?? true,
		templatesDir: given.values.get("templates-dir") || undefined,
		installation: labelValue("installation", given.values.get("installation")) ?? namespace ?? "",
		standalone,
		identity: env["POD_NAME"] || env["HOSTNAME"] || PROGRAM_NAME,
		leaderElection: leaderElectionOf(given, (flag) => flagText(command, given, flag) ?? "", namespace, redis),
		redis,
	};
};

const deepFreeze = <T>(value: T): T => {
	if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		Object.values(value).forEach(deepFreeze);
	}
	return value;
};
