// A way from the machine to the API server inside: a socket file is seen on both sides of a network namespace, so a program
// inside listens on one and passes on, and we offer a loopback port that leads to it. kubectl and tests need no nsenter.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { API_PORT, NODE_ADDRESS } from "./addresses.ts";
import type { Namespaces } from "./namespaces.ts";

const joinBoth = (left: Socket, right: Socket): void => {
	left.pipe(right).pipe(left);
	for (const [one, other] of [
		[left, right],
		[right, left],
	] as const) {
		one.on("error", () => other.destroy());
		one.on("close", () => other.destroy());
	}
};

/** Accepts at one place and passes each connection on to the other. */
const forwarder = (target: () => Socket): Server =>
	createServer({ allowHalfOpen: false }, (client) => joinBoth(client, target()));

/**
 * Opens the way.
 * Out: the port on the machine's loopback interface, and how to close it.
 */
export const openForward = async (inside: Namespaces, folder: string): Promise<{ port: number; close: () => void }> => {
	const socket = join(folder, "api.sock");
	inside.start(process.execPath, [import.meta.filename, socket], { log: join(folder, "forward.log") });
	const sockets = new Set<Socket>();
	const server = forwarder(() => {
		const made = connect(socket);
		sockets.add(made);
		made.on("close", () => sockets.delete(made));
		return made;
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const { port } = server.address() as { port: number };
	return {
		port,
		close: () => {
			server.close();
			for (const open of sockets) open.destroy();
		},
	};
};

if (process.argv[1] === import.meta.filename) {
	const server = forwarder(() => connect(API_PORT, NODE_ADDRESS));
	server.listen(process.argv[2]);
}
