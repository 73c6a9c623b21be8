// What the checks of this folder find. It fits the core's `Problem` (src/domain/report.ts), which this folder may not import.

/** The API's cause types, as far as a schema gives rise to them: https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#CauseType */
export type SchemaReason =
	| "FieldValueRequired"
	| "FieldValueInvalid"
	| "FieldValueTypeInvalid"
	| "FieldValueNotSupported"
	| "FieldValueForbidden"
	| "FieldValueDuplicate"
	| "FieldValueTooLong"
	| "FieldValueTooMany";

/** Findings of one object that an answer shows, errors and warnings each; the rest is counted. No person reads more. */
export const FINDINGS_LIMIT = 100;

/** One mistake that a schema can see. */
export interface SchemaProblem {
	/** As the API server prints it: `spec.varsSecretRef.importOnlyKeys[0]`. */
	path: string;
	reason: SchemaReason;
	/** As the API server words it. */
	message: string;
	/** What to do, where the wording of the API server does not say it. */
	hint?: string;
}
