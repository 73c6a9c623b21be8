// The words for error codes of the operating system.
import { readFileSync } from "node:fs";
import t from "tap";
import { systemFailure } from "../../src/api/systemfailure.ts";

const thrownBy = (action: () => unknown): unknown => {
	try {
		return action();
	} catch (error) {
		return error;
	}
};

const cases: [name: string, error: unknown, words: string][] = [
	["a file that does not exist", thrownBy(() => readFileSync("/nowhere/x")), "file or folder not found (ENOENT)"],
	["a folder", thrownBy(() => readFileSync("/")), "it is a folder, not a file (EISDIR)"],
	["an address in use", { code: "EADDRINUSE" }, "another process already uses this address (EADDRINUSE)"],
	["a code without words", { code: "EXDEV" }, "EXDEV"],
	["the name of a property of every object", { code: "constructor" }, "constructor"],
	["a code that is a number", { code: 5 }, "unknown error"],
	["no code", new Error("secret"), "unknown error"],
	["no object", "secret", "unknown error"],
	["undefined", undefined, "unknown error"],
	["null", null, "unknown error"],
];
for (const [name, error, words] of cases)
	t.test(name, async (t) => {
		t.equal(systemFailure(error), words);
	});
