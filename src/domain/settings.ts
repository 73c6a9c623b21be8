// What the installation decides for all objects. Plain data, made by config.ts, passed to every core function that needs it.
import type { JobDefaults } from "./jobdefaults.ts";
import type { Memory } from "./memory.ts";

export type MissingReferences = "deny" | "warn";

export interface Settings {
	/** Image of the internal procedures. */
	backupMakerImage: string;
	/** Whether a reference to something that does not exist is an error or a warning; a namespace label overrides it. */
	missingReferences: MissingReferences;
	/** Whether HelmValues may ask for hostPath, privileged and added capabilities. */
	allowPrivilegedPods: boolean;
	/** Pod options that lie under those of every ScheduledBackup. */
	jobDefaults?: JobDefaults | undefined;
	/** Where the program is put together it is given one; without it nothing is remembered. */
	memory?: Memory | undefined;
}
