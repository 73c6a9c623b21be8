// The server as the API server meets it: over HTTP/2 and HTTP/1.1, with good bodies and bad ones, and while it stops.

import { randomBytes } from "node:crypto";
import { connect as connectHttp2 } from "node:http2";
import { Agent, request as requestHttp1 } from "node:https";
import { text } from "node:stream/consumers";
import { pino } from "pino";
import t, { type Test } from "tap";
import { makeServingCertificate } from "../../certs/serving.ts";
import { InspectionError } from "../../src/gather/inspectionerror.ts";
import { UnavailableError } from "../../src/kube/errors.ts";
import type { AdmissionObservation, WebhookServerOptions } from "../../webhooks/server.ts";
import { buildServer, changeCertificate, closeServer } from "../../webhooks/server.ts";
import { eventually } from "../cluster/wait.ts";
import { virtualClock } from "../kube/fixtures/clock.ts";

const tls = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });
const other = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });
const allowed: WebhookServerOptions["decide"] = async () => ({ allowed: true, warnings: [] });

const silent = pino({ level: "silent" });
const build = (options: Partial<WebhookServerOptions> = {}) =>
	buildServer({ tls, decide: allowed, logger: silent, ...options });

const review = {
	apiVersion: "admission.k8s.io/v1",
	kind: "AdmissionReview",
	request: {
		uid: "1",
		kind: { group: "riotkit.org", version: "v1alpha1", kind: "ScheduledBackup" },
		operation: "CREATE",
		name: "app1",
		namespace: "default",
		userInfo: { username: "jane" },
		object: { metadata: { name: "app1" } },
	},
};

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

const listening = async (t: Test, options: Partial<WebhookServerOptions> = {}) => {
	const app = build(options);
	t.teardown(() => app.close());
	const url = await app.listen({ host: "127.0.0.1", port: 0 });
	return { app, url };
};

const postHttp2 = async (url: string, ca: string): Promise<{ body: string; alpn: string | undefined }> => {
	const session = connectHttp2(url, { ca });
	try {
		const failed = new Promise<never>((_resolve, reject) => session.on("error", reject));
		const stream = session.request({ ":method": "POST", ":path": "/validate", "content-type": "application/json" });
		stream.end(JSON.stringify(review));
		return { body: await Promise.race([text(stream), failed]), alpn: session.alpnProtocol };
	} finally {
		session.close();
	}
};

const postHttp1 = (url: string, agent: Agent): Promise<string> =>
	new Promise((resolve, reject) => {
		const headers = { "content-type": "application/json" };
		const call = requestHttp1(`${url}/validate`, { method: "POST", ca: tls.authority, agent, headers }, (response) =>
			text(response).then(resolve, reject),
		);
		call.on("error", reject);
		call.end(JSON.stringify(review));
	});

t.test("speaks HTTP/2 and HTTP/1.1", async (t) => {
	const { url } = await listening(t);
	const answer = await postHttp2(url, tls.authority);
	t.match(JSON.parse(answer.body), { response: { allowed: true } });
	t.equal(answer.alpn, "h2");
	const agent = new Agent();
	t.teardown(() => agent.destroy());
	t.match(JSON.parse(await postHttp1(url, agent)), { response: { allowed: true } });
});

t.test(
	"a call's signal aborts when it is over or its caller is gone, in both versions of HTTP, and not before",
	async (t) => {
		const signals: AbortSignal[] = [];
		const begun: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()];
		const release = Promise.withResolvers<void>();
		const { url } = await listening(t, {
			decide: async (_phase, _request, signal) => {
				begun[signals.push(signal) - 1]?.resolve();
				await release.promise;
				// Each body has long been read, and its stream closed.
				for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
				if (signal.aborted) throw new Error("aborted too early");
				return { allowed: true, warnings: [] };
			},
		});
		const agent = new Agent({ keepAlive: true });
		t.teardown(() => agent.destroy());
		const calls = [postHttp2(url, tls.authority).then(({ body }) => body), postHttp1(url, agent)];
		await Promise.all(begun.map(({ promise }) => promise));
		release.resolve();
		for (const body of await Promise.all(calls)) t.match(JSON.parse(body), { response: { allowed: true } });
		await eventually(() => signals.every(({ aborted }) => aborted), { what: "both signals have aborted" });
	},
);

t.test("over HTTP/1.1 too, the deadline is answered and a lost caller ends what it asked for", async (t) => {
	let signal: AbortSignal | undefined;
	const { url } = await listening(t, {
		handlerDeadlineMilliseconds: 100,
		decide: (_phase, _request, given) => {
			signal = given;
			return new Promise(() => undefined);
		},
	});
	const agent = new Agent();
	t.teardown(() => agent.destroy());
	t.match(JSON.parse(await postHttp1(url, agent)), { message: /could not check the object in time/ });
	t.equal(signal?.aborted, true);
	const slow = await listening(t, {
		decide: (_phase, _request, given) => {
			signal = given;
			agent.destroy();
			return new Promise(() => undefined);
		},
	});
	await t.rejects(postHttp1(slow.url, agent));
	await eventually(() => signal?.aborted, { what: "the signal has aborted" });
});

t.test("stops although a client keeps its connection, and answers what it had begun", async (t) => {
	const begun = Promise.withResolvers<void>();
	let calling = 0;
	const release = Promise.withResolvers<void>();
	const { app, url } = await listening(t, {
		decide: async () => {
			if (++calling === 2) begun.resolve();
			await release.promise;
			return { allowed: true, warnings: [] };
		},
	});
	const agent = new Agent({ keepAlive: true });
	t.teardown(() => agent.destroy());
	const calls = [postHttp2(url, tls.authority).then(({ body }) => body), postHttp1(url, agent)];
	await begun.promise;
	const closed = closeServer(app);
	release.resolve();
	for (const body of await Promise.all(calls)) t.match(JSON.parse(body), { response: { allowed: true } });
	await closed;
	t.notOk(app.server.listening);
});

t.test("serves on for a while before it stops", async (t) => {
	const { app, url } = await listening(t);
	const clock = virtualClock();
	const closed = closeServer(app, 5_000, clock);
	clock.advance(4_999);
	t.match(JSON.parse((await postHttp2(url, tls.authority)).body), { response: { allowed: true } });
	clock.advance(1);
	await closed;
	t.notOk(app.server.listening);
});

t.test("changes its certificate while it serves, and keeps the old one where the new one does not fit", async (t) => {
	const { app, url } = await listening(t);
	t.throws(() => changeCertificate(app, { certificate: other.certificate, key: tls.key }));
	t.equal((await postHttp2(url, tls.authority)).alpn, "h2");
	changeCertificate(app, other);
	await t.rejects(postHttp2(url, tls.authority));
	t.equal((await postHttp2(url, other.authority)).alpn, "h2");
});
