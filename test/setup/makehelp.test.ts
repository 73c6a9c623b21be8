// `make help`: every target that is started by hand has a line.
import { readFileSync } from "node:fs";
import t from "tap";
import { execute } from "../cluster/execute.ts";

const makefile = readFileSync("Makefile", "utf8");
const phony = (/^\.PHONY: (.*)$/m.exec(makefile)?.[1] ?? "").split(" ");

t.test("a line for each target of .PHONY, in the order of the file", async (t) => {
	// By hand, not as a part of the `make test` that runs this file, which would have it name its folder.
	const env = { MAKEFLAGS: "", MAKELEVEL: "0" };
	const { code, stdout, stderr } = await execute("make", ["help"], { cwd: process.cwd(), env });
	t.equal(code, 0, stderr);
	const lines = stdout.trimEnd().split("\n");
	t.same(
		lines.map((line) => line.split(" ")[0]),
		phony,
	);
	for (const line of lines) {
		t.match(line, /^[a-z0-9-]+ +[A-Z].*[^.]$/, "it begins with a capital and has no period, like the other lines");
		t.ok(line.length <= 120, `fits: ${line}`);
	}
});

t.test("every target that is not a file is in .PHONY", async (t) => {
	const targets = [...makefile.matchAll(/^([a-z0-9-]+):(?!=)/gm)].map(([, name = ""]) => name);
	t.same(targets.toSorted(), phony.toSorted());
});

t.test("make without a target runs the tests", async (t) => {
	const [, first] = /^([a-z-]+):(?!=)/m.exec(makefile) ?? [];
	t.equal(first, "test");
});
