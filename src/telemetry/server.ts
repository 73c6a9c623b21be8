// The small plain HTTP servers for probes and metrics. node:http is enough: two or three fixed paths, GET only.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { BindAddress } from "../config.ts";

export interface SmallServer {
	/** The port that it listens on, also where port 0 asked for a free one. */
	port: number;
	close(): Promise<void>;
}

export interface Page {
	status: number;
	contentType: string;
	body: string;
}

export type Pages = Record<string, () => Page | Promise<Page>>;

const TEXT = "text/plain; charset=utf-8";

/**
 * Listens, and answers these paths.
 * @throws Error with a code (`EADDRINUSE` …) where it cannot listen.
 */
export const serve = async (address: BindAddress, pages: Pages): Promise<SmallServer> => {
	const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
		const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
		request.resume();
		void answer(request.method ?? "", pages[path], response);
	});
	await listen(server, address);
	return { port: (server.address() as AddressInfo).port, close: () => close(server) };
};

const answer = async (method: string, page: Pages[string] | undefined, response: ServerResponse): Promise<void> => {
	const send = ({ status, contentType, body }: Page): void => {
		response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" });
		response.end(method === "HEAD" ? undefined : body);
	};
	if (page === undefined) return send({ status: 404, contentType: TEXT, body: "not found\n" });
	if (method !== "GET" && method !== "HEAD") return send({ status: 405, contentType: TEXT, body: "GET only\n" });
	try {
		send(await page());
	} catch {
		send({ status: 500, contentType: TEXT, body: "failed\n" });
	}
};

const listen = (server: Server, { host, port }: BindAddress): Promise<void> =>
	new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
			server.removeListener("error", reject);
			resolve();
		});
	});

const close = (server: Server): Promise<void> =>
	new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
