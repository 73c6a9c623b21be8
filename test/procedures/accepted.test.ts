// The internal procedures on the whole path: a ScheduledBackup that names one is accepted with a key and without, and what
// its pods run is clean, and speaks of keys only where there is one.
import { spawnSync } from "node:child_process";
import { dump } from "js-yaml";
import t from "tap";
import { desiredObjects } from "../../src/domain/desired.ts";
import { evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import { internalProcedureNames } from "../../src/procedures/index.ts";
import { facts, gpgKeys, plainBackup, secretMap, secretWith, settings } from "../fixtures/seed.ts";
import { runProcedure } from "./rendered.ts";

t.setTimeout(120_000);

const PARAMS: Record<string, object> = {
	postgres: { hostname: "db", port: 5432, db: "app", user: "me" },
	"mysql-dump": { hostname: "db", db: "app", user: "me" },
	tar: { path: "/data" },
};
const PASSWORD: Record<string, string> = { postgres: "Params.password", "mysql-dump": "Params.password" };

const KEY_WORDS = /BM_(PUBLIC_KEY_PATH|PRIVATE_KEY_PATH|RECIPIENT|PASSPHRASE)/;

interface World {
	gpg: object | undefined;
	facts: Partial<ScheduledBackupFacts>;
	/** Besides the address of the server. */
	repository?: object;
	encrypted: boolean;
	passphrase: boolean;
	warnings: (string | RegExp)[];
}

const secrets = (keys: Record<string, number>) =>
	secretMap(secretWith("keys", keys), secretWith("vars", { token: 5, "Params.password": 5 }));
const NOTHING = { publicKey: "absent", privateKey: "absent", passphrase: "absent", userIds: [] } as const;
const NO_KEY = { gpg: undefined, encrypted: false, passphrase: false } as const;
const UNENCRYPTED = "spec.gpgKeySecretRef is not set: backups are not encrypted";

const worlds: Record<string, World> = {
	"without a key": { ...NO_KEY, facts: { secrets: secrets({}) }, warnings: [UNENCRYPTED] },
	"without a key, although vars speak of one": {
		...NO_KEY,
		facts: { secrets: secrets({}) },
		repository: { encryptionKeyPath: "/x", recipient: "me@example.org", passphrase: "not-a-real-one" },
		warnings: [
			/^Repository\.passphrase is a literal secret/,
			/^Repository\.encryptionKeyPath in vars is ignored/,
			UNENCRYPTED,
		],
	},
	"with a key": {
		gpg: { secretName: "keys", email: "example@example.org" },
		facts: { secrets: secrets(gpgKeys) },
		encrypted: true,
		passphrase: true,
		warnings: [],
	},
	"with a key that has no passphrase": {
		gpg: { secretName: "keys", email: "example@example.org" },
		facts: { secrets: secrets({ key: 5, "key.pub": 5 }) },
		encrypted: true,
		passphrase: false,
		warnings: [],
	},
	"with a key that is still to be made": {
		gpg: { secretName: "keys", email: "example@example.org", createIfNotExists: true },
		facts: { secrets: secrets({}), identity: NOTHING },
		encrypted: true,
		passphrase: true,
		warnings: [],
	},
};

const backupOf = (procedure: string, { gpg, repository }: World) => {
	const password = PASSWORD[procedure];
	const Repository = { url: "https://backups.example.org", ...repository };
	return plainBackup({
		templateRef: { kind: "internal", name: procedure },
		gpgKeySecretRef: gpg,
		tokenSecretRef: { secretName: "vars" },
		cronJob: {},
		vars: dump({ Params: PARAMS[procedure], Repository }),
		...(password === undefined ? {} : { varsSecretRef: { secretName: "vars", importOnlyKeys: [password] } }),
	});
};

/** What the pod makes of a script before bash reads it, in short. */
const withValues = (script: string): string => script.replaceAll(/@BMC\{[^}]*\}@/g, "'a value'");

// Where it is missing in CI, the test fails instead.
const SKIP_SHELLCHECK =
	process.env["CI"] === undefined && spawnSync("shellcheck", ["--version"]).error !== undefined
		? "shellcheck is not installed: apt-get install shellcheck"
		: false;

t.same(Object.keys(PARAMS).toSorted(), internalProcedureNames, "every procedure is tried");

for (const procedure of internalProcedureNames) {
	for (const [name, world] of Object.entries(worlds)) {
		t.test(`${procedure} ${name}`, async (t) => {
			const object = backupOf(procedure, world);
			const { report, plan } = evaluateScheduledBackup(
				object,
				facts({ template: undefined, ...world.facts }),
				settings,
			);
			t.same(report.errors, []);
			t.match(report.warnings, world.warnings);
			t.equal(report.warnings.length, world.warnings.length);
			if (plan === undefined) return t.fail("there is no plan");
			t.equal(plan.image, settings.backupMakerImage);
			t.equal(plan.key !== undefined, world.encrypted);
			const pod = desiredObjects(plan, object).cronJob?.spec?.jobTemplate.spec?.template.spec;
			t.equal(JSON.stringify(pod).includes("gpg-key"), world.encrypted, "the pod mounts a key, or none");
			for (const operation of ["backup", "restore"] as const) {
				const script = withValues(plan.scripts[operation].text);
				const half = operation === "backup" ? "BM_PUBLIC_KEY_PATH" : "BM_PRIVATE_KEY_PATH";
				if (world.encrypted) t.match(script, `export ${half}='/mnt/secrets/gpg-key'`);
				else t.notMatch(script, KEY_WORDS);
				t.equal(script.includes("BM_PASSPHRASE"), world.passphrase);
				const { calls } = runProcedure(t.testdir(), script);
				const given = Object.keys(calls["backup-maker"]?.environment ?? {}).filter((key) => KEY_WORDS.test(key));
				const wanted = [half, "BM_RECIPIENT", ...(world.passphrase ? ["BM_PASSPHRASE"] : [])];
				t.same(given.toSorted(), world.encrypted ? wanted.toSorted() : [], `${operation}: what backup-maker gets`);
				const flags = calls["backup-maker"]?.arguments ?? [];
				t.ok(flags.length > 0, `${operation}: backup-maker is called`);
				t.notMatch(flags.join(" "), /key|recipient|passphrase/, "and no flags");
				if (SKIP_SHELLCHECK !== false) continue;
				const { stdout, status } = spawnSync("shellcheck", ["-s", "bash", "-"], { input: script });
				t.equal(stdout.toString(), "", `${operation}: shellcheck`);
				t.equal(status, 0);
			}
		});
	}
}
