// The commands that end by themselves: what they print, where, and with which exit code.
import t from "tap";
import { type CommandWorld, runCommand } from "../../src/cli/commands.ts";
import type { FilesConfig } from "../../src/config.ts";
import { settings } from "../fixtures/seed.ts";
import { inspector } from "../gather/world.ts";
import { ACTION, all, BACKUP, run, SECRETS, TEMPLATE, warn } from "./running.ts";

t.test("lint: allowed", async (t) => {
	t.same(await run(all, {}), { code: 0, out: "3 checked, 3 allowed, 0 denied\n", error: "" });
});

t.test("lint: denied, with file and line of each finding", async (t) => {
	t.same(await run({ "b.yaml": BACKUP, "t.yaml": TEMPLATE }, {}), {
		code: 1,
		out: [
			'b.yaml:10: error: ScheduledBackup default/app1: spec.gpgKeySecretRef.secretName: Secret "keys" does not exist; create it, or set createIfNotExists: true to have a key made',
			'b.yaml:13: error: ScheduledBackup default/app1: spec.varsSecretRef.secretName: Secret "vars" does not exist',
			'b.yaml:6: error: ScheduledBackup default/app1: spec.vars: template: plain:1:15: executing "plain" at <.Params.a>: map has no entry for key "Params" (ClusterBackupProcedureTemplate "plain", backup script)',
			"2 checked, 1 allowed, 1 denied",
			"",
		].join("\n"),
		error: "",
	});
});

t.test("lint: a key that is too long for a new object is an error", async (t) => {
	const files = { ...all, "b.yaml": `${BACKUP}  vars: "${"k".repeat(600)}: 1"\n` };
	const { code, out } = await run(files, {});
	t.equal(code, 1);
	t.match(out, /^b\.yaml:\d+: error: .*spec\.vars: .*a key has 600 characters, more than 512$/m);
});

t.test("lint: --missing-references=warn, and the namespace's own word", async (t) => {
	const { code, out } = await run({ "b.yaml": BACKUP, "t.yaml": TEMPLATE }, warn);
	t.equal(code, 0);
	t.match(out, /^b\.yaml:13: warning: .*Secret "vars" does not exist$/m);
	t.match(out, /2 allowed, 0 denied/);
	const namespace = (policy: string): string =>
		`apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {riotkit.org/missing-references: ${policy}}}\n`;
	t.equal((await run({ "b.yaml": BACKUP, "t.yaml": TEMPLATE, "n.yaml": namespace("warn") }, {})).code, 0);
	t.equal((await run({ "b.yaml": BACKUP, "t.yaml": TEMPLATE, "n.yaml": namespace("deny") }, warn)).code, 1);
	t.equal((await run({ "a.yaml": ACTION }, warn)).code, 0);
	t.equal((await run({ "a.yaml": ACTION }, {})).code, 1);
});

t.test("lint -o json and yaml", async (t) => {
	const { out, code } = await run({ "b.yaml": BACKUP, "x.yaml": "a: [", "t.yaml": TEMPLATE }, { output: "json" });
	t.equal(code, 1);
	const results = JSON.parse(out);
	t.same(Object.keys(results[1]), ["kind", "namespace", "name", "allowed", "errors", "warnings"]);
	t.match(results, [
		{ kind: "", allowed: false, errors: [{ path: "", message: /^x\.yaml:\d+: not valid YAML/ }] },
		{
			kind: "ScheduledBackup",
			namespace: "default",
			name: "app1",
			allowed: false,
			errors: [
				{ path: "spec.gpgKeySecretRef.secretName", reason: "FieldValueNotFound", message: /does not exist/ },
				{ path: "spec.varsSecretRef.secretName" },
				{ path: "spec.vars" },
			],
			warnings: [],
		},
		{ kind: "ClusterBackupProcedureTemplate", namespace: "", name: "plain", allowed: true, errors: [], warnings: [] },
	]);
	t.match((await run({ "t.yaml": TEMPLATE }, { output: "yaml" })).out, /- kind: ClusterBackupProcedureTemplate/);
});

t.test("lint: unknown fields, unknown kinds, the same object twice, warnings", async (t) => {
	const { out, code } = await run(
		{
			"u.yaml": BACKUP.replace("cronJob: {}", "cronJobs: {}"),
			"k.yaml": "apiVersion: riotkit.org/v1\nkind: ScheduledBackup\nmetadata: {name: x}\n",
			"t.yaml": TEMPLATE.replace("tools:v1", "tools"),
			"t2.yaml": TEMPLATE,
			"s.yaml": SECRETS,
			"other.yaml": "apiVersion: apps/v1\nkind: Deployment\n---\nkind: Nothing\n",
			"a.yaml": `${ACTION}---\n${ACTION}`,
			"n.yaml": "apiVersion: riotkit.org/v1alpha1\nkind: ScheduledBackup\n",
			"m.yaml": "apiVersion: riotkit.org/v1alpha1\n",
		},
		{},
	);
	t.equal(code, 1);
	t.match(out, /^u\.yaml:9: error: .*unknown field "spec.cronJobs"; did you mean/m);
	t.match(out, /^k\.yaml:2: error: .*there is no kind "ScheduledBackup" in version "riotkit.org\/v1"/m);
	t.match(out, /^t\.yaml:4: warning: ClusterBackupProcedureTemplate plain: spec\.image: .*no tag/m);
	t.match(out, /^t2\.yaml:3: error: .*Duplicate value: "plain": first defined in t\.yaml:3; delete or rename/m);
	t.match(out, /7 allowed|[0-9] allowed/);
	t.notMatch(out, /Deployment/);
});

t.test("lint: a mistake inside of a text is found at its line in the file", async (t) => {
	const vars = `${BACKUP}  vars: |\n    Params:\n      a: 1\n      a: 2\n`;
	const scripts = TEMPLATE.replace(
		/spec: .*/,
		"spec:\n  image: tools:v1\n  backup: |\n    echo\n    {{ if }}\n  restore: 'x'",
	);
	const { out } = await run({ "b.yaml": vars, "t.yaml": scripts, "s.yaml": SECRETS }, {});
	t.match(out, /^b\.yaml:18: error: .*spec\.vars: .*line 3/m);
	t.match(out, /^t\.yaml:8: error: .*spec\.backup: template: plain:2/m);
});

t.test("each finding is one line, whatever names, paths and values hold", async (t) => {
	const name = JSON.stringify("a\nb.yaml:1: error: of a name\r\u001b[31m\u0085\u2028x");
	const backup = BACKUP.replace("name: app1", `name: ${name}`).replace("operation: backup", `operation: ${name}`);
	const files = { "b\n::error::of a path.yaml": backup, "c\r.yaml": "a: [" };
	for (const command of ["lint", "render"]) {
		const { out, error } = await run(files, { command });
		const lines = (command === "lint" ? out : error).trimEnd().split("\n");
		t.ok(lines.length > 3, command);
		const findings = lines.filter((line) => !/^\d+ checked/.test(line));
		for (const line of findings)
			t.match(line, /^(b\\n::error::of a path|c\\u000d)\.yaml:\d+: (error|warning): /, command);
		t.notMatch(findings.join(""), /[\p{Cc}\u2028\u2029]/u, command);
		t.match(findings.join("\n"), "a\\nb.yaml:1: error: of a name\\u000d\\u001b[31m\\u0085\\u2028x", command);
	}
});

t.test("folders, standard input, and what is not there", async (t) => {
	const files = {
		"d/b.yaml": BACKUP,
		"d/sub/t.yml": TEMPLATE,
		"d/.hidden/x.yaml": "a: [",
		"d/note.txt": "a: [",
		"d/s.json": "{}",
	};
	t.match(await run(files, { files: ["d"] }), { code: 1, out: /^2 checked, 1 allowed, 1 denied$/m });
	t.match(await run({ "-": TEMPLATE }, { files: ["-"] }), { code: 0, out: /^1 checked/ });
	t.match(await run({ "-": "a: [" }, { files: ["-"] }), {
		code: 1,
		out: /^<stdin>:\d+: error: .*\n0 checked.*1 unreadable/,
	});
	t.same(await run({}, { files: ["nothing.yaml"] }), {
		code: 2,
		out: "",
		error: "nothing.yaml: file or folder not found (ENOENT); give the path of a readable file or folder\n",
	});
});

t.test("nothing to check is no success", async (t) => {
	const secrets = { "d/s.yaml": SECRETS };
	const cases: Record<string, [Record<string, string>, string[]]> = {
		"a folder without manifests": [{ "d/note.txt": "x" }, ["d"]],
		"an empty file": [{ "e.yaml": "" }, ["e.yaml"]],
		"comments alone": [{ "e.yaml": "# nothing\n---\n" }, ["e.yaml"]],
		"objects of other kinds": [secrets, ["d"]],
		"empty standard input": [{ "-": "" }, ["-"]],
		"two of them": [{ ...secrets, "e.yaml": "" }, ["d", "e.yaml"]],
	};
	for (const [name, [files, given]] of Object.entries(cases))
		for (const command of ["lint", "render"] as const)
			t.same(
				await run(files, { command, files: given, output: "json" }),
				{
					code: 2,
					out: "",
					error: `nothing to check: no ScheduledBackup, RequestedBackupAction or ClusterBackupProcedureTemplate in ${given.join(", ")}\n`,
				},
				`${command}: ${name}`,
			);
});

t.test("a failure that is nobody's mistake is thrown", async (t) => {
	const bad: CommandWorld = {
		system: {} as CommandWorld["system"],
		inspector: inspector(),
		readCrds: async () => Promise.reject(new Error("disk")),
		readVersion: async () => "1.2.3",
		print: () => {},
		printError: () => {},
	};
	await t.rejects(runCommand({ command: "crds" }, bad), { message: "disk" });
	const files: FilesConfig = { command: "lint", files: ["x"], output: "text", settings, jobDefaults: undefined };
	const odd = {
		...bad,
		system: { isFolder: async () => Promise.reject("no error object") } as unknown as CommandWorld["system"],
	};
	const said: string[] = [];
	t.equal(await runCommand(files, { ...odd, printError: (text) => void said.push(text) }), 2);
	t.same(said, ["x: unknown error; give the path of a readable file or folder\n"]);
});

t.test("crds, help, and what was not understood", async (t) => {
	t.same(await run({}, { command: "crds" }), { code: 0, out: "---\n# one\na: 1\n---\nb: 2\n", error: "" });
	t.same(await run({}, { command: "help", text: "usage" } as never), { code: 0, out: "usage\n", error: "" });
	t.same(await run({}, { command: "usage-error", message: "what?" } as never), { code: 2, out: "", error: "what?\n" });
});

t.test("the installation's job defaults", async (t) => {
	const files = { "b.yaml": BACKUP, "t.yaml": TEMPLATE, "s.yaml": SECRETS, "d.yaml": "priorityClassName: low\n" };
	const given = Object.keys(files).filter((file) => file !== "d.yaml");
	const rendered = await run(files, { command: "render", output: "yaml", files: given, jobDefaults: "d.yaml" });
	t.match(rendered, { code: 0, out: /^ +priorityClassName: low$/m });
	const wrong = { ...files, "d.yaml": "imge: x\nenv: {}\n" };
	t.same(await run(wrong, { files: given, jobDefaults: "d.yaml" }), {
		code: 2,
		out: "",
		error:
			'--job-defaults: Invalid value: "d.yaml": the defaults for Jobs cannot be used; correct the file:\nd.yaml: imge: unknown key; did you mean image?\nd.yaml: env: has no default: it is for each backup to say, in HelmValues\n',
	});
});
