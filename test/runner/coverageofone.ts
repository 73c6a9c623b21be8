// Loaded into each unit test file of pure code before it: which places of the layers its own process runs, written at its end. What Node.js
// itself would write (NODE_V8_COVERAGE) is twenty times as long, for all that is loaded, and costs a fifth of the stage.
import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compileCache } from "./compilecache.ts";
import { COVERAGE, LAYERS } from "./layers.ts";

const prefixes = LAYERS.map((layer) => pathToFileURL(`${layer}/`).href);
const isCounted = ({ url }: { url: string }): boolean => prefixes.some((prefix) => url.startsWith(prefix));

const session = new Session();
session.connect();
const rethrow = (error: Error | null): void => {
	if (error !== null) throw error;
};
session.post("Profiler.enable", rethrow);
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true }, rethrow);
const folder = join(process.cwd(), COVERAGE);
process.once("exit", () => {
	session.post("Profiler.takePreciseCoverage", (error, taken) => {
		rethrow(error);
		mkdirSync(folder, { recursive: true });
		const result = taken.result.filter(isCounted);
		writeFileSync(join(folder, `coverage-${process.pid}.json`), JSON.stringify({ result }));
	});
});

// Without coverage, compiled code can be kept for what it starts.
Object.assign(process.env, compileCache());
