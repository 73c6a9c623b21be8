// Who we are and where the API server is. client-node reads kubeconfig files, in-cluster mounts, tokens and exec
// plugins; this file keeps what it says fresh: tokens, certificates and the CA are all rotated while we run.
import { readFile } from "node:fs/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { load } from "js-yaml";
import type { Clock } from "./clock.ts";
import { errorFromFailure } from "./failures.ts";

/** What a TLS connection needs; absent parts are Node's defaults. */
export interface TlsMaterial {
	ca?: string | Buffer;
	cert?: string | Buffer;
	key?: string | Buffer;
	rejectUnauthorized?: boolean;
	servername?: string;
}

export interface Credentials {
	/** Base URL of the API server, which may have a path of its own. */
	readonly server: URL;
	/** Authorization and impersonation headers, at most `FRESH_FOR` old. */
	headers(): Promise<Record<string, string>>;
	/** Never undefined parts; the same object as long as nothing changed. */
	tls(): Promise<TlsMaterial>;
	/** Forgets everything read so far: the API server said 401. */
	reload(): void;
}

/** Milliseconds. client-node keeps a token file for 60 s at most; this only saves reading the CA for each request. */
const FRESH_FOR = 10_000;

/** `tokenFile` of kubeconfig's user, which client-node does not read: by user name. */
const tokenFiles = (kubeconfig: string): Map<string, string> => {
	const parsed = load(kubeconfig) as { users?: { name?: string; user?: { tokenFile?: string } }[] } | undefined;
	const files = new Map<string, string>();
	for (const { name, user } of parsed?.users ?? [])
		if (name !== undefined && typeof user?.tokenFile === "string") files.set(name, user.tokenFile);
	return files;
};

const loadKubeConfig = async (path: string | undefined): Promise<KubeConfig> => {
	const config = new KubeConfig();
	if (path === undefined) {
		config.loadFromCluster();
		return config;
	}
	config.loadFromFile(path);
	const files = tokenFiles(await readFile(path, "utf8"));
	config.users = config.users.map((user) => {
		const tokenFile = files.get(user.name);
		return tokenFile === undefined || user.token
			? user
			: { ...user, authProvider: { name: "tokenFile", config: { tokenFile } } };
	});
	return config;
};

const serverOf = (config: KubeConfig): URL => {
	const cluster = config.getCurrentCluster();
	if (!cluster) throw new Error("the kubeconfig has no current context with a cluster");
	if (cluster.proxyUrl) throw new Error("proxy-url in a kubeconfig is not supported");
	return new URL(cluster.server);
};

interface Material {
	headers: Record<string, string>;
	tls: TlsMaterial;
	readAt: number;
}

type HttpsOptions = TlsMaterial & { headers?: Record<string, string>; auth?: string; agent?: unknown };

const readMaterial = async (config: KubeConfig, now: number): Promise<Material> => {
	const options: HttpsOptions = {};
	await config.applyToHTTPSOptions(options as Parameters<KubeConfig["applyToHTTPSOptions"]>[0]);
	const { headers, auth, agent: _unused, ...tls } = options;
	const basic = auth === undefined ? {} : { authorization: `Basic ${Buffer.from(auth).toString("base64")}` };
	return { headers: { ...headers, ...basic }, tls: definedOnly(tls), readAt: now };
};

const definedOnly = (tls: TlsMaterial): TlsMaterial =>
	Object.fromEntries(
		Object.entries({
			ca: tls.ca,
			cert: tls.cert,
			key: tls.key,
			rejectUnauthorized: tls.rejectUnauthorized,
			servername: tls.servername,
		}).filter(([, value]) => value !== undefined),
	);

/** Whether a connection made with one would be like one made with the other. */
export const sameTls = (left: TlsMaterial, right: TlsMaterial): boolean =>
	JSON.stringify(left) === JSON.stringify(right);

/**
 * Reads the kubeconfig, or the service account's mounts where none is given.
 * @throws UnavailableError where they cannot be read; its message holds no part of them.
 */
export const loadCredentials = async (kubeconfig: string | undefined, clock: Clock): Promise<Credentials> => {
	let config = await attempt("load the kubeconfig", () => loadKubeConfig(kubeconfig));
	const server = serverOf(config);
	let material: Promise<Material> | undefined;
	let tls: TlsMaterial | undefined;
	let stale = false;

	const read = async (): Promise<Material> => {
		if (stale) config = await loadKubeConfig(kubeconfig);
		stale = false;
		return readMaterial(config, clock.now());
	};
	const current = async (): Promise<Material> => {
		const known = await material;
		if (known !== undefined && clock.now() - known.readAt < FRESH_FOR) return known;
		material = attempt("read credentials", read);
		material.catch(() => {
			material = undefined;
		});
		return material;
	};
	return {
		server,
		headers: async () => (await current()).headers,
		tls: async () => {
			const now = (await current()).tls;
			if (tls === undefined || !sameTls(tls, now)) tls = now;
			return tls;
		},
		reload: () => {
			stale = true;
			material = undefined;
		},
	};
};

const attempt = async <T>(operation: string, action: () => Promise<T>): Promise<T> => {
	try {
		return await action();
	} catch (error) {
		throw errorFromFailure(operation, "failed", error);
	}
};
