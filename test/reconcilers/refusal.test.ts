import t from "tap";
import { isNamespaceTerminating, refusalOf } from "../../reconcilers/shared/refusal.ts";
import { ConflictError, ForbiddenError, InvalidObjectError, UnavailableError } from "../../src/kube/errors.ts";

const operation = "create configmaps default/app-backup-1";

t.test("what the API server refuses is said with its words", async (t) => {
	t.strictSame(refusalOf(new ForbiddenError("x", { operation, status: 403, reason: "Forbidden" })), {
		reason: "Refused",
		message:
			"The API server refuses to create configmaps default/app-backup-1 (403 Forbidden); check the namespace's quotas, " +
			"admission policies and the controller's rights. It is tried again",
	});
	t.strictSame(
		refusalOf(new InvalidObjectError("x", { operation, status: 422, causes: ["spec.a FieldValueInvalid"] })),
		{
			reason: "Refused",
			message:
				"The API server refuses to create configmaps default/app-backup-1 (422: spec.a FieldValueInvalid); check the " +
				"namespace's limits and admission policies. It is tried again",
		},
	);
	t.notMatch(refusalOf(new ForbiddenError("x", { operation }))?.message, /\(/, "no words were given");
});

t.test("what is no refusal", async (t) => {
	const terminating = new ForbiddenError("x", { operation, status: 403, causes: ["NamespaceTerminating"] });
	t.ok(isNamespaceTerminating(terminating));
	for (const error of [
		terminating,
		new ForbiddenError("x", { operation, status: 401 }),
		new ConflictError("x", { operation }),
		new UnavailableError("x", { operation }),
		new Error("x"),
		undefined,
	])
		t.equal(refusalOf(error), undefined);
});
