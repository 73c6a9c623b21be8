// A procedure whose script is a variable: for runs that are to end in a certain way.
import { type Fields, scheduledBackup, template } from "../integration/support/objects.ts";
import { TOOLS_IMAGE } from "../node/toolsimage.ts";
import { RESTRICTED } from "./procedures.ts";

export const shellProcedure = template("e2e-shell", {
	image: TOOLS_IMAGE,
	backup: "set -euo pipefail\n{{ .Params.script }}\n",
	restore: "set -euo pipefail\n{{ .Params.script }}\n",
});

/** A ScheduledBackup that runs a script, on request. In: further `HelmValues`, and fields of `spec`. */
export const shellBackup = (
	namespace: string,
	name: string,
	{ script, pod = {}, spec = {} }: { script: string; pod?: Fields; spec?: Fields },
) =>
	scheduledBackup(
		name,
		{
			cronJob: undefined,
			templateRef: { name: "e2e-shell" },
			varsSecretRef: undefined,
			vars: JSON.stringify({
				Params: { script },
				HelmValues: { imagePullPolicy: "IfNotPresent", backoffLimit: 0, ...RESTRICTED, ...pod },
			}),
			...spec,
		},
		{ namespace },
	);
