// A thread that never answers, and holds its event loop while it does not.
import { parentPort } from "node:worker_threads";

parentPort?.on("message", () => {
	for (;;);
});
