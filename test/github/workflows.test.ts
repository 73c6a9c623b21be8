// Rules for workflows that actionlint does not know: pins, permissions, limits, and that their scripts are the tested ones.
import { accessSync, constants, existsSync, globSync, readFileSync } from "node:fs";
import t from "tap";
import { stepsOf, usesOf, workflows } from "./workflow.ts";

const read = (file: string): string => readFileSync(file, "utf8");
/** Programs of a runner that a step may call; everything else is a script of ours. */
const PROGRAMS = ["cosign", "docker", "git", "make", "node", "printf"];

t.test("actions are pinned by commit, with the version beside it", async (t) => {
	const texts = [...workflows.map(({ text }) => text), read("action.yml")];
	const used = texts.flatMap(usesOf).filter(({ action }) => !action.startsWith("./"));
	t.ok(used.length > 10, "they are found");
	for (const { line } of used) t.match(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, line);
	const versions = new Map<string, Set<string>>();
	for (const { action } of used) {
		const [name = "", commit = ""] = action.split("@");
		versions.set(name, (versions.get(name) ?? new Set()).add(commit));
	}
	for (const [name, commits] of versions) t.equal(commits.size, 1, `${name} has one version`);
});

for (const workflow of workflows) {
	t.test(workflow.file, async (t) => {
		t.strictSame(workflow.permissions, {}, "a job has the permissions that it lists, and no others");
		t.ok(workflow.concurrency, "two runs for one reference do not overlap");
		t.notOk("pull_request_target" in workflow.on, "code of a pull request never runs with the repository's rights");
		for (const [name, job] of Object.entries(workflow.jobs)) {
			t.ok(job.permissions, `${name}: permissions`);
			if (job.uses === undefined) t.ok(job["timeout-minutes"], `${name}: timeout-minutes`);
		}
		for (const { job, step } of stepsOf(workflow)) {
			t.notMatch(step.run ?? "", /\$\{\{/, `${job}: values reach a script by its environment`);
			if (!step.uses?.startsWith("actions/checkout@")) continue;
			t.equal(step.with?.["persist-credentials"], false, `${job}: no token stays in the checkout`);
		}
	});
}

t.test("only jobs that publish may write, and none of them runs what a pull request changed", async (t) => {
	const gate = workflows.find(({ file }) => file.endsWith("gate.yml"));
	t.strictSame(gate?.jobs["gate"]?.permissions, { contents: "read" });
	const release = workflows.find(({ file }) => file.endsWith("release.yml"));
	t.strictSame(release?.on, { push: { tags: ["v*"] } });
	t.strictSame(release?.jobs["build"]?.permissions, { contents: "read" });
	t.notMatch(release?.text ?? "", "actions/cache@", "a release takes nothing from a cache");
});

t.test("every script that a workflow calls exists and is one that tests run", async (t) => {
	const tests = globSync("test/**/*.test.ts").map(read).join("\n");
	const lines = workflows
		.flatMap(stepsOf)
		.flatMap(({ step }) => (step.run ?? "").split("\n"))
		.filter((line) => line.trim() !== "");
	const scripts = lines.flatMap((line) => line.match(/(?<=^|\s)(?:\.ci\/|release\/)[\w./-]+/g) ?? []);
	t.ok(scripts.includes(".ci/run") && scripts.includes("release/build.ts"), "they are found");
	for (const script of scripts) {
		t.ok(existsSync(script), script);
		if (script !== ".ci/run") t.ok(tests.includes(script), `${script} is run by a test`);
	}
	for (const line of lines) {
		const program = line.trim().split(/\s/)[0] ?? "";
		t.ok(PROGRAMS.includes(program) || scripts.includes(program), `"${program}" is a known program`);
	}
	t.doesNotThrow(() => accessSync(".ci/run", constants.X_OK));
});

t.test("the versions of Node.js are one", async (t) => {
	const { node } = JSON.parse(read("package.json")).devDependencies;
	const stated = workflows.flatMap((workflow) => [
		...Object.values(workflow.jobs).flatMap(({ container }) => container?.image.split(/[:-]/)[1] ?? []),
		...stepsOf(workflow).flatMap(({ step }) => step.with?.["node-version"] ?? []),
	]);
	t.ok(stated.length >= 4);
	for (const version of stated) t.equal(version, node);
	t.match(read("Dockerfile"), `FROM node:${node}-bookworm-slim`);
});
