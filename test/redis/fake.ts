// A server that speaks Redis's protocol and answers what a test says, over TCP or TLS: for what a real one does rarely.
// https://redis.io/docs/latest/develop/reference/protocol-spec/
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** The raw answer to a command; undefined: none, ever. */
export type Reply = (command: string[]) => string | undefined;

export interface FakeRedis {
	readonly port: number;
	/** Each as one line, in order. */
	readonly commands: string[];
	/** How many connections there were. */
	connections(): number;
	/** How many there are. */
	open(): number;
	/** Ends all connections. */
	drop(): void;
	close(): Promise<void>;
}

export const OK = "+OK\r\n";
export const text = (value: string): string => `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
export const list = (...values: string[]): string => `*${values.length}\r\n${values.map(text).join("")}`;

/** What makes a client believe that the server is ready. */
const READY = text("redis_version:7.0.0\r\nloading:0\r\nmaster_link_status:up\r\nrole:master\r\n");

/** Commands that arrived whole, and what is left. */
const parse = (received: string): { commands: string[][]; rest: string } => {
	const commands: string[][] = [];
	let rest = received;
	for (;;) {
		const count = /^\*(\d+)\r\n/.exec(rest);
		if (count === null) return { commands, rest };
		let position = count[0].length;
		const command: string[] = [];
		for (let index = 0; index < Number(count[1]); index += 1) {
			const length = /^\$(\d+)\r\n/.exec(rest.slice(position));
			if (length === null) return { commands, rest };
			const start = position + length[0].length;
			const end = start + Number(length[1]);
			if (rest.length < end + 2) return { commands, rest };
			command.push(rest.slice(start, end));
			position = end + 2;
		}
		commands.push(command);
		rest = rest.slice(position);
	}
};

/** @param reply to what is not INFO. @param tls PEM, where it speaks TLS. */
export const startFakeRedis = async (reply: Reply, tls?: { cert: string; key: string }): Promise<FakeRedis> => {
	const commands: string[] = [];
	const sockets = new Set<Socket>();
	let connections = 0;
	const serve = (socket: Socket): void => {
		connections += 1;
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
		socket.on("error", () => undefined);
		let received = "";
		socket.on("data", (chunk) => {
			const parsed = parse(received + chunk.toString("latin1"));
			received = parsed.rest;
			for (const command of parsed.commands) {
				commands.push(command.join(" "));
				const answer = command[0]?.toUpperCase() === "INFO" ? READY : reply(command);
				if (answer !== undefined) socket.write(answer);
			}
		});
	};
	const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const drop = (): void => {
		for (const socket of sockets) socket.destroy();
	};
	return {
		port: (server.address() as AddressInfo).port,
		commands,
		connections: () => connections,
		open: () => sockets.size,
		drop,
		close: async () => {
			drop();
			server.close();
		},
	};
};
