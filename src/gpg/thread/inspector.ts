// The KeyInspector that holds no event loop: a passphrase is stretched on purpose, and a key of many parts costs seconds,
// in which no admission could be answered. One thread answers one question at a time, admission's before the costly ones. It is
// kept while there is something to ask, and given up after a while of silence, since it takes some 40 MiB.
import { Worker } from "node:worker_threads";
import { InspectionError, type InspectionFailure } from "../../gather/inspectionerror.ts";
import type { KeyInspector } from "../../gather/references.ts";
import { isTooLong } from "../limits.ts";
import type { Answer, Question, Reply } from "./messages.ts";

export interface InspectorThreadOptions {
	/** Questions that may wait; one more is refused. Each is up to 128 KiB. */
	maxWaiting?: number;
	/** For one question. A thread that needs longer is ended, and a new one made. */
	timeoutMilliseconds?: number;
	/** Without a question, after which the thread is given up. */
	idleMilliseconds?: number;
	/** The module that the thread runs. */
	script?: URL;
}

/** A KeyInspector that has to be stopped. */
export interface InspectorThread extends KeyInspector {
	/** Ends the thread; what was not answered fails with an InspectionError, reason `stopped`. */
	stop(): Promise<void>;
}

const MAX_WAITING = 512;
/** The limits of src/gpg/limits.ts let nothing pass that needs more than some seconds; the rest is for a busy machine. */
const TIMEOUT_MILLISECONDS = 60_000;
/** Longer than the pauses of a controller that starts or of users who try something. */
const IDLE_MILLISECONDS = 60_000;
/** The library and one key of 64 KiB need about 20 MiB. */
const HEAP_MEGABYTES = 64;
const YOUNG_MEGABYTES = 4;

/** The sources run as they are, the built program as JavaScript. */
const SCRIPT = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

interface Task {
	question: Question;
	resolve: (answer: Answer) => void;
	reject: (error: InspectionError) => void;
}

class Thread {
	readonly #options: Required<InspectorThreadOptions>;
	readonly #urgent: Task[] = [];
	readonly #costly: Task[] = [];
	#worker: Worker | undefined;
	#running: Task | undefined;
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;

	constructor(options: Required<InspectorThreadOptions>) {
		this.#options = options;
	}

	ask(question: Question): Promise<Answer> {
		return new Promise((resolve, reject) => {
			if (this.#stopped) return reject(new InspectionError("stopped"));
			if (this.#urgent.length + this.#costly.length >= this.#options.maxWaiting) {
				return reject(new InspectionError("busy"));
			}
			const waiting = question.method === "inspectPair" ? this.#costly : this.#urgent;
			waiting.push({ question, resolve, reject });
			this.#next();
		});
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		for (const { reject } of [...this.#urgent.splice(0), ...this.#costly.splice(0)]) {
			reject(new InspectionError("stopped"));
		}
		await this.#end("stopped");
	}

	#next(): void {
		if (this.#running !== undefined) return;
		clearTimeout(this.#timer);
		const task = this.#urgent.shift() ?? this.#costly.shift();
		if (task === undefined) return this.#rest();
		this.#running = task;
		this.#timer = setTimeout(() => void this.#end("late"), this.#options.timeoutMilliseconds);
		const worker = this.#worker ?? this.#start();
		worker.ref();
		worker.postMessage(task.question);
	}

	/** An idle thread keeps no process alive, and does not stay for ever. */
	#rest(): void {
		if (this.#worker === undefined) return;
		this.#worker.unref();
		this.#timer = setTimeout(() => void this.#end("stopped"), this.#options.idleMilliseconds);
		this.#timer.unref();
	}

	#start(): Worker {
		const worker = new Worker(this.#options.script, {
			resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
		});
		this.#worker = worker;
		worker.on("message", ({ answer }: Reply) => {
			if (this.#worker === worker) this.#finish((task) => settle(task, answer));
		});
		// What it says of its end may quote what it had in hand: only that it ended is told.
		worker.on("error", () => this.#ended(worker, "crashed"));
		worker.on("exit", () => this.#ended(worker, "crashed"));
		return worker;
	}

	/** Ends the thread, and with it what it was working on; the next question gets a new one. */
	async #end(reason: InspectionFailure): Promise<void> {
		const worker = this.#worker;
		if (worker === undefined) return;
		this.#ended(worker, reason);
		await worker.terminate();
	}

	#ended(worker: Worker, reason: InspectionFailure): void {
		if (this.#worker !== worker) return;
		this.#worker = undefined;
		this.#finish((task) => task.reject(new InspectionError(reason)));
	}

	#finish(settled: (task: Task) => void): void {
		const task = this.#running;
		this.#running = undefined;
		if (task !== undefined) settled(task);
		this.#next();
	}
}

const settle = ({ resolve, reject }: Task, answer: Answer | undefined): void =>
	answer === undefined ? reject(new InspectionError("failed")) : resolve(answer);

/**
 * The port to OpenPGP key material, over a thread that is started by the first question. Every method may reject with an
 * InspectionError, which holds no material. A thread that ends by itself fails the question that it was working on, and is
 * replaced for the others.
 */
export const createInspectorThread = (options: InspectorThreadOptions = {}): InspectorThread => {
	const thread = new Thread({
		maxWaiting: MAX_WAITING,
		timeoutMilliseconds: TIMEOUT_MILLISECONDS,
		idleMilliseconds: IDLE_MILLISECONDS,
		script: SCRIPT,
		...options,
	});
	return {
		// What is too long to be a key is answered here, so that nothing larger waits.
		inspectPublicKey: async (argument) =>
			isTooLong(argument)
				? { material: "tooCostly", userIds: [] }
				: ((await thread.ask({ method: "inspectPublicKey", argument })) as Answer<"inspectPublicKey">),
		inspectPrivateKey: async (argument) =>
			isTooLong(argument)
				? "tooCostly"
				: ((await thread.ask({ method: "inspectPrivateKey", argument })) as Answer<"inspectPrivateKey">),
		inspectPair: async (argument) => (await thread.ask({ method: "inspectPair", argument })) as Answer<"inspectPair">,
		stop: () => thread.stop(),
	};
};
