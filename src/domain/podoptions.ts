// The pod options as an object declares them, for callers that only want to know which names they mention. What the
// options may hold is checked in the evaluation, over the variables after all precedence.
import type { ScheduledBackup } from "../api/types.ts";
import { wellTyped } from "../api/welltyped.ts";
import { type HelmValues, parseHelmValues } from "./helmvalues.ts";
import { forgetful, type Memory } from "./memory.ts";
import { parsedVars } from "./parsed.ts";
import type { Settings } from "./settings.ts";
import { getPath } from "./vars/tree.ts";

const PERMISSIVE: Settings = { backupMakerImage: "", missingReferences: "deny", allowPrivilegedPods: true };

/** `vars.HelmValues` of the object, as far as it can be read. */
export const declaredPodOptions = (object: ScheduledBackup, memory: Memory = forgetful): HelmValues => {
	const { tree } = parsedVars(wellTyped(object).spec.vars ?? "", memory);
	return parseHelmValues(getPath(tree, ["HelmValues"]), PERMISSIVE).values;
};
