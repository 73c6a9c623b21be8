import { Writable } from "node:stream";
import t from "tap";
import { UnavailableError } from "../../src/kube/errors.ts";
import { plainError } from "../../src/telemetry/errors.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { terminalLines } from "../../src/telemetry/terminal.ts";

const capture = () => {
	const lines: string[] = [];
	const destination = new Writable({
		write: (chunk, _encoding, callback) => {
			lines.push(String(chunk));
			callback();
		},
	});
	return { lines, destination };
};

t.test("JSON, one line each, without debug unless asked for", (t) => {
	const { lines, destination } = capture();
	const logger = createLogger({ level: "info", destination });
	logger.debug("quiet");
	logger.child({ module: "m" }).info({ kind: "Job" }, "made");
	t.equal(lines.length, 1);
	t.match(JSON.parse(lines[0] ?? ""), { level: "info", module: "m", kind: "Job", msg: "made", time: /^\d{4}-.*Z$/ });
	createLogger({ level: "debug", destination }).debug("loud");
	t.equal(lines.length, 2);
	const calm = createLogger({ level: "error", destination });
	calm.warn("not said");
	calm.error("said");
	t.equal(lines.length, 3);
	t.end();
});

t.test("for people on a terminal", (t) => {
	const { lines, destination } = capture();
	createLogger({ level: "info", destination: terminalLines(destination) }).warn({ kind: "Job" }, "careful");
	t.match(lines.join(""), /WARN[\s\S]*careful[\s\S]*kind/);
	t.throws(() => JSON.parse(lines[0] ?? ""));
	t.end();
});

t.test("what looks like an object of the API or a credential is redacted", (t) => {
	const { lines, destination } = capture();
	const secret = "s3cr3t";
	createLogger({ level: "info", destination }).info(
		{
			data: { key: secret },
			object: { stringData: secret, spec: { vars: secret } },
			request: { headers: { authorization: secret } },
			token: secret,
			a: { b: { c: { passphrase: secret } } },
		},
		"by mistake",
	);
	t.notMatch(lines.join(""), secret);
	t.match(lines.join(""), /\[redacted\]/);
	t.end();
});

t.test("errors: name, message, operation, status and causes, nothing else", (t) => {
	const secret = "s3cr3t";
	const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", response: { body: secret } });
	const error = new UnavailableError("get x: no answer", { operation: "get x", status: 503, cause });
	const { lines, destination } = capture();
	createLogger({ level: "info", destination }).error({ err: error }, "failed");
	const { err } = JSON.parse(lines[0] ?? "");
	t.match(err, {
		name: "UnavailableError",
		message: "get x: no answer",
		operation: "get x",
		status: 503,
		cause: { name: "Error", message: "read ECONNRESET", code: "ECONNRESET", stack: [/^at /] },
	});
	t.equal(err.stack, undefined, "a typed error says itself where it comes from");
	t.notMatch(lines.join(""), secret);
	t.end();
});

t.test("odd things that were thrown", (t) => {
	t.strictSame(plainError("s3cr3t"), { name: "Error", message: "threw string" });
	t.strictSame(plainError(null), { name: "Error", message: "threw object" });
	t.strictSame(plainError({ message: 7 }), { name: "Error", message: "" });
	t.equal(plainError(new Error("x".repeat(2000))).message.length, 500);
	const circular = new Error("around");
	circular.cause = circular;
	t.equal(JSON.stringify(plainError(circular)).split("around").length - 1, 6);
	t.end();
});
