// The file with the installation's defaults: read once, and refused with everything that is wrong with it.
import t from "tap";
import { JobDefaultsError, readJobDefaults } from "../../src/gather/jobdefaults.ts";

const reading = (text: string) => readJobDefaults("/config/job-defaults.yaml", async () => text);

t.test("no file, and a good one", async (t) => {
	t.equal(await readJobDefaults(undefined, () => Promise.reject(new Error("not called"))), undefined);
	t.same(await reading("priorityClassName: low"), { priorityClassName: "low" });
});

t.test("a wrong one", async (t) => {
	const error = await reading("env: {}\nimge: x").then(
		() => undefined,
		(error: unknown) => error,
	);
	t.ok(error instanceof JobDefaultsError);
	t.same((error as JobDefaultsError).mistakes, [
		"/config/job-defaults.yaml: env: has no default: it is for each backup to say, in HelmValues",
		"/config/job-defaults.yaml: imge: unknown key; did you mean image?",
	]);
	t.match(
		(error as JobDefaultsError).message,
		/^--job-defaults: Invalid value: "\/config\/job-defaults.yaml": the defaults for Jobs cannot be used; correct the file:\n.*env: .*\n.*imge: /,
	);
});

t.test("one that cannot be read", async (t) => {
	const missing = Object.assign(new Error("no such file"), { code: "ENOENT" });
	for (const [thrown, word] of [
		[missing, "file or folder not found (ENOENT)"],
		[new Error("odd"), "unknown error"],
		["odd", "unknown error"],
	] as const) {
		const error = await readJobDefaults("/x", () => Promise.reject(thrown)).catch((error) => error);
		t.notOk(error instanceof JobDefaultsError);
		t.equal(error.message, `--job-defaults: Invalid value: "/x": ${word}; give the path of a readable file`);
		t.equal(error.cause, thrown);
	}
});
