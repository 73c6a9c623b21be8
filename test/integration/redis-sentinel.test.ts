// Locks where Redis fails over: a master, a replica of it and a sentinel, all real.
import t, { type Test } from "tap";
import { eventually } from "../cluster/wait.ts";
import { addressOf, KEY, PASSWORD, replica } from "../redis/replica.ts";
import { startRedis } from "../redis/server.ts";

/** A master, a replica of it, and a sentinel that needs nobody's agreement; all with passwords. */
const startSentinel = async (t: Test) => {
	const auth = [`masterauth ${PASSWORD}`, "repl-diskless-sync-delay 0"];
	const master = await startRedis(t, { password: PASSWORD, lines: auth });
	const second = await startRedis(t, { password: PASSWORD, lines: [...auth, `replicaof 127.0.0.1 ${master.port}`] });
	const sentinel = await startRedis(t, {
		password: `${PASSWORD}-sentinel`,
		sentinel: true,
		lines: [
			`sentinel monitor main 127.0.0.1 ${master.port} 1`,
			`sentinel auth-pass main ${PASSWORD}`,
			"sentinel down-after-milliseconds main 500",
			"sentinel failover-timeout main 3000",
		],
	});
	await eventually(async () => /master_link_status:up/.test(await second.cli("info", "replication")), {
		what: "the replica follows the master",
	});
	await eventually(async () => /slaves=1/.test(await sentinel.cli("info", "sentinel")), {
		what: "the sentinel knows the replica",
	});
	return { master, second, sentinel };
};

await t.test("the sentinels' master dies: locks are in the next one", async (t) => {
	const { master, second, sentinel } = await startSentinel(t);
	const access = { password: PASSWORD, sentinel: { master: "main", password: `${PASSWORD}-sentinel` } };
	const [one, two] = [
		await replica(t, addressOf(sentinel, access), 3_000),
		await replica(t, addressOf(sentinel, access), 3_000),
	];
	await Promise.all([one.untilUp(), two.untilUp()]);
	const lock = await one.held();
	t.equal(await master.cli("exists", KEY), "1");
	await master.kill();
	await eventually(() => one.up() === false, { what: "the master is known to be down" });
	t.equal((await one.acquire()).type, "unknown");
	await lock.release();
	const next = await one.held();
	t.equal(await second.cli("exists", KEY), "1");
	await eventually(async () => (await two.acquire()).type === "busy", { what: "the other replica is there as well" });
	await next.release();
	t.notMatch(JSON.stringify([one.logs, two.logs]), PASSWORD);
});

await t.test("the sentinels' master becomes a replica", async (t) => {
	const { second, sentinel } = await startSentinel(t);
	const access = { password: PASSWORD, sentinel: { master: "main", password: `${PASSWORD}-sentinel` } };
	const one = await replica(t, addressOf(sentinel, access), 3_000);
	await (await one.held()).release();
	await sentinel.cli("sentinel", "failover", "main");
	await eventually(async () => /role:master/.test(await second.cli("info", "replication")), { what: "failover" });
	await eventually(
		async () => {
			const lock = await one.held();
			const isThere = (await second.cli("exists", KEY)) === "1";
			await lock.release();
			return isThere;
		},
		{ what: "locks are in the new master" },
	);
	t.pass("they are");
});
