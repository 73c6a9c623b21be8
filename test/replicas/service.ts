// What a Service is to the API server: one address, behind it the replicas that say they are ready. A TCP proxy that asks
// /readyz as the kubelet would, and gives each new connection to one of them in turn.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Controller } from "../cluster/controller.ts";

export interface Service {
	readonly port: number;
	add(controller: Controller): void;
	/** Endpoints that are ready, by the last look. */
	ready(): readonly Controller[];
	/** How many connections each replica was given, by process id. */
	readonly connections: ReadonlyMap<number, number>;
	/** From now on every connection goes to this one, and those that are open end. */
	only(controller: Controller): void;
	stop(): Promise<void>;
}

/** Milliseconds between two looks at each replica. */
const LOOK_EVERY = 100;

const join = (client: Socket, server: Socket): void => {
	client.pipe(server);
	server.pipe(client);
	for (const [one, other] of [
		[client, server],
		[server, client],
	] as const) {
		one.on("error", () => other.destroy());
		one.on("close", () => other.destroy());
	}
};

/** Starts one without replicas. */
export const startService = async (): Promise<Service> => {
	const members = new Map<Controller, boolean>();
	const connections = new Map<number, number>();
	const open = new Set<Socket>();
	let turn = 0;
	let stopped = false;
	let single: Controller | undefined;
	const ready = (): Controller[] =>
		[...members].flatMap(([controller, isReady]) =>
			isReady && (single === undefined || single === controller) ? [controller] : [],
		);
	const look = async (controller: Controller): Promise<void> => {
		while (!stopped && !controller.ended()) {
			members.set(controller, (await controller.readyz()) === 200);
			await delay(LOOK_EVERY);
		}
		members.delete(controller);
	};
	/** The next in turn; one that does not answer is passed over, as a client of many endpoints does. */
	const forward = async (client: Socket, tries = 0): Promise<void> => {
		const candidates = ready();
		const chosen = candidates[turn++ % Math.max(candidates.length, 1)];
		if (chosen === undefined || tries > 5) {
			client.destroy();
			return;
		}
		const server = connect(chosen.ports.webhook, "127.0.0.1");
		try {
			await once(server, "connect");
		} catch {
			await forward(client, tries + 1);
			return;
		}
		connections.set(chosen.pid, (connections.get(chosen.pid) ?? 0) + 1);
		join(client, server);
	};
	const server = createServer((client) => {
		open.add(client);
		client.on("close", () => open.delete(client));
		client.on("error", () => client.destroy());
		void forward(client);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	return {
		port: (server.address() as { port: number }).port,
		add: (controller) => void look(controller),
		ready,
		connections,
		only: (controller) => {
			single = controller;
			for (const socket of open) socket.destroy();
		},
		stop: async () => {
			stopped = true;
			server.close();
			for (const socket of open) socket.destroy();
		},
	};
};
