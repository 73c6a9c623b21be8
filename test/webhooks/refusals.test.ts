// The log says why a client was refused, and however many there are, it says it once a minute.
import { pino } from "pino";
import t from "tap";
import { refusalLog } from "../../webhooks/refusals.ts";

t.test("one line a minute, with how many were left out", async (t) => {
	const lines: Record<string, unknown>[] = [];
	const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
	let now = 0;
	const refuse = refusalLog(logger, () => now);
	const refused = { authorizationError: "UNABLE_TO_GET_ISSUER_CERT" } as never;
	const other = { authorizationError: undefined } as never;
	for (let call = 0; call < 5; call++) refuse(new Error("hang up"), refused);
	refuse(new Error("no TLS at all"), other);
	now = 59_999;
	refuse(new Error("hang up"), refused);
	t.equal(lines.length, 1);
	now = 60_000;
	refuse(new Error("hang up"), refused);
	t.match(lines, [
		{ reason: "UNABLE_TO_GET_ISSUER_CERT", before: 0, msg: "a client without an accepted certificate was refused" },
		{ reason: "UNABLE_TO_GET_ISSUER_CERT", before: 5 },
	]);
	t.equal(lines.length, 2);
});
