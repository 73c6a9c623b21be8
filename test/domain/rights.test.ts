// Rights first: of a Secret that the requesting user may not read, nothing shows through, in no mode.
import t from "tap";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { accessQuestions, actionQuestions, restoreQuestions } from "../../src/domain/access.ts";
import { evaluateRequestedBackupAction, evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import type { DeniedAccess, ScheduledBackupFacts } from "../../src/domain/facts.ts";
import { referencedSecrets } from "../../src/domain/secretuses.ts";
import { downgradeMissing } from "../../src/domain/warnings.ts";
import {
	errorsOf,
	facts,
	goodIdentity,
	plainBackup,
	secretMap,
	secretWith,
	seedAction,
	settings,
	template,
} from "../fixtures/seed.ts";

const deny = (path: string, secretName: string, verb = "get"): DeniedAccess => ({
	path,
	verb,
	what: `Secret "${secretName}"`,
	secretName,
});

const forbidden = (path: string, name: string): string => `${path}: you are not allowed to read Secret "${name}"`;

const object = plainBackup({
	gpgKeySecretRef: { secretName: "keys" },
	tokenSecretRef: { secretName: "tokens" },
	vars: "Repository: {recipient: nobody@example.org}\nHelmValues: {envFrom: [{secretRef: {name: extra}}]}\n",
	varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a"] },
});

const all: DeniedAccess[] = [
	deny("spec.gpgKeySecretRef.secretName", "keys"),
	deny("spec.tokenSecretRef.secretName", "tokens"),
	deny("spec.varsSecretRef.secretName", "vars"),
	deny("spec.vars", "extra"),
];

const script = template("{{ .Params.a }} {{ .Repository.token }} {{ .Repository.passphrase }}");

/** The same four Secrets in every state that they can be in. */
const worlds: Record<string, Partial<ScheduledBackupFacts>> = {
	"they are not there": { secrets: secretMap("keys", "tokens", "vars", "extra"), identity: undefined as never },
	"they lack the keys": {
		secrets: secretMap(
			secretWith("keys", {}),
			secretWith("tokens", {}),
			secretWith("vars", {}),
			secretWith("extra", {}),
		),
		identity: { ...goodIdentity, publicKey: "absent", privateKey: "absent", passphrase: "absent" },
	},
	"they hold half an identity, and values that cannot pass": {
		secrets: secretMap(
			secretWith("keys", { key: 5 }),
			secretWith("tokens", { token: { size: 3, encoding: "nul" } }),
			secretWith("vars", { "Params.a": 1_000_000 }),
			secretWith("extra", {}),
		),
		identity: { ...goodIdentity, publicKey: "absent" },
	},
	"all is there, and the passphrase and the recipient do not fit": {
		secrets: secretMap(
			secretWith("keys", { key: 5, "key.pub": 5, passphrase: 5 }),
			secretWith("tokens", { token: 5 }),
			secretWith("vars", { "Params.a": 5 }),
			secretWith("extra", {}),
		),
		identity: {
			...goodIdentity,
			passphraseMatches: false,
			passphraseHasLineBreak: true,
			passphraseHasQuote: true,
			recipientHasQuote: true,
			recipientFits: false,
			opens: false,
			pair: false,
			canEncrypt: false,
		},
	},
	"nobody looked": { secrets: new Map(), identity: undefined as never },
};

for (const [name, world] of Object.entries(worlds)) {
	t.test(`denied, while ${name}`, async (t) => {
		const { report, plan } = evaluateScheduledBackup(
			object,
			facts({ ...world, template: script, denied: all }),
			settings,
		);
		const expected = all.map(({ path, secretName }) => forbidden(path, secretName as string));
		t.same(errorsOf(report), expected);
		t.same(report.warnings, []);
		t.equal(plan, undefined);
		t.same(errorsOf(downgradeMissing(report)), expected);
		t.same(downgradeMissing(report).warnings, []);
	});
}

t.test("without importOnlyKeys no variable is called missing, since the Secret may hold it", async (t) => {
	const open = plainBackup({ varsSecretRef: { secretName: "vars" } });
	const denied = [deny("spec.varsSecretRef.secretName", "vars")];
	for (const secrets of [secretMap("vars"), secretMap(secretWith("vars", { "Params.x": 5 }))]) {
		secrets.set("keys", secretWith("keys", { key: 5, "key.pub": 5 }));
		const world = facts({ denied, secrets, template: template("{{ .Params.x }}") });
		const { report } = evaluateScheduledBackup(open, world, settings);
		t.same(errorsOf(report), [forbidden("spec.varsSecretRef.secretName", "vars")]);
	}
});

t.test("a passphrase from a hidden Secret is compared with nothing", async (t) => {
	const from = plainBackup({ varsSecretRef: { secretName: "vars", importOnlyKeys: ["Repository.passphrase"] } });
	const world = facts({
		denied: [deny("spec.varsSecretRef.secretName", "vars")],
		identity: { ...goodIdentity, passphraseMatches: false, opens: false },
	});
	t.same(errorsOf(evaluateScheduledBackup(from, world, settings).report), [
		forbidden("spec.varsSecretRef.secretName", "vars"),
	]);
});

t.test("other rights, and other objects", async (t) => {
	const denied: DeniedAccess[] = [
		deny("spec.gpgKeySecretRef.createIfNotExists", "keys", "create"),
		deny("spec.gpgKeySecretRef.createIfNotExists", "keys", "patch"),
		{ path: "spec.vars", verb: "create", what: 'ServiceAccount "robot"' },
		{ path: "spec.vars", verb: "use", what: "something else" },
	];
	const { report } = evaluateScheduledBackup(plainBackup(), facts({ denied }), settings);
	t.same(errorsOf(report), [
		'spec.gpgKeySecretRef.createIfNotExists: you are not allowed to create Secret "keys"',
		'spec.gpgKeySecretRef.createIfNotExists: you are not allowed to change Secret "keys"',
		'spec.vars: you are not allowed to create ServiceAccount "robot"',
		"spec.vars: you are not allowed to use something else",
	]);
	t.ok(report.errors.every(({ reason, hint }) => reason === "FieldValueForbidden" && hint !== undefined));
});

t.test("what is asked", async (t) => {
	const vars = [
		"HelmValues:",
		"  serviceAccountName: robot",
		"  envFrom: [{secretRef: {name: from-env}}, {configMapRef: {name: no-secret}}]",
		"  imagePullSecrets: [{name: pull}]",
		"  volumes:",
		"    - {name: a, secret: {secretName: volume}}",
		"    - {name: b, projected: {sources: [{secret: {name: projected}}]}}",
	].join("\n");
	const asked = plainBackup({
		vars,
		gpgKeySecretRef: { secretName: "shared", email: "a@b.c", createIfNotExists: true },
		tokenSecretRef: { secretName: "shared" },
		varsSecretRef: { secretName: "vars" },
	});
	t.same(
		accessQuestions(asked).map(
			(need) => `${need.path} ${need.verb} ${need.resource}/${need.subresource ?? ""} ${need.name}`,
		),
		[
			"spec.gpgKeySecretRef.secretName get secrets/ shared",
			"spec.tokenSecretRef.secretName get secrets/ shared",
			"spec.varsSecretRef.secretName get secrets/ vars",
			"spec.vars get secrets/ from-env",
			"spec.vars get secrets/ volume",
			"spec.vars get secrets/ projected",
			"spec.vars get secrets/ pull",
			"spec.gpgKeySecretRef.createIfNotExists create secrets/ shared",
			"spec.gpgKeySecretRef.createIfNotExists patch secrets/ shared",
			"spec.vars create serviceaccounts/token robot",
		],
	);
	t.same(referencedSecrets(asked), ["shared", "vars", "from-env", "volume", "projected", "pull"]);
	t.same(referencedSecrets(plainBackup({ gpgKeySecretRef: { secretName: "../../pods/x" } })), []);
	t.same(accessQuestions(plainBackup({ gpgKeySecretRef: undefined })), []);
});

const need = (object: { path: string; verb: string; group: string; resource: string; name: string }): string =>
	`${object.path} ${object.verb} ${object.resource}.${object.group} ${object.name}`;

t.test("who has a schedule restore is asked for the right to", async (t) => {
	t.same(restoreQuestions(plainBackup()), []);
	t.same(restoreQuestions(plainBackup({ operation: "restores" })), [], "the schema refuses that");
	const restoring = plainBackup({ operation: "restore" });
	t.same(restoreQuestions(restoring).map(need), ["spec.operation restore scheduledbackups.riotkit.org app1"]);
	const unnamed = { ...restoring, metadata: { generateName: "app-" } };
	t.same(restoreQuestions(unnamed).map(need), ["spec.operation restore scheduledbackups.riotkit.org "], "to all");
	t.same(
		restoreQuestions({ ...restoring, metadata: undefined as never }).map(({ name }) => name),
		[""],
	);
});

const restoreAction = (spec: object): RequestedBackupAction => ({
	...seedAction(),
	spec: { ...seedAction().spec, action: "restore", ...spec },
});

t.test("who asks for a restore is asked for the right to", async (t) => {
	t.same(actionQuestions(seedAction()), []);
	t.same(actionQuestions(restoreAction({})).map(need), ["spec.action restore scheduledbackups.riotkit.org app1"]);
	for (const scheduledBackupRef of [undefined, {}, { name: "" }, { name: 1 }]) {
		t.same(actionQuestions(restoreAction({ scheduledBackupRef })), [], "there is nothing to restore");
	}
	t.same(actionQuestions({ ...seedAction(), spec: undefined as never }), []);
});

const restoreDenied: DeniedAccess = { path: "spec.action", verb: "restore", what: 'ScheduledBackup "app1"' };
const RESTORE_REFUSAL = {
	path: "spec.action",
	reason: "FieldValueForbidden",
	message: 'you are not allowed to restore ScheduledBackup "app1"',
	hint: 'it overwrites data: ask for a role with the verb "restore" on scheduledbackups.riotkit.org, such as the one that the chart brings',
};

t.test("of a ScheduledBackup that may not be restored, nothing shows through", async (t) => {
	const deleted = {
		...plainBackup(),
		metadata: { ...plainBackup().metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
	};
	for (const [name, scheduledBackup] of Object.entries({ there: plainBackup(), absent: undefined, deleted })) {
		const world = { scheduledBackup, template: template("echo", ""), namespaceLabels: {}, denied: [restoreDenied] };
		const report = evaluateRequestedBackupAction(restoreAction({}), world, settings);
		t.same(report, { errors: [RESTORE_REFUSAL], warnings: [] }, name);
		t.same(downgradeMissing(report), report);
	}
});

t.test("the right to restore is told beside the other mistakes", async (t) => {
	const denied = [{ ...restoreDenied, path: "spec.operation" }, deny("spec.gpgKeySecretRef.secretName", "keys")];
	const wrong = plainBackup({ operation: "restore", cronJob: { timeZone: "Mars" } });
	t.same(errorsOf(evaluateScheduledBackup(wrong, facts({ denied }), settings).report).sort(), [
		'spec.cronJob.timeZone: unknown time zone "Mars"',
		forbidden("spec.gpgKeySecretRef.secretName", "keys"),
		'spec.operation: you are not allowed to restore ScheduledBackup "app1"',
	]);
	const action = restoreAction({ kindType: "Pod" });
	const world = { scheduledBackup: undefined, template: undefined, namespaceLabels: {}, denied: [restoreDenied] };
	const { errors } = evaluateRequestedBackupAction(action, world, settings);
	t.same(errors.map(({ path }) => path).sort(), ["spec.action", "spec.kindType"]);
});
