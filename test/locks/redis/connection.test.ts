// The connection to Redis, over a server that answers what the test says: what is sent, what counts as an answer, and what
// is told of a failure.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { makeServingCertificate } from "../../../certs/serving.ts";
import type { RedisConfig } from "../../../src/config.ts";
import { connectRedis } from "../../../src/locks/redis/connection.ts";
import { eventually } from "../../cluster/wait.ts";
import { list, OK, type Reply, startFakeRedis } from "../../redis/fake.ts";
import { addressOf } from "../../redis/replica.ts";

const quick = { timeout: 20 } as const;

/** A connection, and all that it tells. */
const connected = async (t: Test, port: number, change: Partial<RedisConfig> = {}, commandTimeout?: number) => {
	const logged: string[] = [];
	const ups: boolean[] = [];
	const log =
		(level: string) =>
		(fields: object, message?: string): void =>
			void logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
	const connection = await connectRedis({
		address: addressOf({ port }, change),
		random: () => 0.5,
		logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
		metrics: { redisUp: (is) => void ups.push(is) },
		...(commandTimeout === undefined ? {} : { commandTimeout }),
	});
	t.teardown(() => connection.close());
	const untilUp = () => eventually(() => connection.trouble() === undefined, { ...quick, what: "Redis answers" });
	return { connection, logged, ups, untilUp };
};

const serving = async (t: Test, reply: Reply, tls?: { cert: string; key: string }) => {
	const server = await startFakeRedis(reply, tls);
	t.teardown(() => server.close());
	return server;
};

t.test("it names itself, chooses its database, and runs scripts on one key", async (t) => {
	const server = await serving(t, ([name]) => (name?.toUpperCase() === "EVAL" ? ":7\r\n" : OK));
	const { connection, logged, ups, untilUp } = await connected(t, server.port, {
		username: "user",
		password: "pass-word",
		database: 3,
	});
	t.equal(connection.trouble(), "not connected yet");
	await t.rejects(connection.run("script", "key"), { message: "Redis: not connected yet" });
	await untilUp();
	t.ok(server.commands.includes("auth user pass-word"));
	t.ok(server.commands.includes("select 3"));
	t.notOk(server.commands.some((command) => /^client/i.test(command)));
	t.equal(await connection.run("the script", "the key", "token", 15), 7);
	t.equal(server.commands.at(-1), "eval the script 1 the key token 15");
	t.strictSame(ups, [false, true]);
	t.strictSame(logged, ['info Redis answers: a lock per object {"database":3}']);
});

t.test("without a password or database it sends neither", async (t) => {
	const server = await serving(t, () => OK);
	const { untilUp } = await connected(t, server.port);
	await untilUp();
	t.notOk(server.commands.some((command) => /^(auth|select)/i.test(command)));
});

t.test("a refusal is an answer: told once, until something works again", async (t) => {
	let answer = "-OOM command not allowed when used memory > 'maxmemory' secret\r\n";
	const server = await serving(t, ([name]) => (name?.toUpperCase() === "EVAL" ? answer : OK));
	const { connection, logged, ups, untilUp } = await connected(t, server.port);
	await untilUp();
	await t.rejects(connection.run("s", "k"), { message: "Redis: OOM" });
	await t.rejects(connection.run("s", "k"), { message: "Redis: OOM" });
	t.equal(connection.trouble(), "OOM");
	t.strictSame(logged.slice(1), [
		`warn --redis-host: Redis at 127.0.0.1:${server.port} gives no locks (OOM); the controller continues without them {"reason":"OOM"}`,
	]);
	t.strictSame(ups, [false, true], "it is up all the same");
	t.equal(server.connections(), 1);
	answer = ":1\r\n";
	t.equal(await connection.run("s", "k"), 1);
	t.equal(connection.trouble(), undefined);
	t.notMatch(logged.join(), /secret/);
});

t.test("a master that became a replica is left for a new connection", async (t) => {
	let answer = "-READONLY You can't write against a read only replica.\r\n";
	const server = await serving(t, ([name]) => (name?.toUpperCase() === "EVAL" ? answer : OK));
	const { connection, untilUp } = await connected(t, server.port);
	await untilUp();
	await t.rejects(connection.run("s", "k"), { message: "Redis: READONLY" });
	answer = ":1\r\n";
	await eventually(() => server.connections() === 2, { ...quick, what: "it has connected again" });
	t.equal(await eventually(() => connection.run("s", "k"), { ...quick, what: "the new connection works" }), 1);
	t.equal(connection.trouble(), undefined);
});

t.test("another refusal is no reason for a new connection", async (t) => {
	const server = await serving(t, ([name]) => (name?.toUpperCase() === "EVAL" ? "-NOPERM READONLY no\r\n" : OK));
	const { connection, untilUp } = await connected(t, server.port);
	await untilUp();
	await t.rejects(connection.run("s", "k"), { message: "Redis: NOPERM" });
	await t.rejects(connection.run("s", "k"), { message: "Redis: NOPERM" });
	t.equal(server.connections(), 1);
});

t.test("no answer in time: the connection is given up, and another one works", async (t) => {
	let answer: string | undefined;
	const server = await serving(t, ([name]) => (name?.toUpperCase() === "EVAL" ? answer : OK));
	const { connection, logged, ups, untilUp } = await connected(t, server.port, {}, 100);
	await untilUp();
	await t.rejects(connection.run("s", "k"), { message: "Redis: no answer in time" });
	t.ok(ups.includes(false));
	t.match(logged[1], "no answer in time");
	answer = ":1\r\n";
	await eventually(() => server.connections() === 2, { ...quick, what: "it has connected again" });
	await untilUp();
	t.equal(await connection.run("s", "k"), 1);
	t.strictSame(ups, [false, true, false, true]);
});

t.test("a connection that ends is down at once, told once, and made anew", async (t) => {
	const server = await serving(t, ([name]) => (name?.toUpperCase() === "EVAL" ? ":1\r\n" : OK));
	const { connection, logged, ups, untilUp } = await connected(t, server.port);
	await untilUp();
	server.drop();
	await eventually(() => connection.trouble() !== undefined, { ...quick, what: "it is down" });
	t.equal(connection.trouble(), "connection closed");
	await t.rejects(connection.run("s", "k"), { message: "Redis: connection closed" });
	await untilUp();
	t.equal(await connection.run("s", "k"), 1);
	t.strictSame(ups, [false, true, false, true]);
	t.strictSame(
		logged.map((line) => line.split(" {")[0]),
		[
			"info Redis answers: a lock per object",
			`warn --redis-host: Redis at 127.0.0.1:${server.port} gives no locks (connection closed); the controller continues without them`,
			"info Redis answers: a lock per object",
		],
	);
});

t.test("nobody listens: tried again and again, told once, and nothing piles up", async (t) => {
	const server = await serving(t, () => OK);
	const { port } = server;
	await server.close();
	const { connection, logged, ups } = await connected(t, port);
	await eventually(() => ups.length >= 4, { ...quick, what: "it was tried again" });
	t.equal(connection.trouble(), "ECONNREFUSED");
	await t.rejects(connection.run("s", "k"), { message: "Redis: ECONNREFUSED" });
	t.strictSame(logged, [
		`warn --redis-host: Redis at 127.0.0.1:${port} gives no locks (ECONNREFUSED); the controller continues without them {"reason":"ECONNREFUSED"}`,
	]);
});

t.test("after its end it does not come back", async (t) => {
	const server = await serving(t, () => OK);
	const { connection, untilUp, logged } = await connected(t, server.port);
	await untilUp();
	connection.close();
	await eventually(() => server.open() === 0, { ...quick, what: "the connection is closed" });
	t.equal(logged.length, 1, "its own end is no trouble");
	await t.rejects(connection.run("s", "k"));
	t.equal(server.connections(), 1);
});

t.test("sentinels are asked for the master, by their own password", async (t) => {
	const master = await serving(t, ([name]) =>
		name?.toUpperCase() === "EVAL" ? ":1\r\n" : name?.toUpperCase() === "ROLE" ? list("master") : OK,
	);
	const sentinel = await serving(t, ([name, what]) => {
		if (name?.toLowerCase() !== "sentinel") return OK;
		return what === "get-master-addr-by-name" ? list("127.0.0.1", String(master.port)) : "*0\r\n";
	});
	const { connection, untilUp } = await connected(t, sentinel.port, {
		password: "of-the-master",
		sentinel: { master: "mine", password: "of-sentinels" },
	});
	await untilUp();
	t.ok(sentinel.commands.includes("sentinel get-master-addr-by-name mine"));
	t.ok(sentinel.commands.includes("auth of-sentinels"));
	t.ok(master.commands.includes("auth of-the-master"));
	t.equal(await connection.run("s", "k"), 1);
	t.ok(master.commands.at(-1)?.startsWith("eval s 1 k"));
});

t.test("TLS, by the authority that is given", async (t) => {
	const folder = t.testdir({});
	const pair = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });
	const server = await serving(t, () => OK, { cert: pair.certificate, key: pair.key });
	const caFile = join(folder, "ca.crt");
	writeFileSync(caFile, pair.authority);
	const { untilUp } = await connected(t, server.port, { tls: { caFile } });
	await untilUp();
	t.equal(server.connections(), 1);
	const other = await connected(t, server.port, { tls: { caFile: undefined } });
	await eventually(() => other.connection.trouble() !== "not connected yet", { ...quick, what: "it was refused" });
	t.match(other.connection.trouble(), /CERT|SELF_SIGNED|ISSUER|SIGNATURE/, "a public authority does not know it");
	await t.rejects(connected(t, server.port, { tls: { caFile: "/nowhere/ca.crt" } }), {
		name: "FlagValueError",
		flag: "--redis-ca-file",
		message:
			'--redis-ca-file: Invalid value: "/nowhere/ca.crt": file or folder not found (ENOENT); give a readable file with the PEM certificates of the authorities',
		cause: { code: "ENOENT" },
	});
});
