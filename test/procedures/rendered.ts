// Renders an internal procedure, or another template, as the controller does, and runs it in a pod's stead: the real script in real bash,
// with small recording programs in place of backup-maker and the database clients.
import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { internalProcedure } from "../../src/procedures/index.ts";
import {
	parseTemplate,
	type RenderOptions,
	renderTemplate,
	type SecretTransform,
	type SecretValue,
	type TemplateLanguage,
	type Value,
} from "../../src/template/index.ts";

export type Operation = "backup" | "restore";
/** Variables as nested records; integers as BigInt, as YAML gives them; lists of text. */
export type Variables = { [key: string]: string | bigint | SecretValue | readonly string[] | Variables };

const toValue = (variables: Variables): Value =>
	new Map(
		Object.entries(variables).map(([key, value]): [string, Value] => [
			key,
			typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype
				? toValue(value as Variables)
				: (value as Value),
		]),
	);

const unexpectedSecret = (secret: SecretValue, transforms: readonly SecretTransform[]): string => {
	throw new Error(`${secret.path} ${transforms.join()}`);
};

/** The script, or the messages that tell why there is none. */
export const renderProcedure = (
	name: string,
	operation: Operation,
	variables: Variables,
	token: RenderOptions["token"] = unexpectedSecret,
): { script: string; errors: string[] } => {
	const text = internalProcedure(name)?.[operation] ?? "";
	return renderText({ language: "GoTemplate", name, text }, variables, token);
};

/** A template's text. */
export interface Source {
	language: TemplateLanguage;
	name: string;
	text: string;
}

/** The script, or the messages that tell why there is none. */
export const renderText = (
	{ language, name, text }: Source,
	variables: Variables,
	token: RenderOptions["token"] = unexpectedSecret,
): { script: string; errors: string[] } => {
	const { template, errors } = parseTemplate(language, name, text);
	if (template === undefined) {
		return { script: "", errors: errors.map((error) => error.message) };
	}
	const result = renderTemplate(template, toValue(variables), { token });
	return { script: result.output ?? "", errors: result.errors.map((error) => error.message) };
};

/** What a recording program was called with. */
export interface Call {
	arguments: string[];
	environment: Record<string, string>;
	stdin: string;
}

export interface ProcedureRun {
	status: number | null;
	stdout: string;
	stderr: string;
	/** The first call of each program, by name. */
	calls: Record<string, Call | undefined>;
}

// Arguments, environment and stdin, each entry ended by NUL, as the tests' values hold every other character.
const RECORDER = `#!/bin/bash
name=\${0##*/}
printf '%s\\0' "$@" >"$RECORDS/$name.arguments"
cat "/proc/$$/environ" >"$RECORDS/$name.environment"
`;

// As backup-maker does: the command goes to a bash of its own, textually joined to gpg by a pipe.
const BACKUP_MAKER = `${RECORDER}
while [[ $1 != -c ]]; do shift; done
if [[ -z \${BM_PUBLIC_KEY_PATH-}\${BM_PRIVATE_KEY_PATH-} ]]; then
	exec /bin/bash -c "$2"
elif [[ -n \${BM_PUBLIC_KEY_PATH-} ]]; then
	exec /bin/bash -c "$2 | gpg --encrypt"
else
	exec /bin/bash -c "gpg --decrypt | $2"
fi
`;

const GPG = `${RECORDER}
cat
exit "\${GPG_STATUS:-0}"
`;

const CLIENT = `${RECORDER}
if [[ $name != mysqldump && $* != *backup* ]]; then
	cat >"$RECORDS/$name.stdin"
fi
printf 'output of %s\\n' "$name"
exit "\${CLIENT_STATUS:-0}"
`;

const PROGRAMS: Record<string, string> = {
	"backup-maker": BACKUP_MAKER,
	gpg: GPG,
	pgbr: CLIENT,
	mysqldump: CLIENT,
	mysql: CLIENT,
	pg_dump: CLIENT,
	pg_restore: CLIENT,
};

/** Runs a script in the folder, with the recording programs first in PATH. `tar` is the machine's own. */
export const runProcedure = (
	folder: string,
	script: string,
	options: { environment?: Record<string, string>; stdin?: Buffer | string } = {},
): ProcedureRun => {
	const records = join(folder, "records");
	mkdirSync(records, { recursive: true });
	for (const [name, text] of Object.entries(PROGRAMS)) {
		writeFileSync(join(folder, name), text);
		chmodSync(join(folder, name), 0o755);
	}
	const path = join(folder, "procedure.sh");
	writeFileSync(path, script);
	const env = { PATH: `${folder}:${process.env.PATH}`, RECORDS: records, ...options.environment };
	const stdinFile = join(folder, "stdin");
	writeFileSync(stdinFile, options.stdin ?? "");
	// A file, as bash takes a socket for a sign that it was started by a remote shell.
	const stdin = openSync(stdinFile, "r");
	const run = spawnSync("/bin/bash", [path], { cwd: folder, env, stdio: [stdin, "pipe", "pipe"] });
	closeSync(stdin);
	const calls = Object.keys(PROGRAMS).map((name) => [name, recordedCall(records, name)]);
	return {
		status: run.status,
		stdout: run.stdout.toString("latin1"),
		stderr: run.stderr.toString(),
		calls: Object.fromEntries(calls),
	};
};

const recordedCall = (records: string, name: string): Call | undefined => {
	const record = (kind: string): string[] => {
		const file = join(records, `${name}.${kind}`);
		return existsSync(file) ? readFileSync(file, "utf8").split("\0") : [];
	};
	if (record("arguments").length === 0) {
		return undefined;
	}
	const environment = record("environment").slice(0, -1);
	return {
		arguments: record("arguments").slice(0, -1),
		environment: Object.fromEntries(environment.map((entry) => splitOnce(entry))),
		stdin: record("stdin").join("\0"),
	};
};

const splitOnce = (entry: string): [string, string] => {
	const at = entry.indexOf("=");
	return [entry.slice(0, at), entry.slice(at + 1)];
};
