// What no schema says: fields that must agree with each other, and what only some installations allow. Each rule looks at
// options whose types are right; what is required may still be missing, and is told by the schema.
import type { Problem } from "../report.ts";
import type { Settings } from "../settings.ts";
import { affinityProblems } from "./rules-affinity.ts";
import { environmentSourceProblems, metadataProblems, tolerationProblems } from "./rules-pod.ts";
import { resourceProblems } from "./rules-resources.ts";
import { securityProblems } from "./rules-security.ts";
import { mountProblems, volumeProblems } from "./rules-volumes.ts";
import type { PodOptions } from "./shape.ts";

/** Everything that the rules find. */
export const ruleProblems = (options: PodOptions, settings: Settings): Problem[] => [
	...environmentSourceProblems(options),
	...resourceProblems(options),
	...tolerationProblems(options),
	...affinityProblems(options),
	...metadataProblems(options),
	...securityProblems(options, settings),
	...volumeProblems(options, settings),
	...mountProblems(options),
];
