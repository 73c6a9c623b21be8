// Unknown fields in kubectl's words, each with what was probably meant.
import t from "tap";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { FINDINGS_LIMIT } from "../../src/api/problem.ts";
import { unknownFieldProblems } from "../../src/api/validate.ts";
import { scheduledBackup, withMetadata } from "./objects.ts";

const linesOf = (object: KubernetesObject): string[] =>
	unknownFieldProblems(object).map(
		({ path, message, hint }) => `${path}: ${message}${hint === undefined ? "" : `; ${hint}`}`,
	);

const rows: Record<string, [object: KubernetesObject, problems: string[]]> = {
	none: [scheduledBackup({ cronJob: { enabled: true }, varsSecretRef: { importOnlyKeys: ["a"] } }), []],
	"a kind that is not ours": [{ apiVersion: "v1", kind: "Secret", foo: 1 } as KubernetesObject, []],
	"mistyped at the top": [
		{ ...scheduledBackup(), stats: {} } as KubernetesObject,
		['stats: unknown field "stats"; did you mean "status"?'],
	],
	"mistyped in spec": [
		scheduledBackup({ collectionid: "x" }),
		['spec.collectionid: unknown field "spec.collectionid"; did you mean "spec.collectionId"?'],
	],
	"mistyped deeper": [
		scheduledBackup({ varsSecretRef: { importOnlyKeyz: [] } }),
		[
			'spec.varsSecretRef.importOnlyKeyz: unknown field "spec.varsSecretRef.importOnlyKeyz"; did you mean "spec.varsSecretRef.importOnlyKeys"?',
		],
	],
	"at the wrong depth": [
		scheduledBackup({ scheduleEvery: "@daily" }),
		['spec.scheduleEvery: unknown field "spec.scheduleEvery"; did you mean "spec.cronJob.scheduleEvery"?'],
	],
	"at one of several depths": [
		scheduledBackup({ secretName: "x" }),
		['spec.secretName: unknown field "spec.secretName"'],
	],
	"nothing like it": [
		scheduledBackup({ somethingElse: 1 }),
		['spec.somethingElse: unknown field "spec.somethingElse"'],
	],
	"in metadata": [
		withMetadata(scheduledBackup(), { name: "a", annotationz: {}, labels: { any: "thing" } }),
		['metadata.annotationz: unknown field "metadata.annotationz"; did you mean "metadata.annotations"?'],
	],
	"in a list": [
		{ ...scheduledBackup(), status: { active: [{ name: "a", uid: "b" }, { naem: "c" }] } } as KubernetesObject,
		['status.active[1].naem: unknown field "status.active[1].naem"; did you mean "status.active[1].name"?'],
	],
	"below a value of the wrong type": [scheduledBackup({ vars: { Params: {} }, cronJob: "x" }), []],
};

for (const [name, [object, problems]] of Object.entries(rows))
	t.test(name, async (t) => t.strictSame(linesOf(object), problems));

t.test("only those that are shown get a hint, which takes long to find", async (t) => {
	const lists = Array.from({ length: FINDINGS_LIMIT + 1 }, () => ({ naem: "c" }));
	const lines = linesOf({ ...scheduledBackup(), status: { active: lists } } as KubernetesObject);
	t.match(lines[FINDINGS_LIMIT - 1], /; did you mean "status\.active\[99\]\.name"\?$/);
	t.match(lines[FINDINGS_LIMIT], /unknown field "status\.active\[100\]\.naem"$/);
});
