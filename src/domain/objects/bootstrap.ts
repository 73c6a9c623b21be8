// How a script gets into its container: which command runs it and what is mounted where.
// A script without tokens runs straight from its ConfigMap. One with tokens is first completed, in memory, by a fixed
// piece of bash (bootstrap.sh), and then runs under the very same path: same bytes, `$0`, stdin and line numbers as if
// its secrets had been rendered in place. No secret is ever part of the command.
import type { PodSpec } from "../../api/kubernetes.ts";
import { containsToken } from "../script/token.ts";
import { BOOTSTRAP_TEXT } from "./bootstrap-text.ts";

/** Where every script runs, as `SCRIPT_DIRECTORY/<file name>`. */
export const SCRIPT_DIRECTORY = "/usr/backup-maker";
/** Where the ConfigMap of a script with tokens is mounted. */
export const SCRIPT_SOURCE_DIRECTORY = "/mnt/backup-maker-script";

/** Volume of the ConfigMap that holds the script. */
export const SCRIPT_VOLUME = "script";
/** Volume in memory that the completed script is written to. */
export const COMPLETED_SCRIPT_VOLUME = "completed-script";

/**
 * Size limit of that volume. A ConfigMap holds at most 1 MiB and all secrets together at most 512 KiB, of which each
 * use takes up to four times as much when transformed; what does not fit makes the run fail before the script starts.
 */
export const COMPLETED_SCRIPT_LIMIT = "16Mi";

/** Volume names and mount paths that users' `volumes` and `volumeMounts` may not use. */
export const RESERVED_VOLUMES: readonly string[] = [SCRIPT_VOLUME, COMPLETED_SCRIPT_VOLUME];
export const RESERVED_MOUNT_PATHS: readonly string[] = [SCRIPT_DIRECTORY, SCRIPT_SOURCE_DIRECTORY];

/** Data key of the ConfigMap and file name in the pod. */
export const scriptFileName = (operation: "backup" | "restore"): string => `${operation}.sh`;

/**
 * The container's `command` for a script with tokens; two paths must follow: the script's source and its target.
 * The text holds neither a dollar sign before a parenthesis nor two dollar signs, which the kubelet would rewrite.
 * `-p`: bash then neither reads BASH_ENV nor takes functions or shell options from the user's environment, so that
 * nothing of it runs while the secrets are at hand. The script itself is run without `-p`.
 */
export const bootstrapCommand = (): string[] => ["/bin/bash", "-p", "-c", BOOTSTRAP_TEXT, "bootstrap"];

/** The whole `command` of the container that runs a script. */
export const scriptCommand = (hasTokens: boolean, fileName: string): string[] =>
	hasTokens
		? [...bootstrapCommand(), `${SCRIPT_SOURCE_DIRECTORY}/${fileName}`, `${SCRIPT_DIRECTORY}/${fileName}`]
		: ["/bin/bash", `${SCRIPT_DIRECTORY}/${fileName}`];

/** What a pod template needs to run a script. */
export interface ScriptParts {
	command: string[];
	volumes: NonNullable<PodSpec["volumes"]>;
	volumeMounts: NonNullable<PodSpec["containers"][number]["volumeMounts"]>;
}

/**
 * Command, volumes and mounts for a script that is stored in a ConfigMap.
 * @param text the rendered script as the ConfigMap holds it: only whether it has tokens is looked at
 */
export const scriptParts = (configMapName: string, fileName: string, text: string): ScriptParts => {
	const hasTokens = containsToken(text);
	const source = { name: SCRIPT_VOLUME, configMap: { name: configMapName } };
	const completed = {
		name: COMPLETED_SCRIPT_VOLUME,
		emptyDir: { medium: "Memory", sizeLimit: COMPLETED_SCRIPT_LIMIT },
	};
	const sourceMount = {
		name: SCRIPT_VOLUME,
		mountPath: hasTokens ? SCRIPT_SOURCE_DIRECTORY : SCRIPT_DIRECTORY,
		readOnly: true,
	};
	const completedMount = { name: COMPLETED_SCRIPT_VOLUME, mountPath: SCRIPT_DIRECTORY };
	return {
		command: scriptCommand(hasTokens, fileName),
		volumes: hasTokens ? [source, completed] : [source],
		volumeMounts: hasTokens ? [sourceMount, completedMount] : [sourceMount],
	};
};
