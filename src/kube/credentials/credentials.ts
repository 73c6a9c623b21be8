// Who we are, and where the API server is. Tokens, certificates and CAs are rotated while we run, so their files are
// read again and again, and after a 401 everything is.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { errorFromFailure } from "../failures.ts";
import { type ExecCredential, runExecPlugin } from "./exec.ts";
import { type Access, type AuthProvider, readKubeconfig, type Source } from "./kubeconfig.ts";
import type { TokenProvider } from "./providers.ts";

/** What a TLS connection needs; absent parts are Node's defaults. */
export interface TlsMaterial {
	ca?: string;
	cert?: string;
	key?: string;
	rejectUnauthorized?: boolean;
	servername?: string;
}

export type Headers = Record<string, string | string[]>;

export interface Credentials {
	/** Base URL of the API server, which may have a path of its own. */
	readonly server: URL;
	/** Authorization and impersonation headers, at most `FRESH_FOR` old. */
	headers(): Promise<Headers>;
	/** The same object as long as nothing changed. */
	tls(): Promise<TlsMaterial>;
	/** Forgets everything read so far: the API server said 401. */
	reload(): void;
}

export interface CredentialsOptions {
	/** File; the service account of the pod where absent. */
	kubeconfig?: string | undefined;
	/** In a pod: the API server's URL. */
	inClusterServer?: string | undefined;
	/** In a pod: where the service account is mounted. */
	serviceAccountFolder?: string;
	clock: Clock;
}

/** Milliseconds; a rotated token must be in use within 60 s. */
const FRESH_FOR = 30_000;
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

const inClusterAccess = (options: CredentialsOptions): Access => {
	const folder = options.serviceAccountFolder ?? SERVICE_ACCOUNT;
	return {
		server: new URL(options.inClusterServer ?? "https://kubernetes.default.svc"),
		insecure: false,
		certificateAuthority: { file: join(folder, "ca.crt") },
		token: { file: join(folder, "token") },
		headers: {},
	};
};

interface Material {
	headers: Headers;
	tls: TlsMaterial;
	/** Milliseconds since the epoch. */
	staleAt: number;
}

const contentOf = async (source: Source | undefined): Promise<string | undefined> => {
	if (source === undefined) return undefined;
	return "content" in source ? source.content : readFile(source.file, "utf8");
};

const authorization = (access: Access, token: string | undefined): Headers => {
	if (token) return { authorization: `Bearer ${token.trim()}` };
	return access.basic === undefined ? {} : { authorization: `Basic ${Buffer.from(access.basic).toString("base64")}` };
};

const readMaterial = async (access: Access, exec: ExecCredential | undefined, now: number): Promise<Material> => {
	const [ca, cert, key, token] = await Promise.all(
		[access.certificateAuthority, access.certificate, access.key, access.token].map(contentOf),
	);
	const tls: TlsMaterial = Object.fromEntries(
		Object.entries({
			ca,
			cert: exec?.certificate ?? cert,
			key: exec?.key ?? key,
			rejectUnauthorized: access.insecure ? false : undefined,
			servername: access.serverName,
		}).filter(([, value]) => value !== undefined),
	);
	const headers = { ...access.headers, ...authorization(access, exec?.token ?? token) };
	return { headers, tls, staleAt: Math.min(now + FRESH_FOR, exec?.expiresAt ?? Number.POSITIVE_INFINITY) };
};

/** The provider of the last user, kept over a reload: a refresh token may be used once, and the file has the old one. */
const rememberedProvider = () => {
	let last: { config: string; provider: TokenProvider } | undefined;
	return {
		of: async (authProvider: AuthProvider): Promise<TokenProvider> => {
			const config = JSON.stringify(authProvider);
			if (last?.config !== config) {
				const { createTokenProvider } = await import("./providers.ts");
				last = { config, provider: createTokenProvider(authProvider) };
			}
			return last.provider;
		},
	};
};

/**
 * Reads the kubeconfig, or takes the service account's mounts where none is given.
 * @throws UnavailableError where they cannot be read; its message and cause hold no part of them.
 */
export const loadCredentials = async (options: CredentialsOptions): Promise<Credentials> => {
	const { clock, kubeconfig } = options;
	const readAccess = async (): Promise<Access> =>
		kubeconfig === undefined ? inClusterAccess(options) : await readKubeconfig(kubeconfig);
	const { server } = await attempt(readAccess);
	let access: Access | undefined;
	let exec: ExecCredential | undefined;
	const providers = rememberedProvider();
	let material: Promise<Material> | undefined;
	let reading: Promise<Material> | undefined;
	let tls: TlsMaterial | undefined;

	const makeCredential = async ({ exec: plugin, authProvider }: Access): Promise<ExecCredential | undefined> => {
		if (plugin !== undefined) return runExecPlugin(plugin);
		return authProvider === undefined ? undefined : (await providers.of(authProvider)).credential();
	};
	const read = async (): Promise<Material> => {
		access ??= await readAccess();
		const now = clock.now();
		if (exec === undefined || (exec.expiresAt ?? now + 1) <= now) exec = await makeCredential(access);
		return readMaterial(access, exec, now);
	};
	/** One read at a time, however many requests wait for it; a failed one is tried again by the next request. */
	const current = async (): Promise<Material> => {
		const known = await material?.catch(() => undefined);
		if (known !== undefined && clock.now() < known.staleAt) return known;
		if (reading === undefined) {
			reading = attempt(read).finally(() => {
				reading = undefined;
			});
			material = reading;
		}
		return reading;
	};
	return {
		server,
		headers: async () => (await current()).headers,
		tls: async () => {
			const { tls: now } = await current();
			if (tls === undefined || JSON.stringify(tls) !== JSON.stringify(now)) tls = now;
			return tls;
		},
		reload: () => {
			access = undefined;
			exec = undefined;
			material = undefined;
		},
	};
};

const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
	try {
		return await action();
	} catch (error) {
		throw errorFromFailure("read credentials", "failed", error);
	}
};
