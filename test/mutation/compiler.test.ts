// The compiler's answer for the sources as they are, for mutants that it refuses, and for mutants that only a test's types refuse.
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import t from "tap";
import { accepts } from "./compiler.ts";
import { mutatedFiles } from "./layers.ts";

t.setTimeout(120_000);

const SOURCE = "export const count: number = 1;\n";

t.test("the sources of this tree are accepted", async (t) => t.equal(await accepts("."), true));

t.test("every folder whose files are mutated is compiled", async (t) => {
	const { include } = JSON.parse(readFileSync("test/mutation/tsconfig.json", "utf8")) as { include: string[] };
	const folders = new Set(mutatedFiles(".").map((file) => file.split("/")[0]));
	t.strictSame(include.toSorted(), [...folders].map((folder) => `../../${folder}`).sort());
});

t.test("a small tree", async (t) => {
	const test = 'import { count } from "../src/a.ts";\nexport const other: string = count;\n';
	const copy = t.testdir({ src: { "a.ts": SOURCE }, test: { "a.test.ts": test } });
	for (const file of ["tsconfig.json", "package.json", "test/mutation/tsconfig.json"])
		cpSync(file, join(copy, file), { recursive: true });
	symlinkSync(resolve("node_modules"), join(copy, "node_modules"));

	t.equal(await accepts(copy), true);
	for (const [name, text, expected] of [
		["another value", "export const count: number = 2;\n", true],
		["something unused", `const unused = 1;\n${SOURCE}`, true],
		["what breaks only the types of a test", "export const other: number = 1;\n", true],
		["another type", 'export const count: number = "";\n', false],
		["a name that does not exist", "export const count: number = missing;\n", false],
	] as const) {
		writeFileSync(join(copy, "src/a.ts"), text);
		t.equal(await accepts(copy), expected, name);
	}
});
