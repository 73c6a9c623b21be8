// Ports for the servers that tests start. A port that was free a moment ago can be taken before it is used: by the kernel, for
// an outgoing connection, or by another test. So each process that tests takes a block of ports below the ephemeral range
// for itself, and gives its ports out one after the other.
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below 32768, where Linux begins to give ports to outgoing connections, and above what is registered for servers. */
const FIRST = 12_000;
const LAST = 32_000;
/** Ports of a block; the first of them is its guard. */
const BLOCK = 250;

/** Names the block that a runner reserved for a process: its first port. */
export const PORT_BLOCK = "TEST_PORT_BLOCK";

/** A block of ports that no other process takes while its guard listens. */
export interface PortBlock {
	/** The guard's port. */
	first: number;
	release(): Promise<void>;
}

/** Listens on a port of the loopback interface; undefined where it is taken. */
const listen = async (port: number): Promise<Server | undefined> => {
	const server = createServer();
	server.listen({ port, host: "127.0.0.1", exclusive: true });
	try {
		await once(server, "listening");
		return server;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
		throw error;
	}
};

const close = async (server: Server): Promise<void> => {
	const closed = once(server, "close");
	server.close();
	await closed;
};

/** Takes a block of ports. @throws Error where all are taken */
export const takePortBlock = async (): Promise<PortBlock> => {
	for (let first = FIRST; first + BLOCK <= LAST; first += BLOCK) {
		const guard = await listen(first);
		if (guard === undefined) continue;
		guard.unref();
		return { first, release: () => close(guard) };
	}
	throw new Error(`no block of ${BLOCK} ports is free between ${FIRST} and ${LAST}`);
};

/** Whether a port of the loopback interface can be listened on. */
const isFree = async (port: number): Promise<boolean> => {
	const server = await listen(port);
	if (server === undefined) return false;
	await close(server);
	return true;
};

/** Gives out the ports of a block, each once until all were given. @throws Error where not enough of them are free */
export const portsOf = (first: number): ((count: number) => Promise<number[]>) => {
	let next = 1;
	return async (count) => {
		const ports: number[] = [];
		for (let tried = 1; tried < BLOCK && ports.length < count; tried += 1) {
			const port = first + next;
			next = next + 1 < BLOCK ? next + 1 : 1;
			if (await isFree(port)) ports.push(port);
		}
		if (ports.length < count) throw new Error(`no ${count} ports are free from ${first} to ${first + BLOCK - 1}`);
		return ports;
	};
};

const ownPorts = async (): Promise<(count: number) => Promise<number[]>> => {
	const given = process.env[PORT_BLOCK];
	return portsOf(given === undefined ? (await takePortBlock()).first : Number(given));
};

let ports: ReturnType<typeof ownPorts> | undefined;

/** Ports of the loopback interface that nothing listens on, from the block that the runner reserved for this process or from one of its own. */
export const freePorts = async (count: number): Promise<number[]> => {
	ports ??= ownPorts();
	return (await ports)(count);
};
