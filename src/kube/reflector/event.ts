// One line of a watch as a value. Whatever is not an event that we understand is `unparsable`, never an exception:
// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
import type { KubernetesObject } from "../../api/kubernetes.ts";
import type { ApiStatus } from "../failures.ts";

export type WatchEvent =
	| { type: "changed" | "deleted"; object: KubernetesObject; resourceVersion: string }
	| { type: "bookmark"; resourceVersion: string }
	| { type: "error"; status: ApiStatus }
	| { type: "unparsable"; why: string };

const CHANGES: ReadonlyMap<string, "changed" | "deleted"> = new Map([
	["ADDED", "changed"],
	["MODIFIED", "changed"],
	["DELETED", "deleted"],
]);

/** Reads a line. `why` never quotes the line, which may hold a Secret. */
export const parseWatchEvent = (line: Buffer | undefined): WatchEvent => {
	if (line === undefined) return { type: "unparsable", why: "line too long" };
	let parsed: { type?: unknown; object?: unknown } | null;
	try {
		parsed = JSON.parse(line.toString("utf8"));
	} catch {
		return { type: "unparsable", why: "not JSON" };
	}
	const object = parsed?.object;
	if (typeof parsed?.type !== "string" || typeof object !== "object" || object === null)
		return { type: "unparsable", why: "no event" };
	if (parsed.type === "ERROR") return { type: "error", status: object as ApiStatus };
	return change(parsed.type, object as KubernetesObject);
};

const change = (type: string, object: KubernetesObject): WatchEvent => {
	const { name, uid, resourceVersion } = object.metadata ?? {};
	if (typeof resourceVersion !== "string" || resourceVersion === "")
		return { type: "unparsable", why: "no resourceVersion" };
	if (type === "BOOKMARK") return { type: "bookmark", resourceVersion };
	const known = CHANGES.get(type);
	if (known === undefined) return { type: "unparsable", why: "unknown type" };
	if (typeof name !== "string" || typeof uid !== "string") return { type: "unparsable", why: "no name or UID" };
	return { type: known, object, resourceVersion };
};
