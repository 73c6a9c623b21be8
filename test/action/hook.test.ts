// The hook of pre-commit, with the program from this tree in place of the one from npm.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import t, { type Test } from "tap";
import { runHook } from "./support.ts";

interface Hook {
	entry: string;
	args: string[];
	pass_filenames: boolean;
}

const [hook] = load(readFileSync(".pre-commit-hooks.yaml", "utf8")) as [Hook];

/** The repository of a user, and a run of the hook in it. */
const prepare = (t: Test, files: readonly string[]) => {
	const folder = t.testdir({ bin: {}, repository: { backups: {} } });
	const repository = join(folder, "repository");
	for (const file of files) cpSync(join("examples", file), join(repository, "backups", file));
	const run = (args: string[] = hook.args) => runHook(join(folder, "bin"), repository, hook.entry, args);
	return { repository, run };
};

t.test("it looks at the folders as a whole, since one file can break another", async (t) => {
	t.equal(hook.pass_filenames, false);
	const { run } = prepare(t, ["template-pg13.yaml", "secret-without-password.yaml", "app1.yaml"]);
	const { code, stdout } = await run();
	t.equal(code, 1);
	t.match(stdout, /^backups\/app1\.yaml:37: error: .*"Params\.password"/);
});

t.test("manifests of others do not matter, and flags can be given", async (t) => {
	const { repository, run } = prepare(t, ["template-pg13.yaml", "app1.yaml"]);
	const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n";
	writeFileSync(join(repository, "backups", "deployment.yaml"), deployment);
	t.equal((await run(["backups/"])).code, 1, "the Secret is not in the repository");
	const { code, stdout } = await run(["--missing-references=warn", "backups/"]);
	t.equal(code, 0);
	t.match(stdout, "2 checked, 2 allowed, 0 denied");
});

t.test("a folder without any object of ours is not a success", async (t) => {
	const { repository, run } = prepare(t, []);
	mkdirSync(join(repository, "empty"));
	t.match(await run(["empty/"]), { code: 2, stderr: /nothing to check/ });
});
