// What the demo started is ended when it ends, however it ends: what came last goes first.
import type { EventEmitter } from "node:events";
import { constants } from "node:os";

export interface Ending {
	/** Something to be done at the end. */
	add(work: () => Promise<void>): void;
	/** Does all that was added and not done yet, the latest first. What fails keeps nothing else from being done. */
	run(): Promise<void>;
	/** Whether a signal has ended the demo. */
	begun(): boolean;
	/** From now on SIGINT and SIGTERM end this process, after all that was added. A second one ends it at once. */
	onSignals(source?: EventEmitter): void;
}

/** @param exit ends this process */
export const makeEnding = (exit: (code: number) => void = process.exit): Ending => {
	const works: (() => Promise<void>)[] = [];
	let signalled = false;
	const ending: Ending = {
		add: (work) => works.push(work),
		begun: () => signalled,
		async run() {
			for (let work = works.pop(); work !== undefined; work = works.pop()) {
				await work().catch((error: Error) => process.stderr.write(`${error.message}\n`));
			}
		},
		onSignals(source: EventEmitter = process) {
			for (const signal of ["SIGINT", "SIGTERM"] as const) {
				source.once(signal, () => {
					signalled = true;
					process.stdout.write("\nEnding the demo …\n");
					ending.run().then(() => exit(128 + constants.signals[signal]));
				});
			}
		},
	};
	return ending;
};
