// A registry of npm on a loopback address, as far as `npm publish` and `npm view` ask it, that keeps what it gets.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A published document: https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md */
export interface PublishedDocument {
	name: string;
	access: string;
	"dist-tags": Record<string, string>;
	versions: Record<string, object>;
	_attachments: Record<string, { data: string }>;
}

export interface NpmRegistry {
	url: string;
	documents: PublishedDocument[];
	close(): Promise<void>;
}

/** What it answers for the package: all versions that were published. Undefined where none was. */
const packageOf = (documents: readonly PublishedDocument[]): object | undefined => {
	const [first] = documents;
	if (first === undefined) return undefined;
	return {
		name: first.name,
		"dist-tags": Object.assign({}, ...documents.map((one) => one["dist-tags"])),
		versions: Object.assign({}, ...documents.map(({ versions }) => versions)),
	};
};

/** Starts the registry on a free port. */
export const startNpmRegistry = async (): Promise<NpmRegistry> => {
	const documents: PublishedDocument[] = [];
	const server = createServer(async (request, response) => {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part as Buffer);
		const isPublication = request.method === "PUT";
		if (isPublication) documents.push(JSON.parse(Buffer.concat(parts).toString()) as PublishedDocument);
		const found = isPublication ? {} : packageOf(documents);
		response.writeHead(isPublication ? 201 : found === undefined ? 404 : 200, { "content-type": "application/json" });
		response.end(JSON.stringify(found ?? {}));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, documents, close };
};
