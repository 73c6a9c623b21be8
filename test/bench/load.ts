// Load for the benchmarks: a fixed number of requests over a fixed number of clients, each waiting for its answer.
import { Agent } from "undici";
import type { ControlPlane } from "../cluster/controlplane.ts";

export interface LoadRequest {
	method: "POST" | "PATCH" | "PUT" | "DELETE" | "GET";
	/** Path with query. */
	path: string;
	body?: unknown;
	contentType?: string;
}

export interface LoadResult {
	/** Milliseconds. */
	p50: number;
	/** Milliseconds. */
	p99: number;
	/** Per second. */
	rate: number;
	/** Answers that were not 2xx, by status. */
	failures: Record<string, number>;
}

/** A client of the API server over at most `connections` sockets. */
export const connectLoad = (plane: ControlPlane, connections: number) => {
	const agent = new Agent({ connections, connect: { rejectUnauthorized: false } });
	return {
		async send(request: LoadRequest): Promise<{ status: number; text: string }> {
			const { statusCode, body } = await agent.request({
				origin: plane.server,
				method: request.method,
				path: request.path,
				headers: { authorization: `Bearer ${plane.token}`, "content-type": request.contentType ?? "application/json" },
				...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
			});
			return { status: statusCode, text: await body.text() };
		},
		close: () => agent.close(),
	};
};

export type LoadClient = ReturnType<typeof connectLoad>;

/** The value under which `fraction` of the sorted samples lie. */
export const percentile = (samples: readonly number[], fraction: number): number => {
	const sorted = [...samples].sort((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
};

/** Sends `count` requests, `clients` at a time, and measures each. */
export const runLoad = async (
	client: LoadClient,
	clients: number,
	count: number,
	make: (index: number) => LoadRequest,
): Promise<LoadResult> => {
	const samples: number[] = [];
	const failures: Record<string, number> = {};
	let next = 0;
	const started = performance.now();
	const worker = async (): Promise<void> => {
		while (next < count) {
			const request = make(next++);
			const begun = performance.now();
			const { status } = await client.send(request);
			samples.push(performance.now() - begun);
			if (status >= 300) failures[status] = (failures[status] ?? 0) + 1;
		}
	};
	await Promise.all(Array.from({ length: clients }, worker));
	return {
		p50: percentile(samples, 0.5),
		p99: percentile(samples, 0.99),
		rate: count / ((performance.now() - started) / 1000),
		failures,
	};
};
