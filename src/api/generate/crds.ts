// Reads crds/*.yaml for the generator and for tests: the one place in src/api that touches files.
import { readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";

/** A schema as it stands in a CRD, with its descriptions. */
export interface DescribedSchema {
	type: string;
	description?: string;
	default?: unknown;
	enum?: string[];
	format?: string;
	required?: string[];
	properties?: Record<string, DescribedSchema>;
	items?: DescribedSchema;
	[keyword: string]: unknown;
}

export interface CustomResourceDefinition {
	kind: string;
	group: string;
	version: string;
	schema: DescribedSchema;
}

interface Document {
	spec: {
		group: string;
		names: { kind: string };
		versions: { name: string; schema: { openAPIV3Schema: DescribedSchema } }[];
	};
}

const CRDS = new URL("../../../crds/", import.meta.url);

/** The kinds in the order in which a reader meets them; further ones follow by name. */
const ORDER = ["ScheduledBackup", "RequestedBackupAction", "ClusterBackupProcedureTemplate"];

const position = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

/** Every CRD of crds/, with the schema of its only version. Throws where a file is none. */
export const readCrds = (): CustomResourceDefinition[] =>
	readdirSync(CRDS)
		.filter((file) => file.endsWith(".yaml"))
		.sort()
		.map((file) => {
			const { spec } = load(readFileSync(new URL(file, CRDS), "utf8")) as Document;
			const [version, ...others] = spec.versions;
			if (version === undefined || others.length > 0) throw new Error(`${file}: exactly one version is expected`);
			return {
				kind: spec.names.kind,
				group: spec.group,
				version: version.name,
				schema: version.schema.openAPIV3Schema,
			};
		})
		.sort((left, right) => position(left.kind) - position(right.kind));
