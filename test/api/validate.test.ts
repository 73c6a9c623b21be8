// What our checks say of each mistake, word by word, and what only an update can get wrong.
import t from "tap";
import { applyDefaults } from "../../src/api/defaults.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { type SchemaProblem, schemaProblems } from "../../src/api/validate.ts";
import { mistakes } from "./mistakes.ts";
import { requestedBackupAction, scheduledBackup } from "./objects.ts";

const line = ({ path, message, hint }: SchemaProblem): string =>
	`${path}: ${message}${hint === undefined ? "" : `; ${hint}`}`;
const linesOf = (object: KubernetesObject, old?: KubernetesObject): string[] =>
	schemaProblems(applyDefaults(object), old).map(line);

for (const [name, [object, problems]] of Object.entries(mistakes))
	t.test(name, async (t) => t.strictSame(linesOf(object), problems));

t.test("an action cannot be changed", async (t) => {
	const old = applyDefaults(requestedBackupAction());
	t.strictSame(linesOf(requestedBackupAction(), old), []);
	t.strictSame(linesOf(requestedBackupAction({ action: "restore" }), old), [
		"spec: Forbidden: an action cannot be changed, since it runs once; create a new RequestedBackupAction instead",
	]);
	t.strictSame(linesOf(requestedBackupAction({ scheduledBackupRef: { name: "x" } }), old), [
		"spec: Forbidden: an action cannot be changed, since it runs once; create a new RequestedBackupAction instead",
	]);
});

t.test("reasons are the API's", async (t) => {
	const problems = schemaProblems(
		applyDefaults(scheduledBackup({ operation: "x", collectionId: 5, templateRef: {}, vars: "x".repeat(262_145) })),
	);
	t.strictSame(
		problems.map(({ path, reason }) => [path, reason]),
		[
			["spec.collectionId", "FieldValueTypeInvalid"],
			["spec.operation", "FieldValueNotSupported"],
			["spec.templateRef.name", "FieldValueRequired"],
			["spec.vars", "FieldValueTooLong"],
		],
	);
});
