// From what a check found to what the API server is told.
import type { Report } from "../src/domain/report.ts";
import type { Verdict } from "./review.ts";

/** Denied where there is an error, with all of them; the warnings go with it in both cases. */
export const verdictOf = (report: Report): Verdict =>
	report.errors.length === 0
		? { allowed: true, warnings: report.warnings }
		: { allowed: false, warnings: report.warnings, problems: report.errors };
