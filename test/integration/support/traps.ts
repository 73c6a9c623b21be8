// Places to die at: a write of the controller is held at the proxy, before the server gets it or before its answer arrives, and
// all that the controller writes into the same namespace after it. So one death ends many lives, each at a place of its own.
import type { Controller } from "../../cluster/controller.ts";
import type { SeenRequest, Proxy as ServerProxy, Verdict } from "../../cluster/proxy.ts";

/** Whether the controller dies before its write is stored, or after that and before it learns so. */
export type Moment = "before" | "after";

export interface Trap {
	/** The write that was held first; undefined until it came. */
	readonly write: SeenRequest | undefined;
	/** Resolves when it came; in moment `after`, when it is stored. */
	readonly held: Promise<void>;
	/** Takes each write into the namespace. */
	decide(seen: SeenRequest): Promise<Verdict>;
	/** Lets go of all that is held: it fails. */
	release(): void;
}

const passOn: Verdict = { type: "pass" };

/** The namespace that a request writes into; undefined where it does not write, or into none. */
export const writtenInto = ({ method, path }: SeenRequest): string | undefined =>
	method === "GET" ? undefined : /\/namespaces\/([^/?]+)\//.exec(path)?.[1];

/** Holds the first write of which `isHere` says so; it is asked of each write until then. */
export const createTrap = (isHere: (seen: SeenRequest) => boolean, moment: Moment): Trap => {
	const held = Promise.withResolvers<void>();
	const released = Promise.withResolvers<void>();
	let write: SeenRequest | undefined;
	return {
		get write() {
			return write;
		},
		held: held.promise,
		release: released.resolve,
		async decide(seen) {
			if (write === undefined && !isHere(seen)) return passOn;
			const isFirst = write === undefined;
			write ??= seen;
			if (isFirst && moment === "after") {
				const afterwards = (): Promise<void> => {
					held.resolve();
					return released.promise;
				};
				return { type: "dropAnswer", afterwards };
			}
			held.resolve();
			await released.promise;
			return { type: "drop" };
		},
	};
};

/**
 * Kills the controller once each namespace has come to its trap, or to its end without it.
 * @param traps by namespace
 * @param live what happens in a namespace, to its end
 */
export const killAtTraps = async (
	{ proxy, controller }: { proxy: ServerProxy; controller: () => Controller },
	traps: ReadonlyMap<string, Trap>,
	live: (namespace: string) => Promise<void>,
): Promise<void> => {
	proxy.decide = (seen) => traps.get(writtenInto(seen) ?? "")?.decide(seen) ?? passOn;
	await Promise.all(
		[...traps].map(([namespace, { held }]) => {
			const end = live(namespace);
			// It does not come to its end where it is held.
			end.catch(() => undefined);
			return Promise.race([held, end]);
		}),
	);
	await controller().kill();
	for (const { release } of traps.values()) release();
	proxy.decide = () => passOn;
};
