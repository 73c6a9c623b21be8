// A kubeconfig as what a connection needs. Read by ourselves: client-node would do it, but loading that package takes
// 60 MiB of memory and 300 ms for its generated models, and it does not know `tokenFile`.
// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import { readFile } from "node:fs/promises";
import { delimiter, dirname, resolve } from "node:path";
import { load } from "js-yaml";

/** A file to be read again whenever it is needed, or the content itself. */
export type Source = { file: string } | { content: string };

export interface ExecPlugin {
	apiVersion: string;
	command: string;
	args: string[];
	env: Record<string, string>;
}

/** The oldest way to let a program or service make tokens; client-node's KubeConfig knows it (providers.ts). */
export interface AuthProvider {
	name: string;
	config: Record<string, unknown>;
}

/** The auth-providers that KubeConfig knows. */
export const PROVIDERS: readonly string[] = ["oidc", "gcp", "azure"];

/** One cluster and one user. */
export interface Access {
	server: URL;
	certificateAuthority?: Source;
	insecure: boolean;
	serverName?: string;
	certificate?: Source;
	key?: Source;
	token?: Source;
	basic?: string;
	exec?: ExecPlugin;
	authProvider?: AuthProvider;
	/** Impersonation. */
	headers: Record<string, string | string[]>;
}

/** What cannot be used, and why; names fields and files, never values. */
export class KubeconfigError extends Error {
	static readonly code = "EKUBECONFIG";
	/** Kept where the error becomes the cause of another one, unlike its class. */
	readonly code = KubeconfigError.code;
}

type Fields = Record<string, unknown>;
interface Entry {
	/** Relative paths start here. */
	folder: string;
	fields: Fields;
}
interface Entries {
	clusters: Map<string, Entry>;
	users: Map<string, Entry>;
	contexts: Map<string, Entry>;
	currentContext: string | undefined;
}

const isFields = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value);
const text = (fields: Fields, name: string): string | undefined =>
	typeof fields[name] === "string" && fields[name] !== "" ? fields[name] : undefined;

/**
 * Reads the file, or several with `:` between them as in $KUBECONFIG: of two entries of one name the first counts.
 * @throws KubeconfigError, or node:fs errors.
 */
export const readKubeconfig = async (paths: string): Promise<Access> => {
	const files = paths.split(delimiter).filter((path) => path !== "");
	const entries: Entries = { clusters: new Map(), users: new Map(), contexts: new Map(), currentContext: undefined };
	let read = 0;
	for (const file of files) {
		const content = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
			// kubectl too skips the files of a list that do not exist.
			if (files.length > 1 && error.code === "ENOENT") return undefined;
			throw error;
		});
		if (content === undefined) continue;
		addFile(entries, parse(file, content), dirname(resolve(file)));
		read += 1;
	}
	if (read === 0) throw new KubeconfigError("none of these files exists");
	return accessOf(entries);
};

const parse = (file: string, content: string): Fields => {
	let parsed: unknown;
	try {
		parsed = load(content);
	} catch {
		// The parser's message quotes the text, which may be a token.
		throw new KubeconfigError(`${file} is not valid YAML`);
	}
	if (!isFields(parsed)) throw new KubeconfigError(`${file} is not a kubeconfig`);
	return parsed;
};

const SECTIONS = [
	["clusters", "cluster"],
	["users", "user"],
	["contexts", "context"],
] as const;

/** The named items of a section, in order. */
const namedItems = (parsed: Fields, section: string): { name: string; item: Fields }[] => {
	const list: unknown = parsed[section];
	return (Array.isArray(list) ? list.filter(isFields) : []).flatMap((item) => {
		const name = text(item, "name");
		return name === undefined ? [] : [{ name, item }];
	});
};

const addFile = (entries: Entries, parsed: Fields, folder: string): void => {
	entries.currentContext ??= text(parsed, "current-context");
	for (const [section, singular] of SECTIONS)
		for (const { name, item } of namedItems(parsed, section)) {
			const fields = isFields(item[singular]) ? item[singular] : {};
			if (!entries[section].has(name)) entries[section].set(name, { folder, fields });
		}
};

const accessOf = (entries: Entries): Access => {
	const context = entries.contexts.get(entries.currentContext ?? "")?.fields;
	if (context === undefined) throw new KubeconfigError("the kubeconfig has no current context");
	const cluster = entries.clusters.get(text(context, "cluster") ?? "");
	if (cluster === undefined) throw new KubeconfigError("the current context names no known cluster");
	const userName = text(context, "user");
	const user = userName === undefined ? undefined : entries.users.get(userName);
	if (userName !== undefined && user === undefined)
		throw new KubeconfigError("the current context names no known user");
	return { headers: {}, ...clusterAccess(cluster), ...(user === undefined ? {} : userAccess(user)) };
};

/** `<name>-data` in base64, which counts first, or a file `<name>`. */
const source = ({ folder, fields }: Entry, name: string): Source | undefined => {
	const data = text(fields, `${name}-data`);
	if (data !== undefined) return { content: Buffer.from(data, "base64").toString("utf8") };
	const file = text(fields, name);
	return file === undefined ? undefined : { file: resolve(folder, file) };
};

const clusterAccess = (cluster: Entry): Pick<Access, "server" | "insecure"> & Partial<Access> => {
	const { fields } = cluster;
	const server = URL.parse(text(fields, "server") ?? "");
	const insecure = fields["insecure-skip-tls-verify"] === true;
	if (server === null) throw new KubeconfigError("the cluster's server is not a URL");
	if (server.protocol !== "https:" && !(server.protocol === "http:" && insecure))
		throw new KubeconfigError("the cluster's server is not https");
	if (text(fields, "proxy-url") !== undefined) throw new KubeconfigError("proxy-url is not supported");
	return withoutUndefined({
		server,
		insecure,
		certificateAuthority: source(cluster, "certificate-authority"),
		serverName: text(fields, "tls-server-name"),
	});
};

const userAccess = (user: Entry): Partial<Access> => {
	const { fields, folder } = user;
	const [tokenFile, token] = [text(fields, "tokenFile"), text(fields, "token")];
	const username = text(fields, "username");
	return withoutUndefined({
		certificate: source(user, "client-certificate"),
		key: source(user, "client-key"),
		token: tokenFile ? { file: resolve(folder, tokenFile) } : token ? { content: token } : undefined,
		basic: username === undefined ? undefined : `${username}:${text(fields, "password") ?? ""}`,
		exec: isFields(fields.exec) ? execPlugin(fields.exec, folder) : undefined,
		authProvider: isFields(fields["auth-provider"]) ? authProvider(fields["auth-provider"], folder) : undefined,
		headers: impersonation(fields),
	});
};

const execPlugin = (fields: Fields, folder: string): ExecPlugin => {
	const command = text(fields, "command");
	if (command === undefined) throw new KubeconfigError("the user's exec plugin has no command");
	const env = Array.isArray(fields.env) ? fields.env.filter(isFields) : [];
	return {
		apiVersion: text(fields, "apiVersion") ?? "client.authentication.k8s.io/v1",
		// A bare name is looked up in $PATH, a path starts at the kubeconfig.
		command: command.includes("/") ? resolve(folder, command) : command,
		args: Array.isArray(fields.args) ? fields.args.map(String) : [],
		env: Object.fromEntries(env.map((entry) => [text(entry, "name") ?? "", text(entry, "value") ?? ""])),
	};
};

const authProvider = (fields: Fields, folder: string): AuthProvider => {
	const config = isFields(fields["config"]) ? fields["config"] : {};
	const authority = text(config, "idp-certificate-authority");
	return {
		name: text(fields, "name") ?? "",
		config: authority === undefined ? config : { ...config, "idp-certificate-authority": resolve(folder, authority) },
	};
};

const impersonation = (fields: Fields): Record<string, string | string[]> => {
	const [user, uid, groups] = [text(fields, "as"), text(fields, "as-uid"), fields["as-groups"]];
	return {
		...(user === undefined ? {} : { "impersonate-user": user }),
		...(uid === undefined ? {} : { "impersonate-uid": uid }),
		...(Array.isArray(groups) ? { "impersonate-group": groups.map(String) } : {}),
	};
};

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
const withoutUndefined = <T extends object>(fields: T): Defined<T> =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
