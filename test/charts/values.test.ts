// The table of values: each has its row with path, default and text, and none is left out.
import t from "tap";
import { valueRows, valuesTable, withTable } from "../../charts/generate/values.ts";

const VALUES = `# A word on the file.

# -- The first.
first: ""
group:
  # -- Inside, with a | in it.
  inner: [a]
  deeper:
    # -- Deep.
    deep: 1
# -- As a whole.
whole:
  not: listed
  nor: {this: too}
# after
# -- The last.
last: {}
#  example: 1
`;

t.test("a row for each described value, in the file's order", async (t) => {
	t.same(valueRows(VALUES), [
		{ path: "first", description: "The first.", default: '""' },
		{ path: "group.inner", description: "Inside, with a | in it.", default: '["a"]' },
		{ path: "group.deeper.deep", description: "Deep.", default: "1" },
		{ path: "whole", description: "As a whole.", default: '{"not":"listed","nor":{"this":"too"}}' },
		{ path: "last", description: "The last.", default: "{}" },
	]);
});

t.test("a value without a description is refused", async (t) => {
	t.throws(() => valueRows("a:\n  b: 1\n  # no dashes\n  c: {}\n"), /no description of a\.b, a\.c/);
});

t.test("the table", async (t) => {
	const table = valuesTable([{ path: "a.b", description: "x | y", default: '"|"' }]);
	t.equal(table, '| value | default | |\n| --- | --- | --- |\n| `a.b` | `"\\|"` | x \\| y |');
});

t.test("the table is put between its marks, again and again", async (t) => {
	const readme =
		"before\n<!-- Generated from values.yaml by `npm run generate`. -->\n\nold\n\n<!-- End of what is generated. -->\nafter\n";
	const once = withTable(readme, "new");
	t.equal(once, readme.replace("old", "new"));
	t.equal(withTable(once, "new"), once);
	t.throws(() => withTable("no marks", "new"), /marks/);
});
