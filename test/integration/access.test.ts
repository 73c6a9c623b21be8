// Rights are the requesting user's: whoever may edit a ScheduledBackup can print every Secret that it names, so naming one
// takes the right to read it; and whoever lacks the right learns nothing about the Secret.
import t from "tap";
import { generateIdentity } from "../../src/gpg/index.ts";
import { startSession } from "../cluster/session.ts";
import { type Fields, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { awaitCondition, awaitReady, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const controller = await session.controller();

const SECRETS = ["vars", "tokens", "keys", "environment", "mounted", "projected", "pull"];
const PASSPHRASE = "canary-of-the-passphrase";
const key = await generateIdentity({ userIds: ["team@example.org"], passphrase: PASSPHRASE, date: new Date() });

const rbac = (kind: string, name: string, fields: Fields) => ({
	apiVersion: "rbac.authorization.k8s.io/v1",
	kind,
	metadata: { name },
	...fields,
});
/** A cluster role of these rules, bound to a user or a group. */
const grant = (name: string, subject: { kind: "User" | "Group"; name: string }, ...rules: Fields[]) => [
	rbac("ClusterRole", name, { rules }),
	rbac("ClusterRoleBinding", name, {
		roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
		subjects: [{ apiGroup: "rbac.authorization.k8s.io", ...subject }],
	}),
];
const OURS = { apiGroups: ["riotkit.org"], resources: ["*"], verbs: ["*"] };
const reads = (...resourceNames: string[]) => ({
	apiGroups: [""],
	resources: ["secrets"],
	verbs: ["get"],
	resourceNames,
});

/** The Secrets of a namespace in which they all exist. */
const secretsIn = (at: string) => [
	secret("vars", { "Params.password": "canary-of-the-password" }, { namespace: at }),
	secret("tokens", { token: "canary-of-the-token" }, { namespace: at }),
	secret("keys", { key: key.privateKey, "key.pub": key.publicKey, passphrase: PASSPHRASE }, { namespace: at }),
	...["environment", "mounted", "projected", "pull"].map((name) => secret(name, { a: "canary" }, { namespace: at })),
];

await session.apply(
	manifest(
		template("simple"),
		template("plain", { backup: "echo backup\n", restore: "echo restore\n" }),
		namespace("there"),
		namespace("absent"),
		namespace("absent-warn", { "riotkit.org/missing-references": "warn" }),
		...secretsIn("there"),
		...grant("writer", { kind: "User", name: "writer" }, OURS),
		...grant("reader", { kind: "User", name: "reader" }, OURS, reads(...SECRETS)),
		...grant("team", { kind: "Group", name: "team" }, OURS, reads(...SECRETS)),
		...grant("maker", { kind: "User", name: "maker" }, OURS, reads("new"), {
			apiGroups: [""],
			resources: ["secrets"],
			verbs: ["create", "patch"],
		}),
		...grant("server", { kind: "User", name: "server" }, OURS, {
			apiGroups: [""],
			resources: ["serviceaccounts/token"],
			verbs: ["create"],
		}),
	),
);

const pod = (...lines: string[]): string =>
	["Params: {host: x}", "HelmValues:", ...lines.map((line) => `  ${line}`), ""].join("\n");

interface Row {
	spec: Fields;
	/** What a user without any rights is told. */
	told: string[];
	/** Who may. */
	allowed: string;
}

const WORDS = { get: "read", create: "create", patch: "change" };
const refusal = (path: string, what: string, verb: keyof typeof WORDS = "get"): string =>
	`${path}: you are not allowed to ${WORDS[verb]} ${what}; ask for the right to "${verb}" it: whoever may edit this object can make use of all that it names`;

const NO_SECRETS = { templateRef: { name: "plain" }, varsSecretRef: undefined };

const rows: Readonly<Record<string, Row>> = {
	varsSecretRef: {
		spec: {},
		told: [refusal("spec.varsSecretRef.secretName", 'Secret "vars"')],
		allowed: "reader",
	},
	"varsSecretRef, all keys": {
		spec: { varsSecretRef: { secretName: "vars" } },
		told: [refusal("spec.varsSecretRef.secretName", 'Secret "vars"')],
		allowed: "reader",
	},
	tokenSecretRef: {
		spec: { ...NO_SECRETS, tokenSecretRef: { secretName: "tokens" } },
		told: [refusal("spec.tokenSecretRef.secretName", 'Secret "tokens"')],
		allowed: "reader",
	},
	gpgKeySecretRef: {
		spec: { ...NO_SECRETS, gpgKeySecretRef: { secretName: "keys" } },
		told: [refusal("spec.gpgKeySecretRef.secretName", 'Secret "keys"')],
		allowed: "reader",
	},
	"gpgKeySecretRef, to be made": {
		spec: {
			...NO_SECRETS,
			gpgKeySecretRef: { secretName: "new", email: "team@example.org", createIfNotExists: true },
		},
		told: [
			refusal("spec.gpgKeySecretRef.secretName", 'Secret "new"'),
			refusal("spec.gpgKeySecretRef.createIfNotExists", 'Secret "new"', "create"),
			refusal("spec.gpgKeySecretRef.createIfNotExists", 'Secret "new"', "patch"),
		],
		allowed: "maker",
	},
	"HelmValues.envFrom": {
		spec: { ...NO_SECRETS, vars: pod("envFrom: [{secretRef: {name: environment}}]") },
		told: [refusal("spec.vars", 'Secret "environment"')],
		allowed: "reader",
	},
	"HelmValues.envFrom, optional": {
		spec: { ...NO_SECRETS, vars: pod("envFrom: [{secretRef: {name: environment, optional: true}}]") },
		told: [refusal("spec.vars", 'Secret "environment"')],
		allowed: "reader",
	},
	"HelmValues.volumes": {
		spec: { ...NO_SECRETS, vars: pod("volumes: [{name: a, secret: {secretName: mounted}}]") },
		told: [refusal("spec.vars", 'Secret "mounted"')],
		allowed: "reader",
	},
	"HelmValues.volumes, projected": {
		spec: {
			...NO_SECRETS,
			vars: pod("volumes: [{name: a, projected: {sources: [{secret: {name: projected}}, {secret: {name: vars}}]}}]"),
		},
		told: [refusal("spec.vars", 'Secret "projected"'), refusal("spec.vars", 'Secret "vars"')],
		allowed: "reader",
	},
	"HelmValues.imagePullSecrets": {
		spec: { ...NO_SECRETS, vars: pod("imagePullSecrets: [{name: pull}]") },
		told: [refusal("spec.vars", 'Secret "pull"')],
		allowed: "reader",
	},
	"HelmValues.serviceAccountName": {
		spec: { ...NO_SECRETS, vars: pod("serviceAccountName: robot") },
		told: [refusal("spec.vars", 'a token of ServiceAccount "robot"', "create")],
		allowed: "server",
	},
};

const object = (at: string, spec: Fields): string =>
	manifest(scheduledBackup("app", { cronJob: undefined, ...spec }, { namespace: at }));
const dryRun = (as: string, input: string) => session.kubectl(`create --dry-run=server -f - ${as}`, input);
const withoutWarnings = (stderr: string): string => stderr.replace(/^Warning: .*\n/gm, "");

for (const [name, { spec, told, allowed }] of Object.entries(rows)) {
	t.test(name, async (t) => {
		const refused = await dryRun("--as=writer", object("there", spec));
		const bullets = told.length === 1 ? ` ${told[0]}\n` : ` \n${told.map((line) => `* ${line}\n`).join("")}`;
		t.equal(refused.code, 1);
		t.equal(withoutWarnings(refused.stderr), `The ScheduledBackup "app" is invalid:${bullets}`);
		t.notMatch(refused.stderr, "canary");
		for (const at of ["absent", "absent-warn"]) {
			const elsewhere = await dryRun("--as=writer", object(at, spec));
			t.strictSame(elsewhere, refused, `the very same words where there is no such Secret (${at})`);
		}
		const accepted = await dryRun(`--as=${allowed}`, object("there", spec));
		t.strictSame({ code: accepted.code, stderr: withoutWarnings(accepted.stderr) }, { code: 0, stderr: "" });
	});
}

t.test("rights of groups count; those of one Secret do not serve for another", async (t) => {
	const spec = rows["varsSecretRef"]?.spec ?? {};
	t.equal((await dryRun("--as=nobody --as-group=team", object("there", spec))).code, 0);
	t.equal((await dryRun("--as=writer --as-group=system:authenticated", object("there", spec))).code, 1);
	const other = { ...spec, varsSecretRef: { secretName: "other", importOnlyKeys: ["Params.password"] } };
	const { stderr } = await dryRun("--as=reader", object("there", other));
	t.match(stderr, refusal("spec.varsSecretRef.secretName", 'Secret "other"'));
});

t.test("what may not be read shows in no other message", async (t) => {
	const mixed = {
		operation: "backups",
		gpgKeySecretRef: { secretName: "keys", email: "nobody@example.org" },
		tokenSecretRef: { secretName: "tokens", tokenKey: "nosuch" },
		vars: "Params: {host: x}\nRepository: {passphrase: another}\n",
	};
	const refused = await dryRun("--as=writer", object("there", mixed));
	t.strictSame(withoutWarnings(refused.stderr).split("\n"), [
		'The ScheduledBackup "app" is invalid: ',
		'* spec.operation: Unsupported value: "backups": supported values: "backup", "restore"',
		`* ${refusal("spec.gpgKeySecretRef.secretName", 'Secret "keys"')}`,
		`* ${refusal("spec.tokenSecretRef.secretName", 'Secret "tokens"')}`,
		`* ${refusal("spec.varsSecretRef.secretName", 'Secret "vars"')}`,
		"",
	]);
	t.strictSame(await dryRun("--as=writer", object("absent", mixed)), refused);
	const told = await dryRun("--as=reader", object("there", mixed));
	t.match(told.stderr, 'Secret "tokens" has no key "nosuch"', "whoever may read it is told");
	t.match(told.stderr, "Repository.passphrase differs from the passphrase of the GPG key");
});

t.test("every change of the spec asks again, also one that leaves the references alone", async (t) => {
	await mustKubectl(session, "apply -f - --as=reader", object("there", { cronJob: {} }));
	const named = { namespace: "there", name: "app" };
	await awaitReady(session, named);
	const patch = (as: string, body: object) =>
		session.kubectl([..."patch scheduledbackup -n there app --type=merge".split(" "), as, "-p", JSON.stringify(body)]);
	const changes = {
		collectionId: { collectionId: "x" },
		schedule: { cronJob: { scheduleEvery: "0 5 * * *" } },
		vars: { vars: "Params: {host: y}\n" },
	};
	for (const [what, spec] of Object.entries(changes)) {
		const { code, stderr } = await patch("--as=writer", { spec });
		t.equal(code, 1, what);
		t.match(stderr, refusal("spec.varsSecretRef.secretName", 'Secret "vars"'));
		t.equal((await patch("--as=reader", { spec })).code, 0, what);
	}
	const metadata = { labels: { team: "x" }, annotations: { note: "y" }, finalizers: ["example.org/keep"] };
	const { code, stderr } = await patch("--as=writer", { metadata });
	t.strictSame({ code, stderr }, { code: 0, stderr: "" }, "metadata is for whoever may write the object");
	t.equal((await patch("--as=writer", { metadata: { finalizers: null } })).code, 0);
	t.equal((await session.kubectl("delete scheduledbackup -n there app --as=writer --dry-run=server")).code, 0);
});

t.test("a consent to a lost key takes the right to write the Secret", async (t) => {
	const at = "consent";
	const app = { namespace: at, name: "app" };
	const gpgKeySecretRef = { secretName: "new", email: "team@example.org", createIfNotExists: true };
	const spec = { ...NO_SECRETS, vars: "Params: {host: x}\n", gpgKeySecretRef, cronJob: undefined };
	await session.apply(manifest(namespace(at), scheduledBackup("app", spec, { namespace: at })));
	const made = (await awaitReady(session, app)).status?.gpgKey?.fingerprint ?? "";
	await mustKubectl(session, `delete secret new -n ${at}`);
	await awaitCondition(session, app, { type: "KeysUsable", status: "False", reason: "KeysLost" });
	const annotate = (as: string, annotation: string) =>
		session.kubectl(
			`annotate scheduledbackup -n ${at} app --overwrite ${as} riotkit.org/replace-lost-key${annotation}`,
		);
	const refused = await annotate("--as=writer", `=${made}`);
	t.equal(refused.code, 1);
	t.match(refused.stderr, refusal("spec.gpgKeySecretRef.createIfNotExists", 'Secret "new"', "create"));
	t.match(refused.stderr, refusal("spec.gpgKeySecretRef.createIfNotExists", 'Secret "new"', "patch"));
	t.same(await session.json(`get secret new -n ${at}`), undefined, "nothing was made");
	const given = await annotate("--as=maker", `=${made}`);
	t.equal(given.code, 0, given.stderr);
	const renewed = await awaitCondition(session, app, { type: "KeysUsable", status: "True" });
	t.match(renewed.status?.gpgKey?.fingerprint, /^[0-9A-F]{40}$/);
	t.not(renewed.status?.gpgKey?.fingerprint, made);
	t.equal((await annotate("--as=writer", "=another")).code, 1, "a changed one asks again");
	const metadata = { labels: { team: "x" } };
	const patch = ["patch", "scheduledbackup", "-n", at, "app", "--type=merge", "--as=writer", "-p"];
	t.equal((await session.kubectl([...patch, JSON.stringify({ metadata })])).code, 0, "one that is kept does not");
	const taken = await annotate("--as=writer", "-");
	t.equal(taken.code, 0, taken.stderr);
});

t.test("the controller's own writes are not asked about", async (t) => {
	const calls = async (): Promise<number> => {
		const lines = (await controller.metrics())
			.split("\n")
			.filter((line) => /admission_duration_seconds_count/.test(line));
		return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
	};
	const before = await calls();
	await session.apply(object("there", { cronJob: {}, collectionId: "z" }).replace("name: app", "name: quiet"));
	await awaitReady(session, { namespace: "there", name: "quiet" });
	t.equal(await calls(), before + 1, "one call: the user's");
});
