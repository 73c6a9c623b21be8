// The API server without kubectl, for what a test does or watches many times: calls cost no process, and a watch tells
// all that ever happened, where looking now and then would miss what came and went.
import { once } from "node:events";
import { Agent, type RequestOptions, request } from "node:https";
import { createInterface } from "node:readline";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { ControlPlane } from "./controlplane.ts";

const options = (plane: Pick<ControlPlane, "server" | "token">, path: string, method: string): RequestOptions => {
	const { hostname, port } = new URL(plane.server);
	const headers = { authorization: `Bearer ${plane.token}` };
	return { hostname, port, path, method, headers, rejectUnauthorized: false };
};

/** Status and parsed body of one request. Bodies of PATCH are JSON merge patches. */
export const callApi = async (
	plane: Pick<ControlPlane, "server" | "token">,
	method: string,
	path: string,
	body?: object,
	headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> => {
	const call = options(plane, path, method);
	const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
	const text = body === undefined ? "" : JSON.stringify(body);
	// Stated, since Node.js would send a DELETE without its body.
	const length = { "content-length": Buffer.byteLength(text) };
	const sent = request({ ...call, headers: { ...call.headers, "content-type": type, ...length, ...headers } });
	sent.end(text);
	const [answer] = await once(sent, "response");
	const chunks: Buffer[] = [];
	for await (const chunk of answer) chunks.push(chunk);
	return { status: answer.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) };
};

/** One event of a watch. */
export interface WatchedChange<T> {
	type: "ADDED" | "MODIFIED" | "DELETED";
	object: T;
}

/** What happened to all objects of a kind since the watch began; those that were there already are `ADDED` first. */
export interface History<T extends KubernetesObject> {
	readonly changes: readonly WatchedChange<T>[];
	/** As it is now. */
	get(namespace: string, name: string): T | undefined;
	/** All that are there now, in this namespace. */
	list(namespace: string): T[];
	/** Every object that ever was in this namespace, as it was last seen; one for each UID. */
	ever(namespace: string): T[];
	stop(): void;
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata?.namespace ?? ""}/${metadata?.name}`;

/**
 * Watches a kind, such as `/apis/batch/v1/jobs`, in all namespaces.
 * @param onChange called for each event, in order.
 */
export const watchKind = async <T extends KubernetesObject>(
	plane: Pick<ControlPlane, "server" | "token">,
	path: string,
	onChange: (change: WatchedChange<T>) => void = () => undefined,
): Promise<History<T>> => {
	const agent = new Agent({ rejectUnauthorized: false });
	const sent = request({ ...options(plane, `${path}?watch=true&timeoutSeconds=3600`, "GET"), agent });
	sent.end();
	const [answer] = await once(sent, "response");
	if (answer.statusCode !== 200) throw new Error(`watching ${path} is answered with ${answer.statusCode}`);
	const changes: WatchedChange<T>[] = [];
	const now = new Map<string, T>();
	const ever = new Map<string, T>();
	const lines = createInterface({ input: answer });
	lines.on("line", (line) => {
		const change: WatchedChange<T> = JSON.parse(line);
		changes.push(change);
		ever.set(change.object.metadata?.uid ?? "", change.object);
		if (change.type === "DELETED") now.delete(keyOf(change.object));
		else now.set(keyOf(change.object), change.object);
		onChange(change);
	});
	// Ending a watch, or the API server, is an error to all three.
	for (const source of [sent, answer, lines]) source.on("error", () => undefined);
	const within = (objects: Iterable<T>, namespace: string): T[] =>
		[...objects].filter(({ metadata }) => metadata?.namespace === namespace);
	return {
		changes,
		get: (namespace, name) => now.get(`${namespace}/${name}`),
		list: (namespace) => within(now.values(), namespace),
		ever: (namespace) => within(ever.values(), namespace),
		stop: () => {
			sent.destroy();
			agent.destroy();
		},
	};
};
