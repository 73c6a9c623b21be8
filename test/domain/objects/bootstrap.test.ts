// The command that completes a script in the pod, in real bash: the script must run as if there had been no bootstrap,
// and nothing but the script may notice the secrets.
import { spawnSync } from "node:child_process";
import t from "tap";
import {
	bootstrapCommand,
	COMPLETED_SCRIPT_VOLUME,
	RESERVED_MOUNT_PATHS,
	RESERVED_VOLUMES,
	SCRIPT_VOLUME,
	scriptCommand,
	scriptFileName,
	scriptParts,
} from "../../../src/domain/objects/bootstrap.ts";
import { staleModules } from "../../../src/procedures/generate/generate.ts";
import { NAME, STOP, token } from "./in-place.ts";
import { runBootstrap } from "./real-bash.ts";

t.setTimeout(60_000);

t.test("a token is found wherever it stands in a long line", async (t) => {
	const folder = t.testdir();
	for (const before of [0, 1, 1015, 1018, 1019, 1020, 1021, 1022, 1023, 1024, 1025, 2040, 5000]) {
		const script = `${STOP}${"@".repeat(before)}${token()}${"x".repeat(before)}`;
		const run = runBootstrap({ folder, script, environment: { [NAME]: "value" } });
		t.equal(
			run.completed?.toString(),
			`${STOP}${"@".repeat(before)}value${"x".repeat(before)}`,
			`after ${before} bytes`,
		);
	}
});

t.test("scripts keep their ends", async (t) => {
	const folder = t.testdir();
	for (const end of ["", "\n", "\n\n\n", " ", "\t\n ", "\\", "\\\n", "\r\n"]) {
		const run = runBootstrap({ folder, script: STOP + token() + end, environment: { [NAME]: "v" } });
		t.equal(run.completed?.toString(), `${STOP}v${end}`, JSON.stringify(end));
	}
});

t.test("the script runs as if there had been no bootstrap", async (t) => {
	const folder = t.testdir();
	const script = [
		"#!/bin/bash",
		`value=${token("shellQuote")}`,
		'printf "%s\\n" "$0" "$LINENO" "$#" "$value" "$-" "${!BMC_@}" "${FUNCNAME-}" "$IFS" "$PPID"',
		"cat",
		"export -p",
		"declare -F",
		"exit 7",
	].join("\n");
	const environment = { line: "mine", value: "old", parts: "x", LC_ALL: "C.UTF-8", IFS: "z", [NAME]: "a\n'b'" };
	const run = runBootstrap({ folder, script, environment, stdin: "from stdin\n" });
	t.equal(run.status, 7);
	t.equal(run.stderr, "");
	// The same script with its value in place, run directly.
	const { [NAME]: secret, ...others } = environment;
	const direct = runDirectly(folder, script.replace(token("shellQuote"), "'a\n'\\''b'\\'''"), others);
	t.equal(run.stdout.replace(/declare -x _=.*\n/, ""), direct.replace(/declare -x _=.*\n/, ""));
	t.notMatch(run.stdout, "BMC_");
});

const runDirectly = (folder: string, script: string, environment: Record<string, string>): string => {
	// `cat` as a bootstrap of nothing: the same paths, the same parent.
	const run = spawnSync(
		"/bin/bash",
		[
			"-p",
			"-c",
			'printf %s "$2" >"$1"; set +p; exec /bin/bash "$1" <"$3"',
			"direct",
			`${folder}/backup.sh`,
			script,
			`${folder}/stdin`,
		],
		{
			env: { PATH: process.env.PATH ?? "", ...environment },
			stdio: ["ignore", "pipe", "pipe"],
		},
	);
	return run.stdout.toString();
};

t.test("nothing of the user's environment runs beside the secrets, and all of it reaches the script", async (t) => {
	const folder = t.testdir({ "rc.sh": `printf 'rc saw %s\\n' "\${${NAME}-nothing}"\n` });
	const script = `printf 'overridden: %s\\n' ${token("shellQuote")}\n`;
	const environment = {
		[NAME]: "secret",
		BASH_ENV: `${folder}/rc.sh`,
		SHELLOPTS: "xtrace",
		POSIXLY_CORRECT: "1",
		"BASH_FUNC_printf%%": `() { builtin printf 'function saw %s\\n' "\${${NAME}-nothing}"; }`,
	};
	const run = runBootstrap({ folder, script, environment });
	t.equal(run.status, 0);
	t.notMatch(run.stderr, "secret", "xtrace of the user does not print the bootstrap");
	t.notMatch(run.stdout, "saw secret");
	t.match(run.stdout, "saw nothing", "bash reads BASH_ENV or takes the function for the script itself");
});

t.test("POSIX mode and a strange locale do not matter", async (t) => {
	const folder = t.testdir();
	const environment = { [NAME]: "é\n'", POSIXLY_CORRECT: "1", LC_ALL: "xx_YY.UTF-8", LANG: "C.UTF-8" };
	const run = runBootstrap({ folder, script: STOP + token("shellQuote", "b64enc"), environment });
	t.equal(run.completed?.toString(), `${STOP}${Buffer.from("'é\n'\\'''").toString("base64")}`);
});

t.test("what cannot be completed is never run", async (t) => {
	const secret = "the secret value";
	const cases: { name: string; script: string; environment: Record<string, string>; message: string }[] = [
		{
			name: "a variable that is not set",
			script: `echo ran\necho ${token()} @BMC{BMC_MISSING_1}@`,
			environment: { [NAME]: secret },
			message: "bootstrap: the environment variable BMC_MISSING_1, which the script needs, is not set\n",
		},
		{
			name: "an unknown transformation",
			script: `echo ran\n${token("rot13")}`,
			environment: { [NAME]: secret },
			message: "bootstrap: the script asks for the unknown transformation rot13\n",
		},
		{
			name: "a name that is not ours",
			script: "echo ran\n@BMC{PATH}@",
			environment: {},
			message: "bootstrap: the script holds a malformed token\n",
		},
		{
			name: "a name that bash would evaluate",
			script: "echo ran\n@BMC{BMC_A[`id`]}@",
			environment: {},
			message: "bootstrap: the script holds a malformed token\n",
		},
		{
			name: "a token without an end",
			script: `echo ran\n@BMC{${NAME}\n}@`,
			environment: { [NAME]: secret },
			message: "bootstrap: the script holds a malformed token\n",
		},
	];
	for (const { name, script, environment, message } of cases) {
		const run = runBootstrap({ folder: t.testdir(), script, environment });
		t.equal(run.status, 1, name);
		t.equal(run.stderr, message, name);
		t.equal(run.stdout, "", name);
		t.equal(run.completed, undefined, `${name}: nothing is written`);
	}
});

t.test("a script that cannot be read or written is an error", async (t) => {
	const folder = t.testdir({ "source.sh": STOP });
	const run = (source: string, target: string) => {
		const [program, ...args] = [...bootstrapCommand(), source, target];
		return spawnSync(program as string, args, { stdio: ["ignore", "pipe", "pipe"] });
	};
	const unreadable = run(`${folder}/none.sh`, `${folder}/backup.sh`);
	t.equal(unreadable.status, 1);
	t.match(unreadable.stderr.toString(), "bootstrap: the script cannot be read");
	const unwritable = run(`${folder}/source.sh`, `${folder}/none/backup.sh`);
	t.equal(unwritable.status, 1);
	t.match(unwritable.stderr.toString(), "bootstrap: the script cannot be written");
	const full = run(`${folder}/source.sh`, "/dev/full");
	t.equal(full.status, 1);
	t.match(full.stderr.toString(), "bootstrap: the script cannot be written");
});

t.test("the command is fixed, and safe from the kubelet", async (t) => {
	const text = bootstrapCommand().join("\n");
	t.notMatch(text, "$(");
	t.notMatch(text, "$$");
	t.same(bootstrapCommand(), bootstrapCommand());
	t.same(staleModules(), [], "generated modules are current: node src/procedures/generate/generate.ts");
});

t.test("what a pod needs to run a script", async (t) => {
	t.equal(scriptFileName("backup"), "backup.sh");
	t.same(scriptCommand(false, "backup.sh"), ["/bin/bash", "/usr/backup-maker/backup.sh"]);
	t.same(scriptParts("app1-backup-1", "backup.sh", "echo"), {
		command: ["/bin/bash", "/usr/backup-maker/backup.sh"],
		volumes: [{ name: SCRIPT_VOLUME, configMap: { name: "app1-backup-1" } }],
		volumeMounts: [{ name: SCRIPT_VOLUME, mountPath: "/usr/backup-maker", readOnly: true }],
	});
	t.same(scriptParts("app1-backup-1", "backup.sh", `echo ${token()}`), {
		command: [...bootstrapCommand(), "/mnt/backup-maker-script/backup.sh", "/usr/backup-maker/backup.sh"],
		volumes: [
			{ name: SCRIPT_VOLUME, configMap: { name: "app1-backup-1" } },
			{ name: COMPLETED_SCRIPT_VOLUME, emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
		],
		volumeMounts: [
			{ name: SCRIPT_VOLUME, mountPath: "/mnt/backup-maker-script", readOnly: true },
			{ name: COMPLETED_SCRIPT_VOLUME, mountPath: "/usr/backup-maker" },
		],
	});
	t.same([...RESERVED_VOLUMES, ...RESERVED_MOUNT_PATHS].length, 4);
});
