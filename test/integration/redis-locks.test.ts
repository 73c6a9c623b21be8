// Locks in real Redis servers: what the scripts do there, and what becomes of locks when a server is stopped, emptied,
// killed or asked with a wrong password. Two connections play two replicas.
import t from "tap";
import { connectRedis } from "../../src/locks/redis/connection.ts";
import { eventually } from "../cluster/wait.ts";
import { addressOf, KEY, PASSWORD, replica } from "../redis/replica.ts";
import { redisCertificate, startRedis } from "../redis/server.ts";

await t.test("one at a time, with a time to live, given back by its token", async (t) => {
	const server = await startRedis(t);
	const [one, two] = [await replica(t, addressOf(server)), await replica(t, addressOf(server))];
	await Promise.all([one.untilUp(), two.untilUp()]);
	const first = await one.held();
	const left = Number(await server.cli("pttl", KEY));
	t.ok(left > 5_000 && left <= 15_000, `${left} ms`);
	const busy = await two.acquire();
	t.match(busy, { type: "busy" });
	t.ok(busy.type === "busy" && busy.retryAfter > 0 && busy.retryAfter <= 15);
	await first.release();
	t.equal(await server.cli("exists", KEY), "0");
	const second = await two.held();
	await first.release();
	t.equal(await server.cli("exists", KEY), "1", "what the other holds is not given back");
	await second.release();
});

await t.test("renewed as long as it is held; taken over when its holder is gone", async (t) => {
	const server = await startRedis(t);
	const [one, two] = [await replica(t, addressOf(server), 3_000), await replica(t, addressOf(server), 3_000)];
	await Promise.all([one.untilUp(), two.untilUp()]);
	const lock = await one.held();
	const renewals = async (): Promise<number> =>
		Number(/cmdstat_pexpire:calls=(\d+)/.exec(await server.cli("info", "commandstats"))?.[1] ?? 0);
	await eventually(async () => (await renewals()) >= 9, { what: "three times its time to live have passed" });
	t.equal((await two.acquire()).type, "busy");
	t.notOk(lock.signal.aborted);
	// The connection is gone, and with it the renewals: as when the process is killed.
	await one.locks.close();
	const token = await server.cli("get", KEY);
	t.not(token, "", "it is not given back: its time has to pass");
	const second = await two.held();
	t.not(await server.cli("get", KEY), token, "it is the other one's now");
	await second.release();
});

await t.test("a key that somebody set by hand for ever", async (t) => {
	const server = await startRedis(t);
	const one = await replica(t, addressOf(server), 500);
	await one.untilUp();
	await server.cli("set", KEY, "by hand");
	t.match(await one.acquire(), { type: "busy" });
	await one.held();
	await server.cli("set", KEY, "by hand", "EX", "86400");
	t.match(await one.acquire(), { type: "busy" });
	await one.held();
	t.pass("it was free after a time to live");
});

await t.test("emptied while a lock is held: it is lost, at its next renewal", async (t) => {
	const server = await startRedis(t);
	const one = await replica(t, addressOf(server), 3_000);
	await one.untilUp();
	const lock = await one.held();
	await server.cli("flushall");
	await eventually(() => lock.signal.aborted, { what: "the lock is lost" });
	t.same(one.counted, ["acquired", "lost"]);
});

await t.test("stopped: no lock within a second, then at once; locks again when it goes on", async (t) => {
	const server = await startRedis(t);
	// What a stopped server is asked it does when it goes on: such a lock lives for its time.
	const one = await replica(t, addressOf(server), 2_000);
	await one.untilUp();
	server.pause();
	const started = performance.now();
	const answers = await Promise.all(Array.from({ length: 24 }, () => one.acquire()));
	t.ok(answers.every(({ type }) => type === "unknown"));
	// One after the other they would take 24 s.
	t.ok(performance.now() - started < 15_000, "24 workers wait together, not one after the other");
	t.equal(one.up(), false);
	t.equal(one.detail(), "no answer in time; working without locks");
	const again = performance.now();
	for (let index = 0; index < 100; index += 1) t.equal((await one.acquire()).type, "unknown");
	// Each would wait a second.
	t.ok(performance.now() - again < 30_000, "nobody waits for a server that is known to hang");
	server.resume();
	await one.untilUp();
	await (await one.held()).release();
	t.equal(one.detail(), "up");
});

await t.test("killed, and started again", async (t) => {
	const server = await startRedis(t);
	const one = await replica(t, addressOf(server));
	await one.untilUp();
	const lock = await one.held();
	await server.kill();
	await eventually(() => one.up() === false, { what: "it is known to be down" });
	t.equal((await one.acquire()).type, "unknown");
	await lock.release();
	await server.restart();
	await one.untilUp();
	await (await one.held()).release();
	const told = one.logs.filter((line) => line.includes("gives no locks")).length;
	t.ok(told <= 3, `told ${told} times, not for each try`);
});

await t.test("not there at the start, and there later", async (t) => {
	const server = await startRedis(t);
	await server.kill();
	const one = await replica(t, addressOf(server));
	t.equal((await one.acquire()).type, "unknown");
	await eventually(() => one.detail()?.startsWith("ECONNREFUSED"), { what: "readiness says why" });
	await server.restart();
	await (await one.held()).release();
	t.equal(one.up(), true);
});

await t.test("with a password, and with a user who may do just enough", async (t) => {
	const rights = "~backup-maker-controller:lock:* &* +@connection +info +set +get +del +pttl +pexpire +eval";
	const server = await startRedis(t, { password: PASSWORD, lines: [`user locker on >${PASSWORD} ${rights}`] });
	for (const change of [{ password: PASSWORD }, { password: PASSWORD, username: "locker" }]) {
		const one = await replica(t, addressOf(server, change));
		await (await one.held()).release();
	}
	t.pass("both hold a lock");
	for (const [change, why] of [
		[{ password: `${PASSWORD}-not` }, "WRONGPASS"],
		[{}, "NOAUTH"],
	] as const) {
		const one = await replica(t, addressOf(server, change));
		await eventually(() => one.detail() === `${why}; working without locks`, { what: `readiness says ${why}` });
		t.equal((await one.acquire()).type, "unknown");
		t.notMatch(JSON.stringify([one.logs, one.detail()]), PASSWORD);
	}
});

await t.test("a user without rights: answers come, and are no locks", async (t) => {
	const server = await startRedis(t, { lines: [`user reader on >${PASSWORD} ~* +@connection +info +get`] });
	const one = await replica(t, addressOf(server, { username: "reader", password: PASSWORD }));
	await one.untilUp();
	t.equal((await one.acquire()).type, "unknown");
	t.equal(one.detail(), "NOPERM; working without locks");
	t.notMatch(JSON.stringify(one.logs), PASSWORD);
});

await t.test("TLS", async (t) => {
	const tls = await redisCertificate(t);
	const server = await startRedis(t, { password: PASSWORD, tls });
	const trusting = { tls: { caFile: tls.authorityFile }, password: PASSWORD };
	await (await (await replica(t, addressOf(server, trusting))).held()).release();
	const strange = await replica(t, addressOf(server, { tls: { caFile: undefined }, password: PASSWORD }));
	await eventually(() => /^(SELF_SIGNED|UNABLE_TO)/.test(strange.detail() ?? ""), { what: "the authority is unknown" });
	t.equal((await strange.acquire()).type, "unknown");
	const plain = await replica(t, addressOf(server, { password: PASSWORD }));
	t.equal((await plain.acquire()).type, "unknown");
	t.notMatch(JSON.stringify([strange.logs, plain.logs]), PASSWORD);
	const missing = connectRedis({
		address: addressOf(server, { tls: { caFile: "/no/such/file" } }),
		random: Math.random,
		logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
		metrics: { redisUp: () => undefined },
	});
	await t.rejects(missing, { message: /^--redis-ca-file: Invalid value: "\/no\/such\/file": .*\(ENOENT\)/ });
});
