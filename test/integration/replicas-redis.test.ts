// Replicas that all work, with locks in a real Redis: they share the load; one is killed, Redis is emptied, stopped and
// killed, under a load of `kubectl apply`, and nothing is lost or done twice.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { startRedis } from "../redis/server.ts";
import type { Replica } from "../replicas/replicas.ts";
import { CALL_TIMEOUT, conclude, LOAD_PAUSE, moreJobs, rollingRestart, underLoad } from "../replicas/scenarios.ts";

const PASSWORD = "redis-pass-word-that-must-not-leak";
const session = await startSession(t);
const { plane, folder } = session;
const redis = await startRedis(t, { password: PASSWORD });
const flags = [`--redis-host=127.0.0.1:${redis.port}`];
const { replicas, load } = await underLoad(
	t,
	{ plane, folder, flags, env: { REDIS_PASSWORD: PASSWORD }, callTimeout: CALL_TIMEOUT },
	2,
	LOAD_PAUSE,
);
const kills: number[] = [];

const madeJobs = ({ proxy }: Replica): number =>
	proxy.requests.filter(({ method, path }) => method === "POST" && /\/jobs(\?|$)/.test(path)).length;
const detail = async ({ controller }: Replica): Promise<string> =>
	/^\[\+\]redis ok: (.*)$/m.exec(
		await (await fetch(`http://127.0.0.1:${controller.ports.health}/readyz`)).text(),
	)?.[1] ?? "";
const alive = (): Replica[] => replicas.all.filter(({ controller }) => !controller.ended());

await t.test("both work, and share the load", async (t) => {
	await eventually(() => replicas.all.every((replica) => madeJobs(replica) > 0), { what: "both made Jobs" });
	for (const replica of replicas.all) {
		t.equal(await replica.controller.readyz(), 200);
		// On a busy machine an answer of Redis may have been late.
		await eventually(async () => (await detail(replica)) === "up", { what: "Redis is used" });
		await eventually(async () => (await replica.metric("redis_up")) === 1, { what: "the metric says so" });
		t.equal(await replica.metric("leader"), undefined);
		t.match(await replica.controller.metrics(), /backup_maker_controller_locks_total\{result="acquired"\} [1-9]/);
	}
});

await t.test("emptied", async (t) => {
	await redis.cli("flushall");
	await t.resolves(moreJobs(replicas));
});

await t.test("stopped: work goes on without locks, and readiness says so", async (t) => {
	redis.pause();
	for (const replica of replicas.all)
		await eventually(async () => /working without locks$/.test(await detail(replica)), { what: "readiness says so" });
	await moreJobs(replicas);
	for (const replica of replicas.all) {
		t.equal(await replica.controller.readyz(), 200);
		t.equal(await replica.metric("redis_up"), 0);
	}
	redis.resume();
	for (const replica of replicas.all)
		await eventually(async () => (await detail(replica)) === "up", { what: "it is used again" });
});

await t.test("killed, and started again", async (t) => {
	await redis.kill();
	await moreJobs(replicas);
	await redis.restart();
	for (const replica of replicas.all)
		await eventually(async () => (await detail(replica)) === "up", { what: "it is used again" });
	await t.resolves(moreJobs(replicas));
});

await t.test("a replica is killed: the other one goes on without a pause", async (t) => {
	const [first] = alive();
	kills.push(Date.now());
	await first?.controller.kill();
	await t.resolves(moreJobs(replicas));
});

await t.test("a rolling restart", async (t) => {
	await replicas.start();
	await rollingRestart({ ...replicas, all: alive() });
	t.equal(alive().length >= 2, true);
});

await t.test("no apply failed, no action was lost or doubled, no password was told", async (t) => {
	const figures = await conclude(replicas, load, { kills });
	t.comment(JSON.stringify({ ...figures, failedApplies: figures.failedApplies.length }));
	t.same(figures.failedOnSurvivors, []);
	t.same(figures.lost, []);
	t.same(figures.doubled, []);
	for (const { controller } of replicas.all) t.notMatch(await controller.log(), PASSWORD);
});
