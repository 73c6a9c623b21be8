// The Lease's times at their defaults, which other tests shorten: a leader that is killed is replaced when its Lease has
// expired, 15 seconds after its last renewal, and neither before nor much later.
import t from "tap";
import type { Lease } from "../../src/api/kubernetes.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { prepareReplicas } from "../replicas/replicas.ts";
import { leaderOf, untilLeader } from "../replicas/scenarios.ts";

const session = await startSession(t);
const { plane, folder } = session;
const replicas = await prepareReplicas(t, { plane, folder, flags: ["--leader-elect"] });
await replicas.start();
await replicas.start();

/** The Lease as each replica wrote it, by the replica's name. */
const writtenBy = (name: string): Lease[] =>
	replicas.leases.changes
		.map(({ object }) => object)
		.filter(({ spec }) => spec?.holderIdentity?.startsWith(`${name}_`));
const renewed = (lease: Lease | undefined): number => Date.parse(String(lease?.spec?.renewTime ?? ""));

t.test("a leader that is killed is replaced 15 s after its last renewal", async (t) => {
	const leader = await leaderOf(replicas);
	await eventually(() => writtenBy(leader.name).length >= 3, { what: "the leader has renewed the Lease twice" });
	const [before = 0, after = 0] = writtenBy(leader.name).slice(-2).map(renewed);
	// The pause is measured by the steady clock, these times by the other one.
	t.ok(after - before >= 1990, `renewed after ${after - before} ms`);
	const from = Date.now();
	await leader.controller.kill();
	const seconds = await untilLeader(replicas, leader.name, from);
	t.ok(seconds <= 20, `another one led after ${seconds} s`);
	const last = writtenBy(leader.name).at(-1);
	const next = writtenBy(replicas.leader() ?? "")[0];
	t.equal(last?.spec?.leaseDurationSeconds, 15);
	t.equal(next?.spec?.leaseDurationSeconds, 15);
	t.ok(
		renewed(next) - renewed(last) >= 14_990,
		`taken over ${renewed(next) - renewed(last)} ms after the last renewal`,
	);
});
