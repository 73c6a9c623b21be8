// A limit that is newer than stored objects refuses what is written, and never stops what was accepted before.
import t from "tap";
import { evaluateRequestedBackupAction, evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import { createMemory } from "../../../src/domain/memory.ts";
import { errorsOf, facts, plainBackup, seedAction, settings, template } from "../../fixtures/seed.ts";

const LONG = "k".repeat(600);
const object = plainBackup({ vars: `Params:\n  ${LONG}: kept\n` });
const printing = template(`echo {{ index .Params "${LONG}" }}`);
const SAID = "spec.vars: Params (line 2, column 3): a key has 600 characters, more than 512";

t.test("a stored object gets its plan, with the value of the key, and a warning", async (t) => {
	const { report, plan } = evaluateScheduledBackup(object, facts({ template: printing }), settings);
	t.same(report, { errors: [], warnings: [SAID] });
	t.match(plan?.scripts.backup.text, /echo kept/);
});

t.test("an object that is being written is refused, and has no plan", async (t) => {
	const world = facts({ template: printing, beingWritten: true });
	const { report, plan } = evaluateScheduledBackup(object, world, settings);
	t.same([errorsOf(report), report.warnings, plan], [[SAID], [], undefined]);
	const short = plainBackup({ vars: `Params:\n  ${"k".repeat(512)}: 1\n` });
	t.ok(evaluateScheduledBackup(short, facts({ beingWritten: true }), settings).plan, "at the limit it is accepted");
});

t.test("what admission found is remembered for the reconciler, and each judges it by itself", async (t) => {
	const remembering = { ...settings, memory: createMemory() };
	const errors = [true, false, true].map((beingWritten) => {
		const world = facts({ template: printing, beingWritten });
		return errorsOf(evaluateScheduledBackup(object, world, remembering).report);
	});
	t.same(errors, [[SAID], [], [SAID]]);
});

t.test("an action of a stored object is accepted; a script that does nothing is still seen", async (t) => {
	const reportWith = (restore: string) =>
		evaluateRequestedBackupAction(
			{ ...seedAction(), spec: { action: "restore", scheduledBackupRef: { name: "app1" } } },
			{ scheduledBackup: object, template: template("echo", restore), namespaceLabels: {}, denied: [] },
			settings,
		);
	t.same(errorsOf(reportWith("echo restore")), []);
	t.match(errorsOf(reportWith(`{{ if eq (index .Params "${LONG}") "on" }}echo{{ end }}`)), [/does nothing/]);
});
