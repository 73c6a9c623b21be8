// Three replicas of which one leads: all serve admission, one writes. The leader is killed, and later all are restarted
// one after the other, under a load of `kubectl apply`.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import {
	CALL_TIMEOUT,
	conclude,
	LOAD_PAUSE,
	leaderOf,
	moreJobs,
	rollingRestart,
	SHORT_LEASE,
	underLoad,
	untilLeader,
} from "../replicas/scenarios.ts";

const session = await startSession(t);
const { plane, folder } = session;
const options = { plane, folder, flags: SHORT_LEASE.flags, callTimeout: CALL_TIMEOUT };
const { replicas, load } = await underLoad(t, options, 3, LOAD_PAUSE);
const kills: number[] = [];
const takeovers: number[] = [];

await t.test("one leads, and all are ready", async (t) => {
	const leader = await leaderOf(replicas);
	for (const replica of replicas.all) {
		const isLeader = replica === leader;
		t.equal(await replica.controller.readyz(), 200, replica.name);
		t.equal(await replica.metric("leader"), isLeader ? 1 : 0);
		const ready = await (await fetch(`http://127.0.0.1:${replica.controller.ports.health}/readyz`)).text();
		t.match(ready, isLeader ? /^\[\+\]leader election ok: leads$/m : /^\[\+\]leader election ok: stands by, /m);
		const writes = replica.proxy.requests.filter(({ method, path }) => method !== "GET" && !path.includes("/leases"));
		const mayAsk = writes.filter(({ path }) => !path.includes("subjectaccessreviews"));
		t.equal(mayAsk.length > 0, isLeader, `${replica.name} wrote ${mayAsk.length} times`);
	}
});

await t.test("the leader is killed", async (t) => {
	const leader = await leaderOf(replicas);
	const from = Date.now();
	await leader.controller.kill();
	kills.push(from);
	const seconds = await untilLeader(replicas, leader.name, from);
	takeovers.push(seconds);
	t.ok(seconds <= SHORT_LEASE.takeover, `another one led after ${seconds} s`);
	await moreJobs(replicas);
});

await t.test("a rolling restart", async (t) => {
	await replicas.start();
	const seconds = await rollingRestart({
		...replicas,
		all: replicas.all.filter(({ controller }) => !controller.ended()),
	});
	takeovers.push(...seconds);
	t.ok(seconds.length >= 1, "the leader was among them");
	for (const one of seconds) t.ok(one <= 12, `another one led after ${one} s`);
});

await t.test("no apply failed, no action was lost or doubled", async (t) => {
	const figures = await conclude(replicas, load, { kills, takeovers });
	t.comment(JSON.stringify({ ...figures, failedApplies: figures.failedApplies.length }));
	t.ok(figures.applies > 20);
	t.same(figures.failedOnSurvivors, []);
	t.same(figures.lost, []);
	t.same(figures.doubled, []);
	const alive = replicas.all.filter(({ controller }) => !controller.ended());
	await eventually(
		async () => {
			const counts = await Promise.all(alive.map((replica) => replica.metric("leader")));
			return counts.filter((count) => count === 1).length === 1;
		},
		{ what: "one leads" },
	);
});
