import { EventEmitter } from "node:events";
import { mock } from "node:test";
import t from "tap";
import { LateError, startCallTime } from "../../webhooks/calltime.ts";

t.beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
t.afterEach(() => mock.timers.reset());

t.test("at the deadline: the signal aborts, and whoever waits gets the error", async (t) => {
	const { signal, late } = startCallTime(new EventEmitter(), 1000);
	mock.timers.tick(999);
	t.equal(signal.aborted, false);
	mock.timers.tick(1);
	t.ok(signal.reason instanceof LateError);
	await t.rejects(late, { name: "LateError", message: "no answer within 1000 ms" });
});

t.test("a call that was answered is not late afterwards", async (t) => {
	const response = new EventEmitter();
	const { signal, late } = startCallTime(response, 1000);
	response.emit("close");
	t.equal(signal.aborted, true, "what is under way ends");
	mock.timers.tick(5000);
	const first = await Promise.race([
		late.catch(() => "late"),
		new Promise((resolve) => setImmediate(resolve, "not late")),
	]);
	t.equal(first, "not late");
});
