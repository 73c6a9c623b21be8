// All mistakes of an object are told at once, also when its schema is broken: so the checks after the schema must be able
// to walk any object at all. This keeps what has the right type and drops the rest, which the schema check has told.
import { defaultScheduledBackup } from "../api/defaults.ts";
import type {
	GpgKeySecretRef,
	ObjectMeta,
	ScheduledBackup,
	ScheduledBackupCronJob,
	TemplateRef,
	TokenSecretRef,
	VarsSecretRef,
} from "../api/types.ts";

type Fields = Record<string, unknown>;

const isRecord = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** The named fields of a record whose values have this type. */
const fieldsOf = (value: Fields, type: "string" | "boolean" | "number", names: readonly string[]): Fields =>
	Object.fromEntries(names.filter((name) => typeof value[name] === type).map((name) => [name, value[name]]));

const withSecretName = <T>(value: unknown, rest: (fields: Fields) => Fields): T | undefined => {
	if (!isRecord(value) || typeof value["secretName"] !== "string" || value["secretName"] === "") return undefined;
	return { secretName: value["secretName"], ...rest(value) } as T;
};

const gpgKeySecretRef = (value: unknown): GpgKeySecretRef | undefined =>
	withSecretName(value, (fields) => ({
		privateKey: "key",
		publicKey: "key.pub",
		passphraseKey: "passphrase",
		...fieldsOf(fields, "string", ["email", "privateKey", "publicKey", "passphraseKey"]),
		...fieldsOf(fields, "boolean", ["createIfNotExists"]),
	}));

const tokenSecretRef = (value: unknown): TokenSecretRef | undefined =>
	withSecretName(value, (fields) => ({ tokenKey: "token", ...fieldsOf(fields, "string", ["tokenKey"]) }));

const varsSecretRef = (value: unknown): VarsSecretRef | undefined =>
	withSecretName(value, (fields) => {
		const keys = fields["importOnlyKeys"];
		// A list that has items of another type keeps its length: positions are part of the field paths that we print.
		return Array.isArray(keys) ? { importOnlyKeys: keys.map((key) => (typeof key === "string" ? key : "")) } : {};
	});

const cronJob = (value: unknown): ScheduledBackupCronJob | undefined =>
	isRecord(value)
		? {
				...fieldsOf(value, "boolean", ["enabled", "suspend"]),
				...fieldsOf(value, "string", ["scheduleEvery", "timeZone", "concurrencyPolicy"]),
				...fieldsOf(value, "number", [
					"startingDeadlineSeconds",
					"successfulJobsHistoryLimit",
					"failedJobsHistoryLimit",
				]),
			}
		: undefined;

const templateRef = (value: unknown): TemplateRef => {
	const fields = isRecord(value) ? value : {};
	const kind = fields["kind"] === "internal" ? "internal" : "ClusterBackupProcedureTemplate";
	return { kind, name: typeof fields["name"] === "string" ? fields["name"] : "" };
};

const given = <Key extends string, T>(key: Key, value: T | undefined): { [K in Key]?: T } =>
	value === undefined ? {} : ({ [key]: value } as { [K in Key]?: T });

/**
 * The object with defaults, and with every field of the spec that is missing or of a wrong type left out, or, where our
 * types require it, empty. Status and metadata stay as they are.
 */
export const wellFormed = (object: ScheduledBackup): ScheduledBackup => {
	const defaulted: Fields = { ...defaultScheduledBackup(object) };
	const spec = isRecord(defaulted["spec"]) ? defaulted["spec"] : {};
	return {
		apiVersion: "riotkit.org/v1alpha1",
		kind: "ScheduledBackup",
		metadata: isRecord(defaulted["metadata"]) ? (defaulted["metadata"] as ObjectMeta) : {},
		spec: {
			operation: spec["operation"] === "restore" ? "restore" : "backup",
			collectionId: typeof spec["collectionId"] === "string" ? spec["collectionId"] : "",
			templateRef: templateRef(spec["templateRef"]),
			...given("cronJob", cronJob(spec["cronJob"])),
			...given("gpgKeySecretRef", gpgKeySecretRef(spec["gpgKeySecretRef"])),
			...given("tokenSecretRef", tokenSecretRef(spec["tokenSecretRef"])),
			...given("vars", typeof spec["vars"] === "string" ? spec["vars"] : undefined),
			...given("varsSecretRef", varsSecretRef(spec["varsSecretRef"])),
		},
		...given("status", isRecord(object.status) ? object.status : undefined),
	};
};
