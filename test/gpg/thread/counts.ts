// A thread that answers how many questions it has been asked.
import { parentPort } from "node:worker_threads";

let count = 0;
parentPort?.on("message", () => {
	count += 1;
	parentPort?.postMessage({ answer: String(count) });
});
