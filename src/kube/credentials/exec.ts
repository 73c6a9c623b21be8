// Credentials that a program makes: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
import { execFile } from "node:child_process";
import { type ExecPlugin, KubeconfigError } from "./kubeconfig.ts";

export interface ExecCredential {
	token?: string;
	certificate?: string;
	key?: string;
	/** Milliseconds since the epoch; absent: until the API server refuses it. */
	expiresAt?: number;
}

/** Milliseconds. */
const TIMEOUT = 60_000;
const LARGEST_OUTPUT = 1024 * 1024;

/**
 * Runs the plugin, without a terminal.
 * @throws KubeconfigError, which quotes nothing that the plugin printed.
 */
export const runExecPlugin = async (plugin: ExecPlugin): Promise<ExecCredential> => {
	const info = { apiVersion: plugin.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
	const output = await new Promise<string>((resolve, reject) => {
		const options = {
			env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
			timeout: TIMEOUT,
			maxBuffer: LARGEST_OUTPUT,
		};
		const child = execFile(plugin.command, plugin.args, options, (error, stdout) => {
			if (error === null) resolve(stdout);
			else reject(new KubeconfigError(`the exec plugin ${plugin.command} failed (${String(error.code)})`));
		});
		child.stdin?.end();
	});
	return parseCredential(plugin, output);
};

const parseCredential = (plugin: ExecPlugin, output: string): ExecCredential => {
	let status: Record<string, unknown> | undefined;
	try {
		status = (JSON.parse(output) as { status?: Record<string, unknown> } | null)?.status;
	} catch {
		status = undefined;
	}
	if (typeof status !== "object" || status === null)
		throw new KubeconfigError(`the exec plugin ${plugin.command} printed no ExecCredential`);
	const { token, clientCertificateData, clientKeyData, expirationTimestamp } = status;
	const expiresAt = typeof expirationTimestamp === "string" ? Date.parse(expirationTimestamp) : Number.NaN;
	return {
		...(typeof token === "string" ? { token } : {}),
		...(typeof clientCertificateData === "string" ? { certificate: clientCertificateData } : {}),
		...(typeof clientKeyData === "string" ? { key: clientKeyData } : {}),
		...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
	};
};
