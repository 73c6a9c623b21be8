// The codec: what of an admission review reaches the handlers, and what a verdict looks like on the wire. kubectl's own
// rendering of the denials is tested against a real API server in test/integration.
import t from "tap";
import type { Problem } from "../../src/domain/report.ts";
import type { AdmissionRequest, Verdict } from "../../webhooks/review.ts";
import { decodeReview, encodeUndecodable, encodeVerdict, failureStatus } from "../../webhooks/review.ts";

const review = (request: unknown, rest: object = {}): unknown => ({
	apiVersion: "admission.k8s.io/v1",
	kind: "AdmissionReview",
	request,
	...rest,
});

const wireRequest = {
	uid: "705ab4f5",
	kind: { group: "riotkit.org", version: "v1alpha1", kind: "ScheduledBackup" },
	resource: { group: "riotkit.org", version: "v1alpha1", resource: "scheduledbackups" },
	name: "app1",
	namespace: "default",
	operation: "UPDATE",
	userInfo: { username: "jane", uid: "7", groups: ["team"], extra: { scopes: ["a"] }, unknown: 1 },
	object: { metadata: { name: "app1" } },
	oldObject: { metadata: { name: "app1", generation: 1 } },
	dryRun: true,
};

const request: AdmissionRequest = {
	uid: "705ab4f5",
	group: "riotkit.org",
	kind: "ScheduledBackup",
	operation: "UPDATE",
	name: "app1",
	namespace: "default",
	user: { username: "jane", uid: "7", groups: ["team"], extra: { scopes: ["a"] } },
	dryRun: true,
	object: { metadata: { name: "app1" } },
	oldObject: { metadata: { name: "app1", generation: 1 } },
};

t.test("decodes", async (t) => {
	const without = (...fields: string[]) =>
		Object.fromEntries(Object.entries(wireRequest).filter(([field]) => !fields.includes(field)));
	const cases: { name: string; body: unknown; expected: ReturnType<typeof decodeReview> }[] = [
		{ name: "a whole request", body: review(wireRequest), expected: { request } },
		{
			name: "a create with generateName of a cluster-scoped kind of the core group by a bare user",
			body: review({
				...without("name", "namespace", "oldObject", "dryRun"),
				kind: { kind: "Thing" },
				operation: "CREATE",
				userInfo: { username: "jane" },
				oldObject: null,
			}),
			expected: {
				request: {
					...request,
					group: "",
					kind: "Thing",
					operation: "CREATE",
					name: "",
					namespace: "",
					user: { username: "jane" },
					dryRun: false,
					oldObject: undefined,
				},
			},
		},
		{
			name: "one of a collection that is deleted: only the old object has a name",
			body: review({ ...without("name", "object"), operation: "DELETE" }),
			expected: { request: { ...request, operation: "DELETE", object: undefined } },
		},
		{
			name: "no name anywhere",
			body: review({ ...without("name", "object"), oldObject: {} }),
			expected: { request: { ...request, name: "", object: undefined, oldObject: {} } },
		},
	];
	for (const { name, body, expected } of cases) t.same(decodeReview(body), expected, name);
});

t.test("says what is wrong with garbage, with the UID where there is one", async (t) => {
	const uid = wireRequest.uid;
	const noUid = undefined;
	const notReview = "the body is no AdmissionReview of admission.k8s.io/v1";
	const cases: { name: string; body: unknown; failure: { uid: string | undefined; message: string } }[] = [
		{ name: "null", body: null, failure: { uid: noUid, message: "the body is no JSON object" } },
		{ name: "text", body: "x", failure: { uid: noUid, message: "the body is no JSON object" } },
		{ name: "a list", body: [], failure: { uid: noUid, message: "the body is no JSON object" } },
		{ name: "an empty object", body: {}, failure: { uid: noUid, message: notReview } },
		{
			name: "another version",
			body: review(wireRequest, { apiVersion: "admission.k8s.io/v1beta1" }),
			failure: { uid, message: notReview },
		},
		{ name: "another kind", body: review(wireRequest, { kind: "Pod" }), failure: { uid, message: notReview } },
		{
			name: "no request",
			body: review(undefined),
			failure: { uid: noUid, message: "the review has no request with a uid" },
		},
		{
			name: "an empty UID",
			body: review({ ...wireRequest, uid: "" }),
			failure: { uid: noUid, message: "the review has no request with a uid" },
		},
		{
			name: "no kind",
			body: review({ ...wireRequest, kind: "x" }),
			failure: { uid, message: "request.kind is missing" },
		},
		{
			name: "a kind without a name",
			body: review({ ...wireRequest, kind: {} }),
			failure: { uid, message: "request.kind is missing" },
		},
		{
			name: "an unknown operation",
			body: review({ ...wireRequest, operation: "PATCH" }),
			failure: { uid, message: "request.operation is unknown" },
		},
		{
			name: "an operation that is no text",
			body: review({ ...wireRequest, operation: 1 }),
			failure: { uid, message: "request.operation is unknown" },
		},
		{
			name: "no user",
			body: review({ ...wireRequest, userInfo: null }),
			failure: { uid, message: "request.userInfo is missing" },
		},
		{
			name: "a user without a name",
			body: review({ ...wireRequest, userInfo: {} }),
			failure: { uid, message: "request.userInfo is missing" },
		},
	];
	for (const { name, body, failure } of cases) t.same(decodeReview(body), { request: undefined, failure }, name);
});

const missing: Problem = {
	path: "spec.varsSecretRef.importOnlyKeys[0]",
	reason: "FieldValueNotFound",
	message: 'Secret "backup-keys" has no key "Params.password"',
};
const hinted: Problem = { path: "spec.vars", reason: "FieldValueInvalid", message: "is no map", hint: "write `a: b`" };
const missingCause = { field: missing.path, reason: missing.reason, message: missing.message };
const hintedCause = { field: "spec.vars", reason: "FieldValueInvalid", message: "is no map; write `a: b`" };

t.test("encodes verdicts", async (t) => {
	const denial = (message: string, name: string, causes: object[]) => ({
		uid: request.uid,
		allowed: false,
		status: {
			kind: "Status",
			apiVersion: "v1",
			metadata: {},
			status: "Failure",
			message,
			reason: "Invalid",
			code: 422,
			details: { kind: "ScheduledBackup", group: "riotkit.org", name, causes },
		},
	});
	const one = (name: string) => `The ScheduledBackup "${name}" is invalid: ${missing.path}: ${missing.message}`;
	const denied = (...problems: Problem[]): Verdict => ({ allowed: false, warnings: [], problems });
	const nameless: AdmissionRequest = { ...request, name: "", object: undefined, oldObject: undefined };
	const cases: { name: string; request?: AdmissionRequest; verdict: Verdict; response: object }[] = [
		{ name: "allowed", verdict: { allowed: true, warnings: [] }, response: { uid: request.uid, allowed: true } },
		{
			name: "allowed with warnings",
			verdict: { allowed: true, warnings: ["careful"] },
			response: { uid: request.uid, allowed: true, warnings: ["careful"] },
		},
		{
			name: "an empty patch is none",
			verdict: { allowed: true, warnings: [], patch: [] },
			response: { uid: request.uid, allowed: true },
		},
		{
			name: "a patch",
			verdict: { allowed: true, warnings: [], patch: [{ op: "add", path: "/spec/a", value: "é" }] },
			response: {
				uid: request.uid,
				allowed: true,
				patchType: "JSONPatch",
				patch: Buffer.from('[{"op":"add","path":"/spec/a","value":"é"}]').toString("base64"),
			},
		},
		{ name: "denied for one thing", verdict: denied(missing), response: denial(one("app1"), "app1", [missingCause]) },
		{
			name: "denied for two, one of which was found twice",
			verdict: denied(missing, hinted, missing),
			response: denial(
				[
					'The ScheduledBackup "app1" is invalid:',
					'* spec.varsSecretRef.importOnlyKeys[0]: Secret "backup-keys" has no key "Params.password"',
					"* spec.vars: is no map; write `a: b`",
				].join("\n"),
				"app1",
				[missingCause, hintedCause],
			),
		},
		{
			name: "denied with a warning",
			verdict: { allowed: false, warnings: ["careful"], problems: [missing] },
			response: { ...denial(one("app1"), "app1", [missingCause]), warnings: ["careful"] },
		},
		{
			name: "a create with generateName",
			request: { ...nameless, object: { metadata: { generateName: "app1-" } } },
			verdict: denied(missing),
			response: denial(one("app1-"), "app1-", [missingCause]),
		},
		{
			name: "a name that only the object has",
			request: { ...nameless, oldObject: { metadata: { name: "app1" } } },
			verdict: denied(missing),
			response: denial(one("app1"), "app1", [missingCause]),
		},
		{
			name: "no name anywhere",
			request: { ...nameless, object: {} },
			verdict: denied(missing),
			response: denial(one(""), "", [missingCause]),
		},
		{ name: "no object", request: nameless, verdict: denied(missing), response: denial(one(""), "", [missingCause]) },
	];
	for (const { name, request: asked = request, verdict, response } of cases) {
		const expected = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response };
		t.same(encodeVerdict(asked, verdict), expected, name);
	}
});

t.test("answers a body that it does not understand", async (t) => {
	t.same(encodeUndecodable("1", "no"), {
		apiVersion: "admission.k8s.io/v1",
		kind: "AdmissionReview",
		response: { uid: "1", allowed: false, status: failureStatus(400, "BadRequest", "no") },
	});
});

t.test("a denial shows a hundred causes, and counts the others", async (t) => {
	const problems: Problem[] = Array.from({ length: 60_000 }, (_, index) => ({
		path: `spec.a[${index}]`,
		reason: "FieldValueInvalid",
		message: "x".repeat(2_000),
	}));
	const answer = encodeVerdict(request, { allowed: false, warnings: [], problems: [...problems, ...problems] });
	const causes = answer.response.status?.details?.causes ?? [];
	t.equal(causes.length, 101, "each once");
	t.same(causes.at(-1), {
		field: "spec",
		reason: "FieldValueTooMany",
		message: "59900 more errors are not shown; correct these first",
	});
	t.ok(answer.response.status?.message.endsWith("\n* spec: 59900 more errors are not shown; correct these first"));
	t.ok(JSON.stringify(answer).length < 300_000, "the answer is small, however much was found");
});
