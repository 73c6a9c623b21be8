// The templates that an installation ships with: manifests in a folder, checked as admission would check them, so that a
// wrong one is told with its place in the file and keeps no other from being applied.

import { applyDefaults } from "../../src/api/defaults.ts";
import { API_VERSION } from "../../src/api/kinds.ts";
import type { ClusterBackupProcedureTemplate } from "../../src/api/types.ts";
import { unknownFieldProblems } from "../../src/api/validate.ts";
import { evaluateTemplate } from "../../src/domain/evaluate.ts";
import { boundedProblems, mergeReports, type Problem, problemText, type Report } from "../../src/domain/report.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { errorsOnly } from "../../src/domain/validate/problems.ts";
import type { Manifest, ReadManifests } from "../../src/manifests/documents.ts";
import { type Duplicates, duplicateProblems, findDuplicates } from "../../src/manifests/duplicates.ts";
import { placesIn } from "../../src/manifests/places.ts";
import { marksOf } from "./marks.ts";

/** A good one, as it is to be in the cluster. */
export interface ShippedTemplate {
	name: string;
	/** `file:line`. */
	place: string;
	/** With every field of the spec stated, and our marks. */
	template: ClusterBackupProcedureTemplate;
}

export interface ShippedTemplates {
	templates: ShippedTemplate[];
	/** `file:line: what is wrong`; one line each. */
	mistakes: string[];
	/** How many manifests, and texts that are none, have mistakes. */
	wrong: number;
	/** `file:line: …`. */
	warnings: string[];
	/**
	 * The names of all manifests, good and wrong ones, whatever kind they claim to be; undefined where something could not be
	 * read or has no name, so that nobody knows which templates the folder means to have.
	 */
	names: ReadonlySet<string> | undefined;
}

const problem = (path: string, message: string, hint?: string): Problem => ({
	path,
	reason: "FieldValueInvalid",
	message,
	...(hint === undefined ? {} : { hint }),
});

const KIND = "ClusterBackupProcedureTemplate";

const isTemplate = ({ object }: Manifest): boolean => object.apiVersion === API_VERSION && object.kind === KIND;

/** Empty where there is none. */
const nameOf = ({ object }: Manifest): string => {
	const name: unknown = object.metadata?.name;
	return typeof name === "string" ? name : "";
};

const namesOf = ({ manifests, unreadable }: ReadManifests): ReadonlySet<string> | undefined => {
	const names = manifests.map(nameOf);
	return unreadable.length > 0 || names.includes("") ? undefined : new Set(names);
};

/** Set by the API server, and so found in manifests that were read from it: they mean nothing here. */
const SERVERS_METADATA: readonly string[] = [
	"uid",
	"resourceVersion",
	"generation",
	"creationTimestamp",
	"managedFields",
	"selfLink",
];
const KNOWN_METADATA = new Set(["name", "generateName", "labels", "annotations", ...SERVERS_METADATA]);

const metadataReport = ({ object }: Manifest): Report =>
	errorsOnly(
		Object.keys(object.metadata ?? {})
			.filter((key) => !KNOWN_METADATA.has(key))
			.map((key) => problem(`metadata.${key}`, "cannot be set here", "a name, labels and annotations can")),
	);

/** No name at all is told by the schema. */
const nameReport = (manifest: Manifest): Report =>
	nameOf(manifest) === "" && manifest.object.metadata?.generateName !== undefined
		? errorsOnly([problem("metadata.name", "is needed: what is applied again and again cannot have a generated name")])
		: errorsOnly([]);

const reportOf = (manifest: Manifest, duplicates: Duplicates, settings: Settings): Report => {
	const { object } = manifest;
	if (!isTemplate(manifest))
		return errorsOnly([problem("kind", `only a ${KIND} of ${API_VERSION} is applied from here`)]);
	return mergeReports(
		errorsOnly(unknownFieldProblems(object)),
		nameReport(manifest),
		metadataReport(manifest),
		errorsOnly(duplicateProblems(manifest, duplicates)),
		evaluateTemplate(object as ClusterBackupProcedureTemplate, settings),
	);
};

const wantedOf = ({ object }: Manifest, installation: string): ClusterBackupProcedureTemplate => {
	const { spec, metadata } = applyDefaults(object as ClusterBackupProcedureTemplate);
	const { name = "", labels = {}, annotations } = metadata;
	return {
		apiVersion: API_VERSION,
		kind: KIND,
		metadata: {
			name,
			labels: { ...labels, ...marksOf(installation) },
			...(annotations === undefined ? {} : { annotations }),
		},
		spec,
	};
};

/**
 * Checks all manifests of the folder.
 * @param installation what marks them as ours, see marks.ts
 */
export const shippedTemplates = (read: ReadManifests, settings: Settings, installation: string): ShippedTemplates => {
	const { manifests, unreadable } = read;
	const found: ShippedTemplates = {
		templates: [],
		mistakes: unreadable.map(({ file, line, message }) => `${file}:${line}: ${message}`),
		wrong: unreadable.length,
		warnings: [],
		names: namesOf(read),
	};
	const duplicates = findDuplicates(manifests.filter(isTemplate));
	for (const manifest of manifests) {
		const name = nameOf(manifest);
		const places = placesIn(manifest);
		const { errors, warnings } = reportOf(manifest, duplicates, settings);
		const told = (text: string): string => `${manifest.object.kind} ${name}: ${text}`;
		found.mistakes.push(...boundedProblems(errors).map((error) => `${places.of(error)}: ${told(problemText(error))}`));
		found.warnings.push(...warnings.map((warning) => `${places.ofWarning(warning)}: ${told(warning)}`));
		if (errors.length > 0) {
			found.wrong += 1;
			continue;
		}
		const place = `${manifest.file}:${manifest.lineOf("")}`;
		found.templates.push({ name, place, template: wantedOf(manifest, installation) });
	}
	return found;
};
