// The command that completes a script in the pod, in real bash: the completed script must be, byte by byte, what
// rendering the secrets in place would have given, and nothing but that script may notice them.
import { spawnSync } from "node:child_process";
import fc from "fast-check";
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
import { environmentName, tokenFor } from "../../../src/domain/script/token.ts";
import {
	parseTemplate,
	type RenderOptions,
	renderTemplate,
	type SecretTransform,
	SecretValue,
	type Value,
} from "../../../src/template/index.ts";
import { goQuote } from "../../../src/template/quote.ts";
import { staleModules } from "../../../src/procedures/generate/generate.ts";
import { runBootstrap } from "./real-bash.ts";

t.setTimeout(180_000);

/** Lets the script end at its first line, so that what follows may be any text. */
const STOP = "exit 0\n";
const NAME = "BMC_A_0123456789abcdef";
const token = (...transforms: string[]) => `@BMC{${[NAME, ...transforms].join(":")}}@`;

/** What Go's functions make of a text, as the engine does it for literal values. */
const REFERENCE: Record<SecretTransform, (text: string) => string> = {
	shellQuote: (text) => `'${text.replaceAll("'", "'\\''")}'`,
	quote: (text) => goQuote(text),
	squote: (text) => `'${text}'`,
	b64enc: (text) => Buffer.from(text).toString("base64"),
	urlquery: (text) => new URLSearchParams([["", text]]).toString().slice(1).replaceAll("*", "%2A").replaceAll("%7E", "~"),
};

/** Renders a template with the values in place. */
const renderInPlace = (template: string, values: Record<string, string>): string => {
	const secrets = Object.keys(values).map((key): [string, Value] => [key, new SecretValue(key, "keys", key)]);
	return render(template, new Map(secrets), (secret, transforms) =>
		transforms.reduce((text, transform) => REFERENCE[transform](text), values[secret.key] as string),
	);
};

/** Renders a template with tokens for the values, and gives the environment that belongs to them. */
const renderTokens = (template: string, values: Record<string, string>) => {
	const secrets = Object.keys(values).map((key): [string, Value] => [key, new SecretValue(key, "keys", key)]);
	const environment = Object.entries(values).map(([key, value]) => [environmentName("keys", key), value]);
	return { script: render(template, new Map(secrets)), environment: Object.fromEntries(environment) };
};

const render = (text: string, data: Value, token: RenderOptions["token"] = tokenFor): string => {
	const { template, errors } = parseTemplate("GoTemplate", "test", text);
	if (template === undefined) {
		throw new Error(errors[0]?.message);
	}
	const result = renderTemplate(template, data, { token });
	if (result.output === undefined) {
		throw new Error(result.errors[0]?.message);
	}
	return result.output;
};

const HOSTILE: Record<string, string> = {
	"a plain word": "putinchuj",
	"a token of itself": `x${token()}y`,
	"a token start alone": "@BMC{",
	"a token end alone": "}@",
	"half a token, to be closed by the script": `@BMC{${NAME}`,
	"single quotes": "it's 'so'",
	"double quotes": '"so"',
	newlines: "a\nb\n\nc",
	"trailing newlines": "a\n\n\n",
	"only a newline": "\n",
	"carriage returns": "a\r\nb\r",
	ampersands: "a&b && c",
	backslashes: "\\ \\\\ \\n a\\",
	"shell syntax": "${HOME} $(id) `id` $HOME $$ $1",
	globs: "* ? [a-z] ~ {a,b} !(x)",
	"printf formats": "%s %d %% %n",
	"arithmetic and subscripts": "a[$(id)] 1+1 x=1",
	"an option": "-n -e -p",
	"leading and trailing blanks": " \t a \t ",
	"multi-byte characters": "zażółć gęślą jaźń 日本語 😀 é",
	"control characters": "\x01\x02\x07\b\t\v\f\x1b\x7f",
	"non-printable beyond ASCII": "\u0085\u00a0\u200b\ufeff",
	empty: "",
	"shell quoting of a quote": "'\\''",
	"URL syntax": "a b+c&d=e/f?g#h%20;~.-_",
};

const TRANSFORMS = ["", "| shellQuote", "| quote", "| squote", "| b64enc", "| urlquery", "| b64enc | shellQuote", "| quote | shellQuote"];

t.test("hostile values: the same bytes as rendered in place", async (t) => {
	const folder = t.testdir();
	// One script for all transformations of a value; the text around them must not be touched either.
	const printable = TRANSFORMS.map((transform) => `a ' " \\ & ${"$" + "{x}"} {{ .v ${transform} }}{{ .v ${transform} }} é`);
	for (const [name, value] of Object.entries(HOSTILE)) {
		const lines = name === "non-printable beyond ASCII" ? printable.filter((line) => !line.includes("| quote")) : printable;
		const template = `${STOP}${lines.join("\n")}\n`;
		const { script, environment } = renderTokens(template, { v: value });
		const run = runBootstrap({ folder, script, environment });
		t.equal(run.stderr, "", name);
		t.equal(run.status, 0, name);
		t.equal(run.completed?.toString(), renderInPlace(template, { v: value }), name);
	}
});

t.test("any value, any chain of transformations, any place", async (t) => {
	const folder = t.testdir();
	const name = fc.constantFrom("shellQuote", "squote", "b64enc", "urlquery");
	const chain = fc.array(name, { maxLength: 3 });
	const piece = fc.string({ unit: fc.constantFrom("a", "'", '"', "\\", "\n", "\t", "&", "$", "`", "@BMC{", "}@", ":", "é", "😀", " ", "%", "\x01", "\x7f", "*") });
	const literal = piece.map((text) => text.replaceAll("@BMC{", "@").replaceAll("{{", "{"));
	const part = fc.record({ before: literal, key: fc.constantFrom("x", "y", "z"), chain });
	const values = fc.record({ x: piece, y: piece, z: piece });
	fc.assert(
		fc.property(fc.array(part, { maxLength: 6 }), values, literal, (parts, values, end) => {
			const use = parts.map(({ before, key, chain }) => `${before}{{ ${[`.${key}`, ...chain].join(" | ")} }}`);
			const template = `${STOP}${use.join("")}${end}`;
			const { script, environment } = renderTokens(template, values);
			const run = runBootstrap({ folder, script, environment });
			return run.status === 0 && run.completed?.toString() === renderInPlace(template, values);
		}),
		{ numRuns: 150 },
	);
	t.pass("is the same as rendered in place");
});

t.test("the five transformations give what Go gives", async (t) => {
	const cases: { transform: string; value: string; expected: string }[] = [
		// The expected texts are what Go 1.26 printed for fmt %q, base64.StdEncoding and url.QueryEscape.
		{ transform: "quote", value: "a\"b\\c\n\t\r\x07\b\f\v\x01\x1f\x7f é", expected: '"a\\"b\\\\c\\n\\t\\r\\a\\b\\f\\v\\x01\\x1f\\x7f é"' },
		{ transform: "quote", value: "'$x` %s", expected: "\"'$x` %s\"" },
		{ transform: "b64enc", value: "", expected: "" },
		{ transform: "b64enc", value: "f", expected: "Zg==" },
		{ transform: "b64enc", value: "fo", expected: "Zm8=" },
		{ transform: "b64enc", value: "foo", expected: "Zm9v" },
		{ transform: "b64enc", value: "foob\xff\u00ff~?", expected: "Zm9vYsO/w79+Pw==" },
		{ transform: "urlquery", value: "a b+c&d=e/f?g#h%20;~.-_é'()*!", expected: "a+b%2Bc%26d%3De%2Ff%3Fg%23h%2520%3B~.-_%C3%A9%27%28%29%2A%21" },
		{ transform: "urlquery", value: "\n\x01\x7f😀", expected: "%0A%01%7F%F0%9F%98%80" },
		{ transform: "squote", value: "it's", expected: "'it's'" },
		{ transform: "shellQuote", value: "it's", expected: "'it'\\''s'" },
		{ transform: "shellQuote", value: "", expected: "''" },
	];
	const folder = t.testdir();
	for (const { transform, value, expected } of cases) {
		const run = runBootstrap({ folder, script: `${STOP}${token(transform)}`, environment: { [NAME]: value } });
		t.equal(run.completed?.toString(), `${STOP}${expected}`, `${transform} of ${JSON.stringify(value)}`);
	}
});

t.test("quote leaves all characters beyond ASCII as they are, also those that Go would escape", async (t) => {
	const value = "\u00a0\u200b\u2028";
	const run = runBootstrap({ folder: t.testdir(), script: STOP + token("quote"), environment: { [NAME]: value } });
	t.equal(run.completed?.toString(), `${STOP}"${value}"`);
});

t.test("a token is found wherever it stands in a long line", async (t) => {
	const folder = t.testdir();
	for (const before of [0, 1, 1015, 1018, 1019, 1020, 1021, 1022, 1023, 1024, 1025, 2040, 5000]) {
		const script = `${STOP}${"@".repeat(before)}${token()}${"x".repeat(before)}`;
		const run = runBootstrap({ folder, script, environment: { [NAME]: "value" } });
		t.equal(run.completed?.toString(), `${STOP}${"@".repeat(before)}value${"x".repeat(before)}`, `after ${before} bytes`);
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
	const run = spawnSync("/bin/bash", ["-p", "-c", 'printf %s "$2" >"$1"; set +p; exec /bin/bash "$1" <"$3"', "direct", `${folder}/backup.sh`, script, `${folder}/stdin`], {
		env: { PATH: process.env.PATH ?? "", ...environment },
		stdio: ["ignore", "pipe", "pipe"],
	});
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
		"BASH_FUNC_printf%%": "() { builtin printf 'function saw %s\\n' \"${" + NAME + '-nothing}"; }',
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

t.test("large values and scripts take linear time", async (t) => {
	const folder = t.testdir();
	const value = "é'\n".repeat(96 * 256);
	const names = (Object.keys(REFERENCE) as SecretTransform[]).map((transform) => [transform, `BMC_${transform}_1`]);
	const environment = Object.fromEntries(names.map(([, name]) => [name, value]));
	const start = `${STOP}${"echo a line of a script\n".repeat(10_000)}${"x".repeat(200_000)}\n`;
	const script = start + names.map(([transform, name]) => `@BMC{${name}:${transform}}@\n`).join("");
	const expected = start + names.map(([transform]) => `${REFERENCE[transform as SecretTransform](value)}\n`).join("");
	const run = runBootstrap({ folder, script, environment });
	t.equal(run.stderr, "");
	t.ok(run.completed?.equals(Buffer.from(expected)), "480 KiB of secrets in a script of 440 KiB");
	t.comment(`${Math.round(run.milliseconds)} ms`);
	// Generous: this is to catch quadratic time, which would be minutes.
	t.ok(run.milliseconds < 30_000);
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
