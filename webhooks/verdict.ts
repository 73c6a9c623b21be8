// From what a check found to what the API server is told.
import type { SchemaProblem } from "../src/api/validate.ts";
import type { Report } from "../src/domain/report.ts";
import { eachOnce } from "../src/domain/validate/problems.ts";
import type { Verdict } from "./review.ts";

/** Denied where there is an error, with all of them; the warnings go with it in both cases. */
export const verdictOf = (report: Report): Verdict =>
	report.errors.length === 0
		? { allowed: true, warnings: report.warnings }
		: { allowed: false, warnings: report.warnings, problems: report.errors };

/**
 * The denial of an object that the schema refuses, with everything else that is wrong with it.
 * @param schema told with a look at the object before the update, as the checks behind `report` cannot tell it
 */
export const schemaVerdict = (schema: readonly SchemaProblem[], { errors, warnings }: Report): Verdict =>
	verdictOf({ errors: eachOnce([...schema, ...errors]), warnings });
