// All that is found in the documented cases, as wholes: reasons and hints, and what is said beside the documented words.
import t from "tap";
import { holdFindings } from "../domain/wholefindings.ts";
import { reportsOfCases } from "./said.ts";

/** Of keys that are made anew for each run. */
const FINGERPRINT = /\b[0-9A-F]{40}\b/g;
const steady = (text: string): string => text.replaceAll(FINGERPRINT, "FINGERPRINT");

t.test("every documented case as a whole", async (t) => {
	const rows = [...(await reportsOfCases())].map(([name, { errors, warnings }]) => {
		const found = errors.map((problem) => ({ ...problem, message: steady(problem.message) }));
		const told = warnings.map((message) => ({
			path: "warning",
			reason: "InternalError" as const,
			message: steady(message),
		}));
		return [name, [...found, ...told]] as const;
	});
	holdFindings(t, "documented", rows);
});
