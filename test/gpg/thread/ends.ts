// A thread that ends at some questions as a broken one might, and answers others: what it is asked says which.
import { parentPort } from "node:worker_threads";

parentPort?.on("message", ({ argument }: { argument: string }) => {
	if (argument === "exit") process.exit(3);
	if (argument === "throw") throw new Error(`cannot read ${argument}: SECRET`);
	if (argument === "fill") {
		const held: string[][] = [];
		for (;;) held.push(Array(100_000).fill(argument));
	}
	parentPort?.postMessage({ answer: argument === "fail" ? undefined : `answer to ${argument}` });
});
