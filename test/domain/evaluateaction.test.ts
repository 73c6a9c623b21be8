// What `kubectl create` says about a RequestedBackupAction.
import t from "tap";
import type { RequestedBackupAction, ScheduledBackupStatus } from "../../src/api/types.ts";
import { evaluateRequestedBackupAction } from "../../src/domain/evaluate.ts";
import type { RequestedBackupActionFacts } from "../../src/domain/facts.ts";
import { errorsOf, plainBackup, seedAction, settings, template } from "../fixtures/seed.ts";

const action = (spec: Record<string, unknown>): RequestedBackupAction => ({
	...seedAction(),
	spec: { ...seedAction().spec, ...spec } as RequestedBackupAction["spec"],
});

const ready = { conditions: [{ type: "Ready", status: "True" }] } as unknown as ScheduledBackupStatus;

const world = (changes: Partial<RequestedBackupActionFacts> = {}): RequestedBackupActionFacts => ({
	scheduledBackup: { ...plainBackup(), status: ready },
	template: template("echo", ""),
	namespaceLabels: {},
	denied: [],
	...changes,
});

const evaluate = (object: RequestedBackupAction, changes?: Partial<RequestedBackupActionFacts>) =>
	evaluateRequestedBackupAction(object, world(changes), settings);

t.test("an action that can run", async (t) => {
	t.same(evaluate(action({})), { errors: [], warnings: [] });
});

t.test("a dangling reference", async (t) => {
	const report = evaluate(action({}), { scheduledBackup: undefined });
	t.same(errorsOf(report), ['spec.scheduledBackupRef.name: ScheduledBackup "app1" does not exist']);
	t.ok(report.errors[0]?.missingReference);
});

t.test("a script that is empty in the template", async (t) => {
	t.same(errorsOf(evaluate(action({ action: "restore" }))), [
		'spec.action: ClusterBackupProcedureTemplate "plain" has no restore script',
	]);
});

t.test("a script of which nothing is left over the ScheduledBackup's vars", async (t) => {
	const conditional = template("echo", "# restores\n{{ if .Params.on }}echo{{ end }}");
	const errors = (spec: Record<string, unknown>, operation = "restore") => {
		const scheduledBackup = { ...plainBackup(spec), status: ready };
		return errorsOf(evaluate(action({ action: operation }), { scheduledBackup, template: conditional }));
	};
	const off = "Params: {on: false}";
	t.same(errors({ vars: "Params: {on: true}" }), []);
	t.same(errors({ vars: off }), [
		'spec.action: the restore script of ClusterBackupProcedureTemplate "plain" does nothing: over the vars of ScheduledBackup "app1" it has no command',
	]);
	t.same(errors({ vars: off }, "backup"), []);
	t.same(errors({ vars: off, varsSecretRef: { secretName: "a", importOnlyKeys: ["Params.on"] } }), []);
	t.same(errors({ vars: off, varsSecretRef: { secretName: "a" } }), [], "any key may be in the Secret");
	t.same(
		errors({ vars: "Params: {on: false, on: false}" }),
		[],
		"what cannot be read is the ScheduledBackup's mistake",
	);
	t.same(errors({ vars: "Params: {}" }), [], "and so is what does not render");
});

t.test("no template", async (t) => {
	const report = evaluate(action({}), { template: undefined });
	t.same(errorsOf(report), [
		'spec.scheduledBackupRef.name: ScheduledBackup "app1" cannot run: ClusterBackupProcedureTemplate "plain" does not exist',
	]);
	t.ok(report.errors[0]?.missingReference);
	const nameless = evaluate(action({}), { scheduledBackup: plainBackup({ templateRef: {} }) });
	t.same(nameless.errors, []);
});

t.test("a version on a backup is told once, and on a restore is fine", async (t) => {
	t.same(
		evaluate(action({ targetVersion: "v1" })).errors.map(({ path }) => path),
		["spec.targetVersion"],
	);
	t.same(evaluate(action({ action: "restore", targetVersion: "v1" }), { template: template("a", "b") }).errors, []);
});

t.test("a ScheduledBackup that is not Ready, or goes", async (t) => {
	const status = (value: object) => ({
		...plainBackup(),
		metadata: { ...plainBackup().metadata, generation: 2 },
		status: { observedGeneration: 2, ...value } as ScheduledBackupStatus,
	});
	const notReady = { conditions: [{ type: "Ready", status: "False" }] };
	for (const value of [{}, notReady]) {
		t.same(evaluate(action({}), { scheduledBackup: status(value) }).warnings, [
			'ScheduledBackup "app1" is not Ready: the action waits until it is',
		]);
	}
	const unseen = { "just made": { observedGeneration: -1 }, "just changed": { ...notReady, observedGeneration: 1 } };
	for (const [name, value] of Object.entries(unseen))
		t.same(evaluate(action({}), { scheduledBackup: status(value) }).warnings, [], `${name}: it takes seconds`);
	const both = (ready: string, keys: string, reason: string) =>
		status({
			conditions: [
				{ type: "Ready", status: ready, reason: ready === "True" ? "Installed" : reason },
				{ type: "KeysUsable", status: keys, reason },
			],
		});
	const said = (operation: string, scheduledBackup: ReturnType<typeof status>) =>
		evaluate(action({ action: operation }), { scheduledBackup, template: template("a", "b") }).warnings;
	t.same(said("backup", both("True", "False", "KeyExpired")), [
		'ScheduledBackup "app1" can only restore (KeyExpired): the action will fail',
	]);
	t.same(said("restore", both("True", "False", "KeyExpired")), []);
	t.same(said("restore", both("False", "False", "KeyExpired")), [], "a restore does not wait for another key");
	t.match(said("backup", both("False", "False", "KeyExpired")), [/is not Ready: the action waits/]);
	t.match(said("restore", both("False", "False", "KeysLost")), [/is not Ready: the action waits/]);
	t.same(said("backup", both("True", "True", "Usable")), []);
	t.same(evaluate(action({}), { scheduledBackup: plainBackup() }).warnings, [], "an object of a file has no status");
	const going = {
		...plainBackup(),
		metadata: { ...plainBackup().metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
	};
	t.match(evaluate(action({}), { scheduledBackup: going }).warnings, [/is being deleted/]);
});

t.test("any object at all can be evaluated", async (t) => {
	for (const spec of [
		undefined,
		5,
		{},
		{ action: 5, scheduledBackupRef: 5 },
		{ action: "nothing", scheduledBackupRef: { name: "app1" } },
	]) {
		const report = evaluate({ ...seedAction(), spec } as unknown as RequestedBackupAction);
		t.ok(report.errors.length > 0);
	}
});
