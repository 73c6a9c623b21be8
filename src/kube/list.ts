// A whole collection, page by page, so that neither the API server nor we hold more of it at once than needed.
// https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
import type { ResourceKind } from "../api/kinds.ts";
import type { KubernetesObject } from "../api/kubernetes.ts";
import { ExpiredError } from "./errors.ts";
import type { ListOptions } from "./port.ts";
import type { Transport } from "./transport.ts";
import { collectionPath, operationName, withQuery } from "./urls.ts";

export const PAGE_SIZE = 500;

export interface ListSink {
	/** The continue token expired between two pages: what was given so far does not count. */
	restart(): void;
	page(items: KubernetesObject[]): void;
}

export interface ListCall extends ListOptions {
	accept?: string;
	signal?: AbortSignal;
}

interface Page {
	metadata?: { resourceVersion?: string; continue?: string };
	items?: KubernetesObject[] | null;
}

/**
 * Lists without a resourceVersion, which means the most recent state, consistent over all pages.
 * Items get the apiVersion and kind that the API server leaves out in lists.
 * @returns the resourceVersion to watch from.
 * @throws KubeError; an ExpiredError only where the list expired twice.
 */
export const listAll = async (
	transport: Transport,
	kind: ResourceKind,
	options: ListCall,
	sink: ListSink,
): Promise<string> => {
	try {
		return await listOnce(transport, kind, options, sink);
	} catch (error) {
		if (!(error instanceof ExpiredError)) throw error;
		sink.restart();
		return listOnce(transport, kind, options, sink);
	}
};

const listOnce = async (
	transport: Transport,
	kind: ResourceKind,
	options: ListCall,
	sink: ListSink,
): Promise<string> => {
	const { namespace, labelSelector, fieldSelector, pageSize = PAGE_SIZE, accept, signal } = options;
	const operation = operationName("list", kind, namespace === undefined ? {} : { namespace });
	const path = collectionPath(kind, namespace);
	let token: string | undefined;
	for (;;) {
		const query = { labelSelector, fieldSelector, limit: pageSize, continue: token };
		const page = (await transport.call({
			method: "GET",
			path: withQuery(path, query),
			operation,
			...(accept === undefined ? {} : { accept }),
			...(signal === undefined ? {} : { signal }),
		})) as Page;
		for (const item of page.items ?? []) Object.assign(item, { apiVersion: kind.apiVersion, kind: kind.kind });
		sink.page(page.items ?? []);
		token = page.metadata?.continue || undefined;
		if (token === undefined) return page.metadata?.resourceVersion ?? "";
	}
};
