// Runs a command over a file system that is a Map, and the manifests that the tests of commands share.
import { type CommandWorld, runCommand } from "../../src/cli/commands.ts";
import type { FilesConfig } from "../../src/config.ts";
import { settings } from "../fixtures/seed.ts";
import { inspector } from "../gather/world.ts";

export const BACKUP = `# the first line
apiVersion: riotkit.org/v1alpha1
kind: ScheduledBackup
metadata:
  name: app1
spec:
  operation: backup
  collectionId: "1"
  cronJob: {}
  gpgKeySecretRef: {secretName: keys}
  templateRef: {name: plain}
  varsSecretRef:
    secretName: vars
    importOnlyKeys: [Params.a]
`;

export const TEMPLATE = `apiVersion: riotkit.org/v1alpha1
kind: ClusterBackupProcedureTemplate
metadata: {name: plain}
spec: {image: "tools:v1", backup: "echo {{ .Params.a }}", restore: "echo {{ .Params.a }}"}
`;

export const SECRETS = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: {name: vars, namespace: default}
    data: {Params.a: b3ZlcndyaXR0ZW4=}
    stringData: {Params.a: canary, ignored: 5}
  - apiVersion: v1
    kind: Secret
    metadata: {name: keys}
    stringData: {key: private x, key.pub: "public me@example.org"}
`;

export const ACTION = `apiVersion: riotkit.org/v1alpha1
kind: RequestedBackupAction
metadata: {generateName: now-}
spec: {action: backup, scheduledBackupRef: {name: app1}}
`;

export interface Ran {
	code: number;
	out: string;
	error: string;
}

const missing = (path: string): Error => Object.assign(new Error(`no ${path}`), { code: "ENOENT" });

export const run = async (
	files: Record<string, string>,
	config: Partial<FilesConfig> | { command: string },
): Promise<Ran> => {
	const result: Ran = { code: -1, out: "", error: "" };
	const world: CommandWorld = {
		system: {
			isFolder: async (path) => {
				if (files[path] !== undefined) return false;
				if (Object.keys(files).some((file) => file.startsWith(`${path}/`))) return true;
				throw missing(path);
			},
			list: async (folder) => [
				...new Set(
					Object.keys(files)
						.filter((file) => file.startsWith(`${folder}/`))
						.map((file) => file.slice(folder.length + 1).split("/")[0] as string),
				),
			],
			read: async (file) => files[file] as string,
			readStandardInput: async () => files["-"] as string,
		},
		inspector: inspector(),
		readCrds: async () => ["# one\na: 1\n", "---\nb: 2\n\n"],
		readVersion: async () => "1.2.3",
		print: (text) => {
			result.out += text;
		},
		printError: (text) => {
			result.error += text;
		},
	};
	const whole = { command: "lint", files: Object.keys(files), output: "text", settings, ...config };
	result.code = await runCommand(whole as FilesConfig, world);
	return result;
};

export const all = { "b.yaml": BACKUP, "t.yaml": TEMPLATE, "s.yaml": SECRETS, "a.yaml": ACTION };
export const warn = { settings: { ...settings, missingReferences: "warn" as const } };
