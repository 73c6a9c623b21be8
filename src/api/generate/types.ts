// Writes src/api/types.ts: one interface for each object in the CRDs' schemas, with their descriptions.
import type { CustomResourceDefinition, DescribedSchema } from "./crds.ts";

/** Interface names that the property's own name does not give. */
const NAMES: Readonly<Record<string, string>> = {
	cronJob: "ScheduledBackupCronJob",
	conditions: "Condition",
	ownedReferences: "OwnedReference",
	childrenResourcesHealth: "ChildResourceHealth",
	gpgKey: "GpgKeyStatus",
	active: "ActiveReference",
};

const interfaceName = (kind: string, property: string): string => {
	if (property === "spec" || property === "status") return `${kind}${property === "spec" ? "Spec" : "Status"}`;
	return NAMES[property] ?? `${property.charAt(0).toUpperCase()}${property.slice(1)}`;
};

const comment = (schema: DescribedSchema): string => {
	const fallback = schema.default === undefined ? "" : ` Default: \`${JSON.stringify(schema.default)}\`.`;
	const text = `${(schema.description ?? "").trim()}${fallback}`.trim();
	if (text === "") return "";
	const lines = wrapped(text);
	if (lines.length === 1) return `/** ${lines[0]} */\n`;
	return `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`;
};

const wrapped = (text: string): string[] => {
	const lines: string[] = [];
	for (const word of text.split(/\s+/)) {
		const last = lines.at(-1);
		if (word.includes("*/")) throw new Error(`a description that holds */ would end its comment: ${text}`);
		if (last !== undefined && last.length + word.length < 110) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
};

/** Collects interfaces: a name that is met again must mean the same. */
type Interfaces = Map<string, string>;

const scalarTypes: Readonly<Record<string, string>> = { string: "string", boolean: "boolean", integer: "number" };

const typeOf = (interfaces: Interfaces, kind: string, name: string, schema: DescribedSchema): string => {
	if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
	if (schema.items !== undefined) return `${typeOf(interfaces, kind, name, schema.items)}[]`;
	if (schema.properties !== undefined) return declare(interfaces, kind, interfaceName(kind, name), schema);
	const scalar = scalarTypes[schema.type];
	if (scalar === undefined) throw new Error(`${kind}: ${name} has type ${schema.type}, which has no counterpart`);
	return scalar;
};

const declare = (interfaces: Interfaces, kind: string, name: string, schema: DescribedSchema): string => {
	// Takes its place before its parts do: the outer one is read first.
	const before = interfaces.get(name);
	interfaces.set(name, before ?? "");
	const fields = Object.entries(schema.properties ?? {}).map(([property, child]) => {
		const optional = schema.required?.includes(property) ? "" : "?";
		return `${comment(child)}${property}${optional}: ${typeOf(interfaces, kind, property, child)};`;
	});
	const text = fields.join("\n");
	if (before !== undefined && before !== text) throw new Error(`${name} means two different things`);
	interfaces.set(name, text);
	return name;
};

const declareKind = (interfaces: Interfaces, crd: CustomResourceDefinition): void => {
	const { spec, status } = crd.schema.properties ?? {};
	interfaces.set(crd.kind, "");
	const lines = [
		`apiVersion: "${crd.group}/${crd.version}";`,
		`kind: "${crd.kind}";`,
		"metadata: ObjectMeta;",
		...(spec === undefined ? [] : [`spec: ${typeOf(interfaces, crd.kind, "spec", spec)};`]),
		...(status === undefined ? [] : [`status?: ${typeOf(interfaces, crd.kind, "status", status)};`]),
	];
	interfaces.set(crd.kind, lines.join("\n"));
};

/** The text of src/api/types.ts, not formatted. Throws where two different objects would get one name. */
export const typesModule = (crds: readonly CustomResourceDefinition[]): string => {
	const interfaces: Interfaces = new Map();
	for (const crd of crds) declareKind(interfaces, crd);
	const descriptions = new Map(crds.map((crd) => [crd.kind, comment(crd.schema)]));
	const declarations = [...interfaces].map(
		([name, fields]) => `${descriptions.get(name) ?? ""}export interface ${name} {\n${fields}\n}\n`,
	);
	return `\
// Generated from crds/*.yaml by \`npm run generate\`. Do not edit: change the CRD and generate again.
import type { ObjectMeta, OwnerReference } from "./kubernetes.ts";

${declarations.join("\n")}
export type { ObjectMeta, OwnerReference };
`;
};
