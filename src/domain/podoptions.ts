// The pod options as an object declares them, for callers that only want to know which names they mention. What the
// options may hold is checked in the evaluation, over the variables after all precedence.
import type { ScheduledBackup } from "../api/types.ts";
import { wellTyped } from "../api/welltyped.ts";
import { type HelmValues, parseHelmValues } from "./helmvalues.ts";
import { parsedVars } from "./parsed.ts";
import type { Settings } from "./settings.ts";
import { getPath } from "./vars/tree.ts";

const PERMISSIVE: Settings = { backupMakerImage: "", missingReferences: "deny", allowPrivilegedPods: true };

/** `vars.HelmValues` of the object, as far as it can be read. */
export const declaredPodOptions = (object: ScheduledBackup): HelmValues => {
	const { tree } = parsedVars(wellTyped(object).spec.vars ?? "");
	return parseHelmValues(getPath(tree, ["HelmValues"]), PERMISSIVE).values;
};
