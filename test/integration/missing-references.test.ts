// Installs that apply objects in any order: what is missing is a warning, the reconciler waits, says so, and goes on.
import t, { type Test } from "tap";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { action, type Fields, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { awaitCondition, awaitReady, conditionIn, mustKubectl, namesOf } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const strict = await session.controller();

const LABEL = "riotkit.org/missing-references";
const NO_ENCRYPTION = "Warning: spec.gpgKeySecretRef is not set: backups are not encrypted";

/** Refers to a Secret, a key and a template that are not there. */
const backup = (at: string, spec: Fields = {}): string =>
	manifest(
		scheduledBackup(
			"app",
			{
				templateRef: { name: `of-${at}` },
				varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.password"] },
				...spec,
			},
			{ namespace: at },
		),
	);
const TEMPLATE_MISSING = (at: string): string =>
	`spec.templateRef.name: ClusterBackupProcedureTemplate "of-${at}" does not exist`;
const SECRET_MISSING = 'spec.varsSecretRef.secretName: Secret "vars" does not exist';

const denied = (at: string) => ({
	code: 1,
	stdout: "",
	stderr: [
		NO_ENCRYPTION,
		'The ScheduledBackup "app" is invalid: ',
		`* ${SECRET_MISSING}`,
		`* ${TEMPLATE_MISSING(at)}`,
		"",
	].join("\n"),
});
const warned = (at: string) => ({
	code: 0,
	stdout: "scheduledbackup.riotkit.org/app created\n",
	stderr: [NO_ENCRYPTION, `Warning: ${SECRET_MISSING}`, `Warning: ${TEMPLATE_MISSING(at)}`, ""].join("\n"),
});
const dangling = (at: string) => session.kubectl("apply -f -", manifest(action("now", "later", {}, { namespace: at })));
const DANGLING = 'spec.scheduledBackupRef.name: ScheduledBackup "later" does not exist';

t.test("by default it is denied; the namespace's label says otherwise", async (t) => {
	await session.apply(
		manifest(namespace("plain"), namespace("lenient", { [LABEL]: "warn" }), namespace("mistyped", { [LABEL]: "Warn" })),
	);
	t.strictSame(await session.kubectl("apply -f -", backup("plain")), denied("plain"));
	t.strictSame(await session.kubectl("apply -f -", backup("lenient")), warned("lenient"));
	t.strictSame(await session.kubectl("apply -f -", backup("mistyped")), denied("mistyped"), "a label of no meaning");
	t.equal((await dangling("plain")).stderr, `The RequestedBackupAction "now" is invalid: ${DANGLING}\n`);
	t.strictSame(await dangling("lenient"), {
		code: 0,
		stdout: "requestedbackupaction.riotkit.org/now created\n",
		stderr: `Warning: ${DANGLING}\n`,
	});
});

t.test(
	"by default a template that is in use stays; where the namespace waits for what is missing, it may go",
	async (t) => {
		const vars = secret("vars", { "Params.password": "x" }, { namespace: "lenient" });
		await session.apply(manifest(template("of-lenient"), vars));
		await awaitReady(session, { namespace: "lenient", name: "app" });
		t.strictSame(await session.kubectl("delete cbpt of-lenient"), {
			code: 0,
			stdout: 'clusterbackupproceduretemplate.riotkit.org "of-lenient" deleted\n',
			stderr: "Warning: is in use by ScheduledBackup lenient/app\n",
		});
	},
);

t.test("with --missing-references=warn it is the other way round", async (t) => {
	await strict.terminate();
	await session.controller({ flags: ["--missing-references=warn"], ports: strict.ports });
	await session.apply(manifest(namespace("gitops"), namespace("strict", { [LABEL]: "deny" })));
	t.strictSame(await session.kubectl("apply -f -", backup("gitops")), warned("gitops"));
	t.strictSame(await session.kubectl("apply -f -", backup("strict")), denied("strict"));
	t.equal((await dangling("strict")).code, 1);
	t.strictSame((await dangling("gitops")).stderr, `Warning: ${DANGLING}\n`);
});

t.test("a template that is in use may be deleted where all that use it would wait for another", async (t) => {
	const users = (at: string) => [
		template("shared"),
		secret("vars", { "Params.password": "x" }, { namespace: at }),
		scheduledBackup("user", { templateRef: { name: "shared" } }, { namespace: at }),
	];
	await session.apply(manifest(...users("gitops"), ...users("strict")));
	for (const at of ["gitops", "strict"]) await awaitReady(session, { namespace: at, name: "user" });
	const both = await session.kubectl("delete cbpt shared");
	t.strictSame(both, {
		code: 1,
		stdout: "",
		stderr: [
			"Warning: is in use by ScheduledBackup gitops/user",
			'The ClusterBackupProcedureTemplate "shared" is invalid: metadata.name: is in use by ScheduledBackup strict/user; to do it all the same, set the annotation riotkit.org/force: "true"',
			"",
		].join("\n"),
	});
	await mustKubectl(session, "delete scheduledbackup user -n strict");
	await session.apply(manifest(namespace("lenient", { [LABEL]: "warn" }), ...users("lenient")));
	await awaitReady(session, { namespace: "lenient", name: "user" });
	t.strictSame(await session.kubectl("delete cbpt shared"), {
		code: 0,
		stdout: 'clusterbackupproceduretemplate.riotkit.org "shared" deleted\n',
		stderr: [
			"Warning: is in use by ScheduledBackup gitops/user",
			"Warning: is in use by ScheduledBackup lenient/user",
			"",
		].join("\n"),
	});
	await awaitCondition(
		session,
		{ namespace: "lenient", name: "user" },
		{ type: "Reconciling", status: "True", reason: "WaitingForReferences" },
	);
	await mustKubectl(session, "delete scheduledbackup user -n gitops");
	await mustKubectl(session, "delete scheduledbackup user -n lenient");
});

t.test("everything that may be missing is a warning, and nothing else is", async (t) => {
	await session.apply(manifest(namespace("mixed"), secret("some", { token: "", other: "x" }, { namespace: "mixed" })));
	const all = backup("mixed", {
		gpgKeySecretRef: { secretName: "keys" },
		tokenSecretRef: { secretName: "some", tokenKey: "nosuch" },
		vars: "Params: {host: x}\nHelmValues:\n  envFrom: [{secretRef: {name: env}}]\n  volumes: [{name: a, secret: {secretName: volume}}]\n",
	});
	const { code, stderr } = await session.kubectl("apply --dry-run=server -f -", all);
	t.equal(code, 0);
	t.equal(
		stderr,
		[
			'spec.gpgKeySecretRef.secretName: Secret "keys" does not exist',
			'spec.tokenSecretRef.tokenKey: Secret "some" has no key "nosuch"',
			SECRET_MISSING,
			TEMPLATE_MISSING("mixed"),
			'spec.vars: HelmValues.envFrom[0]: Secret "env" does not exist',
			'spec.vars: HelmValues.volumes[0]: Secret "volume" does not exist',
			"",
		]
			.map((line) => (line === "" ? "" : `Warning: ${line}`))
			.join("\n"),
	);
	const wrong = backup("mixed", {
		cronJob: { scheduleEvery: "61 * * * *" },
		tokenSecretRef: { secretName: "some" },
	});
	const refused = await session.kubectl("apply -f -", wrong);
	t.strictSame(refused.stderr.split("\n"), [
		NO_ENCRYPTION,
		`Warning: ${SECRET_MISSING}`,
		`Warning: ${TEMPLATE_MISSING("mixed")}`,
		'The ScheduledBackup "app" is invalid: ',
		'* spec.cronJob.scheduleEvery: "61 * * * *" is no schedule: minute "61" is outside of 0-59; five fields (`00 02 * * *`) or one of @hourly, @daily, @weekly, @monthly, @yearly, @every 90m',
		'* spec.tokenSecretRef.tokenKey: key "token" of Secret "some" is empty',
		"",
	]);
});

/** What is missing at first, and the step that brings it. */
const MISSING: Readonly<Record<string, { said: string; bring: (at: string) => string }>> = {
	template: {
		said: "spec.templateRef.name: ClusterBackupProcedureTemplate",
		bring: (at) => manifest(template(`of-${at}`)),
	},
	Secret: {
		said: SECRET_MISSING,
		bring: (at) => manifest(secret("vars", { "Params.password": "x" }, { namespace: at })),
	},
	key: {
		said: 'spec.tokenSecretRef.tokenKey: Secret "some" has no key "token"',
		bring: (at) => manifest(secret("some", { other: "x", token: "x" }, { namespace: at })),
	},
};

const permutations = (items: readonly string[]): string[][] =>
	items.length === 0
		? [[]]
		: items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));

/** Brings everything in this order; after each step the status says exactly what is still missing. */
const goesOn = async (t: Test, order: readonly string[]): Promise<void> => {
	const at = `waits-${order.join("-").toLowerCase()}`;
	await session.apply(manifest(namespace(at), secret("some", { other: "x" }, { namespace: at })));
	await session.apply(backup(at, { tokenSecretRef: { secretName: "some" } }));
	const named = { namespace: at, name: "app" };
	for (const [index, item] of order.entries()) {
		const missing = order.slice(index);
		await eventually(
			async () => {
				const waiting = { type: "Reconciling", status: "True", reason: "WaitingForReferences" };
				const message = conditionIn(await awaitCondition(session, named, waiting), "Reconciling")?.message ?? "";
				return Object.entries(MISSING).every(([name, { said }]) => message.includes(said) === missing.includes(name));
			},
			{ what: `${at}/app says that it waits for ${missing.join(", ")}` },
		);
		if (index === 0) t.same(await namesOf(session, "cronjobs", at), [], "nothing is made of half of it");
		await session.apply(MISSING[item]?.bring(at) ?? "");
	}
	const { status } = await awaitReady(session, named);
	t.match(status?.conditions?.find(({ type }) => type === "Stalled")?.status, "False", at);
	t.same(await namesOf(session, "cronjobs", at), ["app"]);
};

t.test("the reconciler waits, says for what, and goes on, whatever comes first", async (t) => {
	await Promise.all(permutations(Object.keys(MISSING)).map((order) => goesOn(t, order)));
});

t.test("kubectl shows that it waits", async (t) => {
	t.match(await mustKubectl(session, "get bmsb -n gitops"), /^app +False +0 2 \* \* \* +backup/m);
	t.match(await mustKubectl(session, "describe bmsb -n gitops app"), /Reason: +WaitingForReferences/);
});

t.test("an action that came before its ScheduledBackup waits for it and runs", async (t) => {
	const at = "action-first";
	await session.apply(manifest(namespace(at), action("now", "app", {}, { namespace: at })));
	const named = { namespace: at, name: "now" };
	const waiting = { type: "Reconciling", status: "True", reason: "WaitingForScheduledBackup" };
	const pending = await awaitCondition<RequestedBackupAction>(session, named, waiting, "requestedbackupaction");
	t.equal(pending.status?.phase, "Pending");
	t.equal(pending.status?.message, 'ScheduledBackup "app" does not exist; the action waits for it');
	await session.apply(
		`${backup(at, { templateRef: { name: "of-action-first" } })}---\n${MISSING["template"]?.bring(at)}`,
	);
	await session.apply(MISSING["Secret"]?.bring(at) ?? "");
	const running = { type: "Reconciling", status: "True", reason: "Running" };
	const { status } = await awaitCondition<RequestedBackupAction>(session, named, running, "requestedbackupaction");
	t.equal(status?.phase, "Running");
	t.same(await namesOf(session, "jobs", at), [status?.jobName]);
});
