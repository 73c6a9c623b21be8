// The committed types and schemas are those that crds/ give, and the generator refuses what it cannot express.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import t from "tap";
import type { CustomResourceDefinition, DescribedSchema } from "../../src/api/generate/crds.ts";
import { schemasModule } from "../../src/api/generate/schemas.ts";
import { typesModule } from "../../src/api/generate/types.ts";

const crdOf = (properties: Record<string, DescribedSchema>): CustomResourceDefinition => ({
	kind: "Thing",
	group: "example.org",
	version: "v1",
	schema: { type: "object", description: "Thing.", properties: { spec: { type: "object", properties } } },
});

t.test("what is committed is current", async (t) => {
	const script = fileURLToPath(new URL("../../src/api/generate/generate.ts", import.meta.url));
	const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
	t.equal(status, 0, `${stdout}${stderr}`);
});

t.test("types: required, optional, default, list, enumeration", async (t) => {
	const crd = crdOf({
		a: { type: "string", description: "The a.", default: "x" },
		b: { type: "array", items: { type: "object", properties: { c: { type: "integer" } }, required: ["c"] } },
		d: { type: "string", enum: ["x", "y"] },
	});
	const text = typesModule([crd]);
	t.match(
		text,
		'/** Thing. */\nexport interface Thing {\napiVersion: "example.org/v1";\nkind: "Thing";\nmetadata: ObjectMeta;\nspec: ThingSpec;\n}',
	);
	t.match(text, '/** The a. Default: `"x"`. */\na?: string;\nb?: B[];\nd?: "x" | "y";');
	t.match(text, "export interface B {\nc: number;\n}");
});

t.test("types: what cannot be expressed is refused", async (t) => {
	const inner = (type: string) => ({
		type: "object",
		properties: { same: { type: "object", properties: { x: { type } } } },
	});
	t.throws(() => typesModule([crdOf({ a: inner("string"), b: inner("integer") })]), /Same means two different things/);
	t.throws(() => typesModule([crdOf({ a: { type: "number" } })]), /has type number, which has no counterpart/);
	t.throws(
		() => typesModule([crdOf({ a: { type: "string", description: "Ends */ here." } })]),
		/would end its comment/,
	);
});

t.test("schemas: without descriptions, also where a field is called so", async (t) => {
	const text = schemasModule([crdOf({ description: { type: "string", description: "The description." } })]);
	t.match(text, '"properties":{"spec":{"type":"object","properties":{"description":{"type":"string"}}}}');
});
