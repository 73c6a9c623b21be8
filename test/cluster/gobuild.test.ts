// A build that is cut short must leave nothing behind that counts as built.
import { readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import t from "tap";
import { buildAside, removeRemains } from "./gobuild.ts";

t.test("what is whole comes to the target, under its name", async (t) => {
	const target = join(t.testdir({ bin: { old: "built before" } }), "bin");
	await buildAside(target, ["one", "two"], async (output) => {
		t.match(output, /\/$/, "a folder");
		for (const name of ["one", "two"]) await writeFile(`${output}${name}`, "x");
		t.same(await readdir(target), ["old"], "and not before it is whole");
	});
	await buildAside(target, ["three"], (output) => writeFile(output, "x"));
	t.same((await readdir(target)).sort(), ["old", "one", "three", "two"]);
	t.same(await readdir(dirname(target)), ["bin"], "nothing stays beside it");
});

t.test("a build that fails half way", async (t) => {
	const target = join(t.testdir({ bin: {} }), "bin");
	const failing = buildAside(target, ["one", "two"], async (output) => {
		await writeFile(`${output}one`, "half");
		throw new Error("go build ended with 1");
	});
	await t.rejects(failing, { message: "go build ended with 1" });
	t.same(await readdir(target), []);
	t.same(await readdir(dirname(target)), ["bin"]);
});

t.test("what a killed build left is removed, and nothing else", async (t) => {
	const folder = t.testdir({ bin: { one: "built" }, "bin.building-abc": { two: "half" }, other: {} });
	await removeRemains(join(folder, "bin"));
	t.same((await readdir(folder)).sort(), ["bin", "other"]);
	t.same(await readdir(join(folder, "bin")), ["one"]);
});
