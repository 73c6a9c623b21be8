// What `kubectl apply` says about a ScheduledBackup.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import {
	errorsOf,
	facts,
	gpgKeys,
	plainBackup,
	secretMap,
	secretWith,
	seedBackup,
	seedTemplate,
	settings,
	template,
	withSpec,
} from "../fixtures/seed.ts";

const seedFacts = (keys: Record<string, number>): ScheduledBackupFacts => ({
	template: seedTemplate(),
	secrets: secretMap(secretWith("backup-keys", keys)),
	denied: [],
	namespaceLabels: {},
});

const withoutLiteral = (object: ScheduledBackup): ScheduledBackup =>
	withSpec(object, { vars: object.spec.vars?.replace(/^ *password: .*\n/m, "") });

t.test("the seed's example is accepted, with its warnings", async (t) => {
	const { report, plan, keys } = evaluateScheduledBackup(
		seedBackup(),
		seedFacts({ token: 10, "Params.password": 10 }),
		settings,
	);
	t.same(report.errors, []);
	t.same(report.warnings, [
		"Params.password is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
		"Repository.token is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
		"Repository.passphrase is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
		'Repository.collectionId "iwa-ait" in vars differs from spec.collectionId, and wins',
	]);
	t.equal(keys.presence, "toBeMade");
	t.equal(plan?.passphrase, "riotkit");
	t.equal(plan?.recipient, "test@riotkit.org");
	t.same(plan?.key, { secretName: "backup-keys", publicKey: "public", privateKey: "private" });
	t.match(plan?.scripts.backup.text, /--collection-id "iwa-ait"/);
});

t.test(
	"a collection that the schema refuses is its own mistake: neither vars nor the template are blamed",
	async (t) => {
		const printing = template("echo {{ required `no collection` .Repository.collectionId }}");
		const rows: [given: unknown, said: string][] = [
			[5, "must be of type string"],
			[undefined, "Required value"],
			["", "should be at least 1 chars long"],
			["a\tb", "cannot hold control characters"],
		];
		for (const [collectionId, said] of rows) {
			const object = plainBackup({ collectionId: collectionId as string });
			const { report, plan } = evaluateScheduledBackup(object, facts({ template: printing }), settings);
			t.same(
				report.errors.map(({ path, message }) => [path, message.includes(said)]),
				[["spec.collectionId", true]],
				`${collectionId}`,
			);
			t.equal(plan, undefined);
			const own = withSpec(object, { vars: `${object.spec.vars ?? ""}\nRepository: {collectionId: own}` });
			const { warnings } = evaluateScheduledBackup(own, facts({ template: printing }), settings).report;
			const differs = warnings.some((warning) => warning.includes("differs from spec.collectionId"));
			t.equal(differs, collectionId === "a\tb", "what cannot be read is not compared");
		}
	},
);

t.test("the seed's example without its literal password, which the Secret lacks: exactly two errors", async (t) => {
	const { report, plan } = evaluateScheduledBackup(withoutLiteral(seedBackup()), seedFacts({ token: 10 }), settings);
	t.same(
		report.errors.map(({ path, message, hint }) => [path, message, hint]),
		[
			["spec.varsSecretRef.importOnlyKeys[0]", 'Secret "backup-keys" has no key "Params.password"', undefined],
			[
				"spec.vars",
				'template: pg13:7:46: executing "pg13" at <.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "pg13", backup script)',
				undefined,
			],
		],
	);
	t.ok(report.errors.every((problem) => problem.missingReference));
	t.equal(plan, undefined);
});

t.test("everything that is wrong is told at once", async (t) => {
	const object = plainBackup({
		operation: "restart",
		cronJob: { scheduleEvery: "61 * * * *", timeZone: "Europe/Atlantis" },
		gpgKeySecretRef: { secretName: "nothing" },
		tokenSecretRef: { secretName: "tokens" },
		vars: "Repository: 5\nHelmValues: {image: 7}\n",
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a", "Params.b"] },
	});
	const { report, plan } = evaluateScheduledBackup(
		object,
		facts({
			template: template("{{ .Params.c }}", "{{ if }}"),
			secrets: secretMap("nothing", secretWith("tokens", { other: 3 }), secretWith("vars", { "Params.a": 0 })),
		}),
		settings,
	);
	t.same(
		[...new Set(report.errors.map(({ path }) => path))],
		[
			"spec.operation",
			"spec.cronJob.scheduleEvery",
			"spec.cronJob.timeZone",
			"spec.gpgKeySecretRef.secretName",
			"spec.tokenSecretRef.tokenKey",
			"spec.varsSecretRef.importOnlyKeys[0]",
			"spec.varsSecretRef.importOnlyKeys[1]",
			"spec.vars",
			"spec.templateRef.name",
		],
	);
	t.equal(plan, undefined);
});

t.test("templates", async (t) => {
	const missing = evaluateScheduledBackup(plainBackup(), facts({ template: undefined }), settings);
	t.same(missing.report.errors, [
		{
			path: "spec.templateRef.name",
			reason: "FieldValueNotFound",
			message: 'ClusterBackupProcedureTemplate "plain" does not exist',
			missingReference: true,
		},
	]);
	const internal = plainBackup({ templateRef: { kind: "internal", name: "oracle" } });
	const unknown = evaluateScheduledBackup(internal, facts({ template: undefined }), settings);
	t.same(errorsOf(unknown.report), ['spec.templateRef.name: there is no internal procedure "oracle"']);
	t.match(unknown.report.errors[0]?.hint, /mysql-dump, postgres, tar/);
	t.notOk(unknown.report.errors[0]?.missingReference);
	const none = evaluateScheduledBackup(plainBackup({ templateRef: undefined }), facts(), settings);
	t.ok(none.report.errors.length > 0);
	t.ok(none.report.errors.every(({ path }) => path === "spec.templateRef"));
});

t.test("an internal procedure uses the installation's image, a HelmValues.image goes before", async (t) => {
	const vars =
		'Params: {path: /data}\nRepository: {url: "http://r", token: "${TOKEN}", recipient: example@example.org}\n';
	const internal = { templateRef: { kind: "internal", name: "tar" }, vars };
	const { report, plan } = evaluateScheduledBackup(plainBackup(internal), facts({ template: undefined }), settings);
	t.same(errorsOf(report), []);
	t.equal(plan?.image, settings.backupMakerImage);
	const own = { ...internal, vars: `${vars}HelmValues: {image: registry.example.org/own}\n` };
	const chosen = evaluateScheduledBackup(plainBackup(own), facts({ template: undefined }), settings);
	t.equal(chosen.plan?.image, "registry.example.org/own");
	t.same(chosen.report.warnings, [
		'HelmValues.image: image "registry.example.org/own" has no tag; name a fixed version',
	]);
});

t.test("without encryption", async (t) => {
	const object = plainBackup({ gpgKeySecretRef: undefined, vars: "Repository: {encryptionKeyPath: /tmp/key}" });
	const { report, plan, keys } = evaluateScheduledBackup(object, facts({ secrets: new Map() }), settings);
	t.same(report.errors, []);
	t.same(report.warnings, [
		"Repository.encryptionKeyPath in vars is ignored: it follows from spec.gpgKeySecretRef",
		"spec.gpgKeySecretRef is not set: backups are not encrypted",
	]);
	t.equal(keys.presence, "none");
	t.equal(plan?.key, undefined);
	t.equal(plan?.passphrase, undefined);
	t.equal(plan?.recipient, undefined);
	const used = evaluateScheduledBackup(
		object,
		facts({ template: template("{{ .Repository.encryptionKeyPath }}") }),
		settings,
	);
	t.match(errorsOf(used.report), [/map has no entry for key "encryptionKeyPath"/]);
});

t.test("vars that could be read in part only: nothing that follows from the rest is told", async (t) => {
	const broken = evaluateScheduledBackup(
		plainBackup({ vars: "Params: [\n" }),
		facts({ template: template("{{ .Params.x }}", "{{ bogus }}") }),
		settings,
	);
	t.match(errorsOf(broken.report), [/^spec.vars: not valid YAML/, /^spec.templateRef.name: template: plain:1/]);
	const lost = evaluateScheduledBackup(
		plainBackup({ vars: "Params: {a: *b}\n" }),
		facts({ template: template("{{ len 5 }} {{ .Params.x }}") }),
		settings,
	);
	t.equal(lost.report.errors.length, 1);
});

t.test("a namespace that enforces pod security", async (t) => {
	const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
	const { report } = evaluateScheduledBackup(plainBackup(), facts({ namespaceLabels: labels }), settings);
	t.same(report.warnings, ['pod security "restricted" of the namespace would refuse: runAsNonRoot, capabilities.drop']);
});

t.test("assumed Secrets: there is a plan, and what is missing is said", async (t) => {
	const object = plainBackup({
		vars: "Params: {a: 1}",
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.b"] },
		tokenSecretRef: { secretName: "vars" },
	});
	const world = facts({
		assumeSecrets: true,
		template: template("{{ .Params.b }} {{ .Repository.token }} {{ .Repository.passphrase }}"),
		secrets: secretMap("vars", "keys"),
	});
	const { report, plan } = evaluateScheduledBackup(object, world, settings);
	t.same(errorsOf(report), [
		'spec.gpgKeySecretRef.secretName: Secret "keys" does not exist',
		'spec.tokenSecretRef.secretName: Secret "vars" does not exist',
		'spec.varsSecretRef.secretName: Secret "vars" does not exist',
	]);
	t.ok(report.errors.every((problem) => problem.missingReference));
	t.equal(plan?.scripts.backup.secrets.length, 3);
});

t.test("any object at all can be evaluated", async (t) => {
	const strange: unknown[] = [
		{},
		{ spec: 5 },
		{
			spec: { cronJob: "x", vars: 5, gpgKeySecretRef: [], varsSecretRef: { secretName: "s", importOnlyKeys: [5, ""] } },
		},
		{ metadata: "x", spec: { templateRef: "x", tokenSecretRef: { secretName: 5 }, varsSecretRef: { secretName: "" } } },
		{ metadata: { name: "A_B" }, status: 5, spec: { gpgKeySecretRef: { secretName: "../x", email: 5 } } },
	];
	for (const object of strange) {
		const given = { apiVersion: "riotkit.org/v1alpha1", kind: "ScheduledBackup", ...(object as object) };
		const { report, plan } = evaluateScheduledBackup(given as ScheduledBackup, facts(), settings);
		t.ok(report.errors.length > 0);
		t.equal(plan, undefined);
	}
});

t.test("nulls count as absent, as for the API server", async (t) => {
	const object = plainBackup({ varsSecretRef: null, cronJob: null, vars: null });
	t.same(evaluateScheduledBackup(object, facts(), settings).report, { errors: [], warnings: [] });
});

t.test("an object whose name is still to be generated", async (t) => {
	const object = { ...plainBackup(), metadata: { generateName: "made-", namespace: "default" } };
	t.ok(evaluateScheduledBackup(object, facts(), settings).plan);
	const broken = { ...plainBackup(), metadata: { generateName: "Made_", namespace: "default" } };
	t.same(
		evaluateScheduledBackup(broken, facts(), settings).report.errors.map(({ path }) => path),
		["metadata.generateName"],
	);
});

t.test("the same object and facts always give the same", async (t) => {
	const world = (): ScheduledBackupFacts => seedFacts({ token: 10, "Params.password": 10 });
	const one = evaluateScheduledBackup(seedBackup(), world(), settings);
	const other = evaluateScheduledBackup(seedBackup(), world(), settings);
	t.same(one, other);
	t.ok(gpgKeys);
});

t.test("what the schema refuses of a field is all that is said of it", async (t) => {
	const rows: [changes: Record<string, unknown>, paths: string[]][] = [
		[{ templateRef: { kind: "Internal", name: "nosuch" } }, ["spec.templateRef.kind"]],
		[
			{ varsSecretRef: { secretName: "keys", importOnlyKeys: ["a.__proto__", "b"] } },
			["spec.varsSecretRef.importOnlyKeys[0]", "spec.varsSecretRef.importOnlyKeys[1]"],
		],
		[{ vars: "x".repeat(262_145) }, ["spec.vars"]],
	];
	for (const [changes, paths] of rows) {
		const world = "templateRef" in changes ? facts({ template: undefined }) : facts();
		const { report } = evaluateScheduledBackup(plainBackup(changes), world, settings);
		t.same(
			report.errors.map(({ path }) => path),
			paths,
		);
	}
});
