// Whatever a user sends, the checks after the schema get an object that has the shape of its type.

import t from "tap";
import { applyDefaults } from "../../src/api/defaults.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { schemaProblems } from "../../src/api/validate.ts";
import { wellTyped } from "../../src/api/welltyped.ts";
import fc from "../property.ts";
import { procedureTemplate, requestedBackupAction, scheduledBackup, withMetadata } from "./objects.ts";

t.test("a valid object comes back equal", async (t) => {
	for (const object of [scheduledBackup({ cronJob: {} }), requestedBackupAction(), procedureTemplate()])
		t.strictSame(wellTyped(applyDefaults(object)), applyDefaults(object));
});

t.test("what is needed is there, what is mistyped is not", async (t) => {
	const object = scheduledBackup({
		operation: "x",
		collectionId: undefined,
		vars: {},
		templateRef: 5,
		cronJob: { enabled: "yes", startingDeadlineSeconds: 1.5 },
		varsSecretRef: { secretName: "a", importOnlyKeys: ["a", 5, null, "b"] },
		gpgKeySecretRef: [],
		tokenSecretRef: { secretName: "" },
	});
	const { spec } = wellTyped(object);
	t.strictSame(spec, {
		operation: "backup",
		collectionId: "",
		templateRef: { kind: "ClusterBackupProcedureTemplate", name: "" },
		cronJob: {
			enabled: true,
			scheduleEvery: "00 02 * * *",
			timeZone: "Etc/UTC",
			suspend: false,
			concurrencyPolicy: "Forbid",
			successfulJobsHistoryLimit: 3,
			failedJobsHistoryLimit: 1,
		},
		varsSecretRef: { secretName: "a", importOnlyKeys: ["a", "", "", "b"] },
	});
});

t.test("a reference without a usable name is none", async (t) => {
	for (const varsSecretRef of [{}, { secretName: 5 }, { secretName: "" }, { importOnlyKeys: ["a"] }])
		t.notOk("varsSecretRef" in wellTyped(scheduledBackup({ varsSecretRef })).spec, JSON.stringify(varsSecretRef));
});

t.test("metadata and spec are always there", async (t) => {
	t.match(wellTyped(withMetadata(scheduledBackup(), "x")), { metadata: {}, spec: { operation: "backup" } });
	t.match(wellTyped({ apiVersion: "riotkit.org/v1alpha1", kind: "RequestedBackupAction" } as KubernetesObject), {
		metadata: {},
		spec: { action: "backup", scheduledBackupRef: { name: "" } },
	});
});

t.test("another kind comes back as it is", async (t) => {
	const secret = { apiVersion: "v1", kind: "Secret" };
	t.equal(wellTyped(secret), secret);
});

t.test("property: no value of the wrong type is left", async (t) => {
	const anything = fc.anything({ withNullPrototype: false, maxDepth: 3 });
	const spec = fc.record(
		Object.fromEntries(
			["operation", "cronJob", "collectionId", "gpgKeySecretRef", "templateRef", "vars", "varsSecretRef"].map(
				(name) => [name, anything],
			),
		),
		{ requiredKeys: [] },
	);
	const property = fc.property(fc.oneof(spec, anything), (value) => {
		const object = { ...scheduledBackup(), spec: value } as unknown as KubernetesObject;
		schemaProblems(applyDefaults(object));
		const reasons = schemaProblems(wellTyped(object)).map(({ reason }) => reason);
		return !reasons.some((reason) => reason === "FieldValueTypeInvalid" || reason === "FieldValueNotSupported");
	});
	t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }));
});
