// What is too long is cut so that it still is too long; nothing else is changed.
import t from "tap";
import { bounded } from "../../src/api/bounded.ts";
import type { Schema } from "../../src/api/schema.ts";
import { schemaProblems } from "../../src/api/validate.ts";
import { scheduledBackup } from "./objects.ts";

const text: Schema = { type: "string", maxLength: 3 };
const list: Schema = { type: "array", maxItems: 2, items: text };
const schema: Schema = {
	type: "object",
	properties: {
		list,
		text,
		any: { type: "array" },
		free: { type: "string" },
		deep: { type: "object", properties: { list } },
	},
};

const rows: Record<string, [given: unknown, kept: unknown]> = {
	"what is allowed": [
		{ text: "abc", list: ["a", "b"], more: [1, 2, 3] },
		{ text: "abc", list: ["a", "b"], more: [1, 2, 3] },
	],
	"a list": [{ list: ["a", "b", "c", "d"] }, { list: ["a", "b", "c"] }],
	"a list in a map": [{ deep: { list: [1, 2, 3, 4] } }, { deep: { list: [1, 2, 3] } }],
	"a text": [{ text: "abcdefghi" }, { text: "abcdefg" }],
	"characters of two units count once": [{ text: "😀😀😀" }, { text: "😀😀😀" }],
	"a text in a list": [{ list: ["abcdefghi"] }, { list: ["abcdefg"] }],
	"without a limit": [
		{ any: [1, 2, 3], free: "abcdefghi" },
		{ any: [1, 2, 3], free: "abcdefghi" },
	],
	"another type": [
		{ text: 5, list: "abc", deep: null },
		{ text: 5, list: "abc", deep: null },
	],
	"no object at all": ["hello", "hello"],
};
for (const [name, [given, kept]] of Object.entries(rows))
	t.test(name, async (t) => t.strictSame(bounded(schema, given), kept));

t.test(
	"the length of a list is that of the list as it was given, and its items are looked at up to the first too many",
	async (t) => {
		const imports = (importOnlyKeys: unknown[]) =>
			scheduledBackup({ varsSecretRef: { secretName: "a", importOnlyKeys } });
		const paths = (keys: unknown[]) =>
			schemaProblems(imports(keys)).map(({ path }) => path.replace(/^.*importOnlyKeys/, ""));
		const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}`);
		t.match(schemaProblems(imports(keys)), [{ message: "Too many: 60000: must have at most 256 items" }]);
		t.same(paths([...keys.slice(0, 256), "k0", "k1", "!"]), ["", "[256]"], "a duplicate");
		t.same(paths([...keys.slice(0, 257), "!"]), [""], "what comes later is not looked at");
	},
);
