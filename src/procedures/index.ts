// The procedures that need no ClusterBackupProcedureTemplate (`templateRef.kind: internal`). The registry is fixed:
// what runs under these names never depends on the cluster. The scripts themselves are the files beside this one.
import type { TemplateLanguage } from "../template/template.ts";
import * as scripts from "./scripts.ts";

export interface InternalProcedure {
	/** Always absent: the installation's backup-maker image is used. */
	readonly image: undefined;
	readonly backup: string;
	readonly restore: string;
	readonly templateLanguage: TemplateLanguage;
}

const procedure = (backup: string, restore: string): InternalProcedure => ({
	image: undefined,
	backup,
	restore,
	templateLanguage: "GoTemplate",
});

// A Map, so that a name such as `constructor` finds nothing.
const PROCEDURES: ReadonlyMap<string, InternalProcedure> = new Map([
	["mysql-dump", procedure(scripts.MYSQL_DUMP_BACKUP, scripts.MYSQL_DUMP_RESTORE)],
	["postgres", procedure(scripts.POSTGRES_BACKUP, scripts.POSTGRES_RESTORE)],
	["tar", procedure(scripts.TAR_BACKUP, scripts.TAR_RESTORE)],
]);

/** All names, sorted, for messages. */
export const internalProcedureNames: readonly string[] = [...PROCEDURES.keys()];

/** The procedure of this name; undefined where there is none. */
export const internalProcedure = (name: string): InternalProcedure | undefined => PROCEDURES.get(name);
