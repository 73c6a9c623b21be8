// Counts what the controller wrote, from the API server's own audit log.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const WRITES = new Set(["create", "update", "patch", "delete"]);

/** Writes of clients whose user agent starts with `agent`, by `verb resource[/subresource]`. */
export const countWrites = async (folder: string, agent: RegExp): Promise<Record<string, number>> => {
	const counts: Record<string, number> = {};
	const text = await readFile(join(folder, "audit.log"), "utf8");
	for (const line of text.split("\n").filter(Boolean)) {
		const event = JSON.parse(line);
		if (event.stage !== "ResponseComplete" || !WRITES.has(event.verb) || !agent.test(event.userAgent ?? "")) continue;
		const { resource, subresource } = event.objectRef ?? {};
		const name = `${event.verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;
		counts[name] = (counts[name] ?? 0) + 1;
	}
	return counts;
};
