// Where the scripts of a ScheduledBackup come from: a ClusterBackupProcedureTemplate, or a procedure that is built in.
import type { ClusterBackupProcedureTemplate, TemplateRef } from "../api/types.ts";
import { internalProcedure, internalProcedureNames } from "../procedures/index.ts";
import type { TemplateLanguage } from "../template/template.ts";
import type { Problem } from "./report.ts";

export interface Procedure {
	/** As messages call it: `ClusterBackupProcedureTemplate "pg13"`. */
	label: string;
	/** What the templates are called in their own errors. */
	name: string;
	language: TemplateLanguage;
	backup: string;
	restore: string;
	/** Empty: the installation's own image. */
	image: string;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A template object as a procedure. Fields of a wrong type, which the schema refuses, count as empty. */
export const procedureOf = (template: ClusterBackupProcedureTemplate): Procedure => {
	const name = template.metadata?.name ?? template.metadata?.generateName ?? "";
	const spec: Partial<ClusterBackupProcedureTemplate["spec"]> = template.spec ?? {};
	return {
		label: `ClusterBackupProcedureTemplate "${name}"`,
		name,
		language: spec.templateLanguage === "Handlebars" ? "Handlebars" : "GoTemplate",
		backup: text(spec.backup),
		restore: text(spec.restore),
		image: text(spec.image),
	};
};

const internal = (name: string): Procedure | Problem => {
	const found = internalProcedure(name);
	if (found === undefined) {
		return {
			path: "spec.templateRef.name",
			reason: "FieldValueNotSupported",
			message: `there is no internal procedure "${name}"`,
			hint: `there are ${internalProcedureNames.join(", ")}`,
		};
	}
	const { backup, restore, templateLanguage: language } = found;
	return { label: `internal procedure "${name}"`, name, language, backup, restore, image: "" };
};

/**
 * The procedure that a reference names.
 * @param template what the reference was found to name, where it is a ClusterBackupProcedureTemplate
 * @returns the problem where there is none; undefined where the reference has no name, which the schema tells
 */
export const resolveProcedure = (
	reference: TemplateRef,
	template: ClusterBackupProcedureTemplate | undefined,
): Procedure | Problem | undefined => {
	if (reference.name === "") return undefined;
	if (reference.kind === "internal") return internal(reference.name);
	if (template !== undefined) return procedureOf(template);
	return {
		path: "spec.templateRef.name",
		reason: "FieldValueNotFound",
		message: `ClusterBackupProcedureTemplate "${reference.name}" does not exist`,
		missingReference: true,
	};
};

/** Whether `resolveProcedure` found one. */
export const isProcedure = (resolved: Procedure | Problem | undefined): resolved is Procedure =>
	resolved !== undefined && "language" in resolved;
