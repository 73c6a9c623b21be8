// How a mistake in the pod options is told: `HelmValues.resources.limits.memory: must be …`.
import type { Problem, Reason } from "../report.ts";
import { pathText } from "../vars/position.ts";

export type Path = readonly (string | number)[];

/** Characters; the path is what a reader searches for, so that only absurd ones are cut. */
const PATH_LIMIT = 300;

/** A mistake at a path below HelmValues; the message must not repeat a value. */
export const helmProblem = (
	path: Path,
	message: string,
	more: { reason?: Reason; hint?: string | undefined; field?: string } = {},
): Problem => ({
	path: more.field ?? "spec.vars",
	reason: more.reason ?? "FieldValueInvalid",
	message: `${pathText(["HelmValues", ...path], PATH_LIMIT)}: ${message}`,
	...(more.hint === undefined ? {} : { hint: more.hint }),
});
