// The internal procedures, really run: every value reaches its program as it is, whatever is in it, and no secret is
// ever an argument of backup-maker or part of the command that it logs.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { bootstrapCommand } from "../../src/domain/objects/bootstrap.ts";
import { secretEnvironment } from "../../src/domain/script/environment.ts";
import { tokenFor } from "../../src/domain/script/token.ts";
import { internalProcedure, internalProcedureNames } from "../../src/procedures/index.ts";
import { SecretValue } from "../../src/template/index.ts";
import { type Operation, renderProcedure, runProcedure, type Variables } from "./rendered.ts";

t.setTimeout(120_000);

/** Quotes, shell syntax, newlines: what each must survive. `name` makes the values differ. */
const hostile = (name: string): string => `${name} 'a' "b" $(id) \`id\` \${HOME} $HOME & \\ * ; | é\n--x`;

const DATABASE = {
	hostname: hostile("host"),
	port: 15432n,
	db: hostile("db"),
	user: hostile("user"),
	password: hostile("password"),
};

const REPOSITORY = {
	url: hostile("url"),
	token: hostile("token"),
	collectionId: hostile("collection"),
	passphrase: hostile("passphrase"),
	recipient: hostile("recipient"),
	encryptionKeyPath: "/mnt/secrets/gpg-key",
};

const { encryptionKeyPath: _, ...UNENCRYPTED } = REPOSITORY;

const COMMON = {
	BM_URL: REPOSITORY.url,
	BM_AUTH_TOKEN: REPOSITORY.token,
	BM_COLLECTION_ID: REPOSITORY.collectionId,
	BM_RECIPIENT: REPOSITORY.recipient,
	BM_PASSPHRASE: REPOSITORY.passphrase,
};
const OF_BACKUP = { ...COMMON, BM_PUBLIC_KEY_PATH: "/mnt/secrets/gpg-key" };
const OF_RESTORE = { ...COMMON, BM_PRIVATE_KEY_PATH: "/mnt/secrets/gpg-key", BM_VERSION: "latest" };

const PGBR = [
	...["--host", DATABASE.hostname, "--port", "15432", "--db-name", DATABASE.db],
	...["--user", DATABASE.user, "--password", DATABASE.password],
];
const MYSQL = [`--host=${DATABASE.hostname}`, "--port=15432", `--user=${DATABASE.user}`];

interface Case {
	procedure: string;
	operation: Operation;
	program: string;
	arguments: string[];
	environment?: Record<string, string>;
	params?: Variables;
}

const CASES: Case[] = [
	{ procedure: "postgres", operation: "backup", program: "pgbr", arguments: ["db", "backup", ...PGBR] },
	{ procedure: "postgres", operation: "restore", program: "pgbr", arguments: ["db", "restore", ...PGBR] },
	{
		procedure: "mysql-dump",
		operation: "backup",
		program: "mysqldump",
		arguments: [...MYSQL, "--single-transaction", "--", DATABASE.db],
		environment: { MYSQL_PWD: DATABASE.password },
	},
	{
		procedure: "mysql-dump",
		operation: "restore",
		program: "mysql",
		arguments: [...MYSQL, `--database=${DATABASE.db}`],
		environment: { MYSQL_PWD: DATABASE.password },
	},
	{
		procedure: "mysql-dump",
		operation: "backup",
		program: "mysqldump",
		params: { ...DATABASE, db: "" },
		arguments: [...MYSQL, "--single-transaction", "--all-databases"],
	},
	{
		procedure: "mysql-dump",
		operation: "restore",
		program: "mysql",
		params: { hostname: "h", user: "u", password: "p" },
		arguments: ["--host=h", "--port=3306", "--user=u"],
		environment: { MYSQL_PWD: "p" },
	},
	{
		procedure: "postgres",
		operation: "backup",
		program: "pgbr",
		params: { hostname: "h", db: "d", user: "u", password: "p" },
		arguments: ["db", "backup", ..."--host h --port 5432 --db-name d --user u --password p".split(" ")],
	},
];

for (const { procedure, operation, program, params = DATABASE, ...expected } of CASES) {
	t.test(`${procedure} ${operation} calls ${program}: ${Object.keys(params).join()}`, async (t) => {
		const { script, errors } = renderProcedure(procedure, operation, { Params: params, Repository: REPOSITORY });
		t.same(errors, []);
		const run = runProcedure(t.testdir(), script, { stdin: "the decrypted backup" });
		t.equal(run.stderr, "");
		t.equal(run.status, 0);
		t.same(run.calls[program]?.arguments, expected.arguments);
		t.match(run.calls[program]?.environment, expected.environment ?? {});
		if (operation === "restore") {
			t.equal(run.calls[program]?.stdin, "the decrypted backup");
		} else {
			t.equal(run.stdout, `output of ${program}\n`);
		}
		const maker = run.calls["backup-maker"];
		t.match(maker?.environment, operation === "backup" ? OF_BACKUP : OF_RESTORE);
		t.same(maker?.arguments.slice(0, 4), [operation === "backup" ? "make" : "restore", "--log-level", "info", "-c"]);
		for (const secret of [DATABASE.password, REPOSITORY.token, REPOSITORY.passphrase]) {
			t.notOk(
				maker?.arguments.some((argument) => argument.includes(secret)),
				"no secret is an argument",
			);
		}
	});
}

const ALL = internalProcedureNames.flatMap((procedure) =>
	(["backup", "restore"] as const).map((operation) => ({ procedure, operation })),
);
const PARAMS = { ...DATABASE, path: "/data" };

// Where it is missing in CI, the test fails instead.
const SKIP_SHELLCHECK =
	process.env["CI"] === undefined && spawnSync("shellcheck", ["--version"]).error !== undefined
		? "shellcheck is not installed: apt-get install shellcheck"
		: false;

for (const { procedure, operation } of ALL) {
	t.test(`${procedure} ${operation} without encryption gives backup-maker no key`, async (t) => {
		const { script, errors } = renderProcedure(procedure, operation, { Params: PARAMS, Repository: UNENCRYPTED });
		t.same(errors, []);
		t.notMatch(script, /BM_PUBLIC_KEY_PATH|BM_PRIVATE_KEY_PATH|BM_RECIPIENT|BM_PASSPHRASE/);
		t.match(script, "BM_AUTH_TOKEN");
	});

	t.test(`${procedure} ${operation} works with a key that has no passphrase`, async (t) => {
		const { passphrase: _, ...repository } = REPOSITORY;
		const { script, errors } = renderProcedure(procedure, operation, { Params: PARAMS, Repository: repository });
		t.same(errors, []);
		t.notMatch(script, "BM_PASSPHRASE");
		t.match(script, "BM_RECIPIENT");
	});

	t.test(`${procedure} ${operation} tells every variable that is missing`, async (t) => {
		const { errors } = renderProcedure(procedure, operation, { Params: {}, Repository: {} });
		for (const key of [
			"url",
			"collectionId",
			"token",
			...(procedure === "tar" ? ["path"] : ["hostname", "user", "password"]),
		]) {
			t.ok(
				errors.some((error) => error.endsWith(`map has no entry for key "${key}"`)),
				key,
			);
		}
	});

	t.test(`${procedure} ${operation} is clean for shellcheck`, { skip: SKIP_SHELLCHECK }, async (t) => {
		for (const repository of [REPOSITORY, UNENCRYPTED]) {
			const { script } = renderProcedure(procedure, operation, { Params: PARAMS, Repository: repository });
			const check = spawnSync("shellcheck", ["-s", "bash", "-"], { input: script });
			t.equal(check.stdout.toString(), "");
			t.equal(check.status, 0);
		}
	});

	t.test(`${procedure} ${operation} with all variables in Secrets`, async (t) => {
		const secret = (path: string): SecretValue => new SecretValue(path, "keys", path);
		const secrets = (group: string, values: object): Variables =>
			Object.fromEntries(Object.keys(values).map((key) => [key, secret(`${group}.${key}`)]));
		const variables = { Params: secrets("Params", PARAMS), Repository: secrets("Repository", REPOSITORY) };
		const { script, errors } = renderProcedure(procedure, operation, variables, tokenFor);
		t.same(errors, []);
		t.match(script, /@BMC\{BMC_REPOSITORY_TOKEN_[0-9a-f]+:shellQuote\}@/);
		const values: Record<string, string> = {};
		for (const [group, record] of Object.entries({ Params: PARAMS, Repository: REPOSITORY })) {
			for (const [key, value] of Object.entries(record)) {
				const [entry] = secretEnvironment([secret(`${group}.${key}`)]);
				values[entry?.name ?? ""] = String(value);
			}
		}
		const folder = t.testdir();
		const [program, ...args] = [...bootstrapCommand(), join(folder, "source.sh"), join(folder, "run.sh")];
		const env = { PATH: process.env["PATH"] ?? "", ...values };
		// Instead of calling backup-maker, the script tells what it would have got.
		writeFileSync(join(folder, "source.sh"), script.replace(/^exec .*/m, 'printf %s "$BM_AUTH_TOKEN"'));
		const run = spawnSync(program as string, args, { env, stdio: ["ignore", "pipe", "pipe"] });
		t.equal(run.stderr.toString(), "");
		t.equal(run.status, 0);
		t.equal(run.stdout.toString(), REPOSITORY.token);
	});
}

t.test("a restore takes the version that it is told", async (t) => {
	const { script } = renderProcedure("postgres", "restore", { Params: PARAMS, Repository: REPOSITORY });
	const run = runProcedure(t.testdir(), script, { environment: { RESTORE_VERSION: "v2" } });
	t.equal(run.calls["backup-maker"]?.environment["BM_VERSION"], "v2");
});

t.test("a failing part fails the whole, on both sides of the pipe", async (t) => {
	const cases = [
		{ operation: "backup", environment: { CLIENT_STATUS: "3" }, name: "the dump fails, gpg does not" },
		{ operation: "restore", environment: { GPG_STATUS: "2" }, name: "gpg fails, the client takes what came" },
	] as const;
	for (const { operation, environment, name } of cases) {
		const { script } = renderProcedure("mysql-dump", operation, { Params: PARAMS, Repository: REPOSITORY });
		const run = runProcedure(t.testdir(), script, { environment });
		t.not(run.status, 0, name);
	}
});

t.test("tar packs a directory and unpacks it elsewhere", async (t) => {
	const folder = t.testdir();
	const from = join(folder, "from 'a' $(id)\n*");
	const to = join(folder, "-to é");
	mkdirSync(join(from, "sub"), { recursive: true });
	mkdirSync(to);
	writeFileSync(join(from, "sub", "file"), "content");
	const run = (operation: Operation, path: string, stdin: Buffer) => {
		const { script, errors } = renderProcedure("tar", operation, { Params: { path }, Repository: UNENCRYPTED });
		t.same(errors, []);
		return runProcedure(join(folder, operation), script, { stdin });
	};
	const backup = run("backup", from, Buffer.alloc(0));
	t.equal(backup.status, 0, backup.stderr);
	const restore = run("restore", to, Buffer.from(backup.stdout, "latin1"));
	t.equal(restore.status, 0, restore.stderr);
	t.equal(readFileSync(join(to, "sub", "file"), "utf8"), "content");
});

t.test("the registry is fixed", async (t) => {
	t.same(internalProcedureNames, ["mysql-dump", "postgres", "tar"]);
	for (const name of ["constructor", "__proto__", "Postgres", ""]) {
		t.equal(internalProcedure(name), undefined, name);
	}
	t.equal(internalProcedure("tar")?.templateLanguage, "GoTemplate");
	t.equal(internalProcedure("tar")?.image, undefined);
});
