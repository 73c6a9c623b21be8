// What every CRD of ours promises, field by field: a description, a bound, a hint, and words for each keyword.
import t from "tap";
import { type DescribedSchema, readCrds } from "../../src/api/generate/crds.ts";
import { fieldPath, patternHints, problemOfError, wordedKeywords } from "../../src/api/messages.ts";

interface Field {
	path: string;
	schema: DescribedSchema;
}

const fieldsOf = (path: string, schema: DescribedSchema): Field[] => [
	{ path, schema },
	...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => fieldsOf(`${path}.${name}`, child)),
	...(schema.items === undefined ? [] : fieldsOf(`${path}[]`, schema.items)),
];

const fields = readCrds().flatMap((crd) => fieldsOf(crd.kind, crd.schema));
const specFields = fields.filter(({ path }) => path.includes(".spec."));

t.test("every field has a description", async (t) => {
	for (const { path, schema } of fields.filter(({ path }) => !path.endsWith(".metadata")))
		t.match(schema.description ?? "", /^.{5,}\.$|\.$/, path);
});

t.test("every text and list of a spec is bounded, so that CEL's cost is", async (t) => {
	for (const { path, schema } of specFields) {
		if (schema.type === "string" && schema.enum === undefined) t.ok(schema["maxLength"], path);
		if (schema.type === "array") t.ok(schema["maxItems"], path);
	}
});

t.test("every pattern of a spec has a hint", async (t) => {
	const patterns = specFields.flatMap(({ schema }) =>
		schema["pattern"] === undefined ? [] : [String(schema["pattern"])],
	);
	t.strictSame([...new Set(patterns)].sort(), Object.keys(patternHints).sort());
});

t.test("every keyword that can fail has words", async (t) => {
	const silent = ["description", "default", "properties", "items"];
	const keywords = new Set(fields.flatMap(({ schema }) => Object.keys(schema)));
	const checking = [...keywords].filter((keyword) => !silent.includes(keyword) && !keyword.startsWith("x-kubernetes-"));
	t.strictSame(checking.sort(), [...wordedKeywords].sort());
});

t.test("a keyword without words says what ajv says", async (t) => {
	const error = { instancePath: "/spec/a/0/b", schemaPath: "", keyword: "const", params: {}, message: "must be 5" };
	t.strictSame(problemOfError(error), {
		path: "spec.a[0].b",
		reason: "FieldValueInvalid",
		message: "Invalid value: must be 5",
	});
	t.equal(fieldPath(""), "");
});
