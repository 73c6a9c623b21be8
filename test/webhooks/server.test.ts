// The server as the API server meets it, with good bodies and bad ones.
import { pino } from "pino";
import t from "tap";
import { InspectionError } from "../../src/gather/inspectionerror.ts";
import { UnavailableError } from "../../src/kube/errors.ts";
import type { AdmissionObservation, WebhookServerOptions } from "../../webhooks/server.ts";
import { review } from "./calls.ts";
import { allowed, build } from "./served.ts";

t.test("answers", async (t) => {
	const slow: WebhookServerOptions["decide"] = () => new Promise(() => undefined);
	const failing =
		(error: unknown): WebhookServerOptions["decide"] =>
		() =>
			Promise.reject(error);
	const ok = { response: { uid: "1", allowed: true } };
	const failure = (message: string) => ({ kind: "Status", status: "Failure", reason: "InternalError", message });
	const cases: {
		name: string;
		url?: string;
		body?: unknown;
		options?: Partial<WebhookServerOptions>;
		status: number;
		answer: object;
	}[] = [
		{ name: "/mutate", url: "/mutate", status: 200, answer: ok },
		{ name: "/validate", status: 200, answer: ok },
		{ name: "/validate-delete", url: "/validate-delete", status: 200, answer: ok },
		{ name: "another path", url: "/other", status: 404, answer: {} },
		{
			name: "a review of another version, by its UID",
			body: { ...review, apiVersion: "admission.k8s.io/v2" },
			status: 200,
			answer: { response: { uid: "1", allowed: false, status: { code: 400 } } },
		},
		{ name: "no review", body: {}, status: 400, answer: { kind: "Status", reason: "BadRequest" } },
		{
			name: "no JSON",
			body: "{ password: hunter2",
			status: 400,
			answer: { message: "the body is no JSON of an accepted size" },
		},
		{
			name: "5 MiB are accepted",
			body: { ...review, filler: "x".repeat(5 * 1024 * 1024) },
			status: 200,
			answer: ok,
		},
		{
			name: "8 MiB are too large",
			body: { filler: "x".repeat(8 * 1024 * 1024) },
			status: 413,
			answer: { message: "the body is no JSON of an accepted size" },
		},
		{
			name: "the API server does not answer us",
			options: {
				decide: failing(new UnavailableError("hunter2", { operation: "get secrets default/backup-keys", status: 503 })),
			},
			status: 500,
			answer: failure(
				"backup-maker-controller could not check the object: get secrets default/backup-keys: 503; try again",
			),
		},
		{
			name: "no answer at all",
			options: { decide: failing(new UnavailableError("x", { operation: "get secrets a/b" })) },
			status: 500,
			answer: failure("backup-maker-controller could not check the object: get secrets a/b: no answer; try again"),
		},
		{
			name: "keys that cannot be looked at now",
			options: { decide: failing(new InspectionError("busy")) },
			status: 500,
			answer: failure(
				"backup-maker-controller could not check the object: too many OpenPGP keys are waiting to be looked at; try again",
			),
		},
		{
			name: "our own mistake says nothing that it holds",
			options: { decide: failing(new TypeError("hunter2 is not a function")) },
			status: 500,
			answer: failure("backup-maker-controller failed to check the object; its log says where"),
		},
		{
			name: "something thrown that is no error",
			options: { decide: failing("hunter2") },
			status: 500,
			answer: failure("backup-maker-controller failed to check the object; its log says where"),
		},
		{
			name: "the deadline",
			options: { decide: slow, handlerDeadlineMilliseconds: 20 },
			status: 500,
			answer: failure("backup-maker-controller could not check the object in time; try again"),
		},
	];
	for (const { name, url = "/validate", body = review, options = {}, status, answer } of cases) {
		await t.test(name, async (t) => {
			const lines: string[] = [];
			const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
			const app = build({ logger, ...options });
			const headers = { "content-type": "application/json" };
			const payload = typeof body === "string" ? body : JSON.stringify(body);
			const response = await app.inject({ method: "POST", url, headers, payload });
			t.equal(response.statusCode, status);
			t.match(response.json(), answer);
			t.notMatch(response.body + lines.join(""), /hunter2/, "nothing of another's text, in answer or log");
			await app.close();
		});
	}
});

t.test("tells the metrics each verdict once", async (t) => {
	const seen: Partial<AdmissionObservation>[] = [];
	const observe = ({ seconds, ...rest }: AdmissionObservation): void => {
		t.ok(seconds >= 0);
		seen.push(rest);
	};
	const verdicts: WebhookServerOptions["decide"][] = [
		allowed,
		async () => ({ allowed: false, warnings: [], problems: [] }),
		() => Promise.reject(new Error("no")),
	];
	for (const decide of verdicts) {
		const app = build({ decide, observe });
		await app.inject({ method: "POST", url: "/mutate", payload: review });
		await app.inject({
			method: "POST",
			url: "/validate",
			payload: { ...review, request: { ...review.request, kind: { kind: "Anything" } } },
		});
		await app.close();
	}
	const labels = (phase: string, kind: string, verdict: string) => ({ phase, kind, operation: "CREATE", verdict });
	t.same(
		seen,
		["allowed", "denied", "error"].flatMap((verdict) => [
			labels("mutate", "ScheduledBackup", verdict),
			labels("validate", "other", verdict),
		]),
	);
});

t.test(
	"a check that has no answer in time is counted once and logged once, whatever becomes of it later",
	async (t) => {
		const observed: string[] = [];
		const lines: string[] = [];
		const late = Promise.withResolvers<void>();
		const decided = Promise.withResolvers<void>();
		const app = build({
			logger: pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }),
			observe: ({ kind, operation, verdict }) => void observed.push(`${kind} ${operation} ${verdict}`),
			handlerDeadlineMilliseconds: 20,
			decide: async (_phase, _request, signal) => {
				signal.addEventListener("abort", () => late.resolve(), { once: true });
				await late.promise;
				decided.resolve();
				throw new Error("hunter2");
			},
		});
		const object = { metadata: { name: "app1" }, spec: { vars: "Params: {password: hunter2}" } };
		const payload = { ...review, request: { ...review.request, object } };
		const response = await app.inject({ method: "POST", url: "/validate", payload });
		t.equal(response.statusCode, 500);
		await decided.promise;
		await app.close();
		t.same(observed, ["ScheduledBackup CREATE error"]);
		const logged = lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50);
		t.equal(logged.length, 1, "one line");
		t.match(logged[0], {
			msg: "an admission check failed",
			kind: "ScheduledBackup",
			operation: "CREATE",
			namespace: "default",
			name: "app1",
			uid: "1",
			error: "LateError",
		});
		t.notMatch(lines.join(""), /hunter2/, "and nothing of the object");
	},
);
