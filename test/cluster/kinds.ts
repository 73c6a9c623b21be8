// The kinds that an API server serves, looked up as kubectl does.
// https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
import { callApi } from "./api.ts";
import type { ControlPlane } from "./controlplane.ts";

/** How to reach an API server. */
export type Plane = Pick<ControlPlane, "server" | "token">;

/** A kind as the API server serves it. */
export interface Resource {
	kind: string;
	apiVersion: string;
	/** Path of its group and version, as `/apis/batch/v1`. */
	root: string;
	plural: string;
	namespaced: boolean;
}

interface DiscoveredResource {
	resource: string;
	responseKind: { kind: string };
	scope: "Namespaced" | "Cluster";
	singularResource: string;
	shortNames?: string[];
}

interface DiscoveredGroup {
	metadata: { name?: string };
	versions: { version: string; resources?: DiscoveredResource[] }[];
}

const DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

const resourceOf = (root: string, apiVersion: string, found: DiscoveredResource): Resource => ({
	kind: found.responseKind.kind,
	apiVersion,
	root,
	plural: found.resource,
	namespaced: found.scope === "Namespaced",
});

/** Every name that kubectl takes, with the resource that it stands for; the groups come in the order in which kubectl prefers them. */
const discover = async (plane: Plane): Promise<Map<string, Resource>> => {
	const names = new Map<string, Resource>();
	for (const path of ["/api", "/apis"]) {
		const { status, body } = await callApi(plane, "GET", path, undefined, { accept: DISCOVERY });
		if (status !== 200) throw new Error(`discovery of ${path} is answered with ${status}`);
		for (const { metadata, versions } of (body["items"] ?? []) as DiscoveredGroup[]) {
			const group = metadata.name ?? "";
			const [preferred] = versions;
			for (const found of preferred?.resources ?? []) {
				const version = preferred?.version ?? "";
				const apiVersion = group === "" ? version : `${group}/${version}`;
				const resource = resourceOf(`${path}/${apiVersion}`, apiVersion, found);
				const short = [found.resource, found.singularResource, ...(found.shortNames ?? [])];
				for (const name of [...short, `${found.resource}.${group}`, `${found.singularResource}.${group}`])
					if (!names.has(name)) names.set(name, resource);
			}
		}
	}
	return names;
};

/** Looks kinds up by any name that kubectl takes, or by `KIND.VERSION.GROUP`; asks again where a name is not known yet. */
export interface Kinds {
	/** @throws Error where the API server serves no such kind */
	resolve(name: string): Promise<Resource>;
	/** What is known may be wrong: a definition was deleted. */
	forget(): void;
}

/** The kinds of one API server. */
export const kindsOf = (plane: Plane): Kinds => {
	let known: Map<string, Resource> | undefined;
	return {
		async resolve(name) {
			const found = known?.get(name.toLowerCase());
			if (found !== undefined) return found;
			// A definition may have been installed since.
			known = await discover(plane);
			const again = known.get(name.toLowerCase());
			if (again === undefined) throw new Error(`the server doesn't have a resource type "${name}"`);
			return again;
		},
		forget() {
			known = undefined;
		},
	};
};
