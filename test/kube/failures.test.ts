import t from "tap";
import { errorFromAnswer, errorFromFailure, retryAfterSeconds, safeCause } from "../../src/kube/failures.ts";

const rows: [status: number, reason: string | undefined, wanted: string][] = [
	[400, "BadRequest", "InvalidObjectError"],
	[401, "Unauthorized", "ForbiddenError"],
	[403, "Forbidden", "ForbiddenError"],
	[404, "NotFound", "NotFoundError"],
	[409, "AlreadyExists", "AlreadyExistsError"],
	[409, "Conflict", "ConflictError"],
	[409, undefined, "ConflictError"],
	[410, "Expired", "ExpiredError"],
	[422, "Invalid", "InvalidObjectError"],
	[429, "TooManyRequests", "UnavailableError"],
	[500, "InternalError", "UnavailableError"],
	[503, undefined, "UnavailableError"],
];
for (const [status, reason, wanted] of rows)
	t.test(`${status} ${reason}`, (t) => {
		const body = reason === undefined ? undefined : { reason };
		const error = errorFromAnswer({ operation: "get x", status, body, retryAfter: undefined });
		t.equal(error.name, wanted);
		t.equal(error.message, `get x: ${status}${reason === undefined ? "" : ` ${reason}`}`);
		t.end();
	});

t.test("causes: words and paths, never messages", (t) => {
	const causes = [
		{ field: "spec.a", reason: "FieldValueInvalid", message: "secret" },
		{ reason: "NamespaceTerminating", message: "secret" },
		{ field: "no field: secret!", reason: "not a word: secret" },
		null,
		"secret",
	];
	const body = { reason: "not a word: secret", details: { causes, retryAfterSeconds: 3 } };
	const error = errorFromAnswer({ operation: "create x", status: 403, body, retryAfter: undefined });
	t.strictSame(error.causes, ["spec.a FieldValueInvalid", "NamespaceTerminating"]);
	t.equal(error.message, "create x: 403 (spec.a FieldValueInvalid, NamespaceTerminating)");
	t.equal(error.retryAfter, 3);
	t.equal(error.reason, undefined);
	t.end();
});

t.test("Retry-After", (t) => {
	const now = Date.parse("2026-01-01T00:00:00Z");
	t.equal(retryAfterSeconds(undefined, now), undefined);
	t.equal(retryAfterSeconds(" 12 ", now), 12);
	t.equal(retryAfterSeconds("Thu, 01 Jan 2026 00:00:10 GMT", now), 10);
	t.equal(retryAfterSeconds("Wed, 31 Dec 2025 00:00:10 GMT", now), 0);
	t.equal(retryAfterSeconds("soon", now), undefined);
	t.end();
});

t.test("a cause keeps its code, and nothing that might be secret", (t) => {
	const socket = { authorization: "secret" };
	const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", socket });
	t.strictSame(Object.keys(safeCause(reset)).sort(), ["code", "name"]);
	t.match(safeCause(reset), { message: "read ECONNRESET", code: "ECONNRESET" });
	t.equal(safeCause(new SyntaxError('Unexpected token, "secret" is not JSON')).message, "details withheld");
	const invalid = Object.assign(new Error("invalid authorization header secret"), { code: "UND_ERR_INVALID_ARG" });
	t.equal(safeCause(invalid).message, "details withheld");
	for (const thrown of [undefined, null, "secret", 7]) t.equal(safeCause(thrown).message, "details withheld");
	const error = errorFromFailure("get x", "no answer", reset);
	t.equal(error.message, "get x: no answer (ECONNRESET)");
	t.end();
});
