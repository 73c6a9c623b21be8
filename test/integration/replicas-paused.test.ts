// A leader that is stopped by SIGSTOP for longer than its Lease, in the middle of its work, and continued: it must not write
// what it was about to write, although the answer that it waited for is there. (That no write is sent without a permit,
// whatever comes first, is held by test/kube/permission.test.ts.)
import { setImmediate as turn } from "node:timers/promises";
import t from "tap";
import { callApi } from "../cluster/api.ts";
import type { SeenRequest } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { action, manifest, namespace, scheduledBackup, secret, template } from "../integration/support/objects.ts";
import { prepareReplicas } from "../replicas/replicas.ts";
import { CALL_TIMEOUT, gaveBack, leaderOf, SHORT_LEASE, untilLeader } from "../replicas/scenarios.ts";
import { startKubelet } from "./support/kubelet.ts";

const SPACE = "paused";
/** More than the leader has workers. */
const ACTIONS = 24;
const session = await startSession(t);
const { plane, folder } = session;
const replicas = await prepareReplicas(t, {
	plane,
	folder,
	flags: [...SHORT_LEASE.flags, "--log-level=debug"],
	callTimeout: CALL_TIMEOUT,
});
const kubelet = await startKubelet(plane, () => 0);
t.teardown(() => kubelet.stop());
await replicas.start();
await replicas.start();
await eventually(() => replicas.service.ready().length === 2, { what: "the Service has both" });

/** The Lease and questions about rights are written by all replicas. */
const isWork = ({ method, path }: SeenRequest): boolean =>
	method !== "GET" && !/\/leases|subjectaccessreviews/.test(path);

await t.test("stopped while it waits for answers, and continued when another one leads", async (t) => {
	const inside = { namespace: SPACE };
	const targets = Array.from({ length: ACTIONS }, (_, index) => `app-${index}`);
	await session.apply(
		manifest(
			namespace(SPACE),
			template("simple"),
			secret("vars", { "Params.password": "not-a-real-password" }, inside),
			...targets.map((name) => scheduledBackup(name, {}, inside)),
		),
	);
	await eventually(
		() =>
			targets.every((name) =>
				replicas.backups
					.get(SPACE, name)
					?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
			),
		{ what: "all are Ready" },
	);
	const old = await leaderOf(replicas);
	const other = replicas.all.find((replica) => replica !== old)!;
	// Admission is the other one's: what waits at the leader is its work alone.
	replicas.service.only(other.controller);
	const released = Promise.withResolvers<void>();
	let held = 0;
	// The Job is made, and the answer waits here: the next thing to be done with it is a write (its UID, into status).
	old.proxy.decide = async (seen) => {
		if (seen.method !== "POST" || !seen.path.includes(`/namespaces/${SPACE}/jobs`)) return { type: "pass" };
		const { status, body } = await callApi(plane, "POST", seen.path, JSON.parse(seen.body));
		held += 1;
		await released.promise;
		return { type: "answer", status, body };
	};
	await session.apply(manifest(...targets.map((name) => action(`run-${name}`, name, { action: "restore" }, inside))));
	await eventually(() => held >= 8, { what: "the leader is in the middle of its work" });
	old.pause();
	const from = Date.now();
	const seconds = await untilLeader(replicas, old.name, from);
	t.ok(seconds <= SHORT_LEASE.takeover, `another one led after ${seconds} s`);
	t.equal(replicas.actions.list(SPACE).length, ACTIONS);
	await eventually(() => replicas.actions.list(SPACE).every(({ status }) => status?.phase === "Succeeded"), {
		what: "the new leader has done all of it",
		timeout: 120,
	});
	const before = old.proxy.requests.length;
	released.resolve();
	// The answers are written into the sockets of a process that stands still.
	for (let count = 0; count < 20; count += 1) await turn();
	old.resume();
	await eventually(async () => (await old.metric("leader")) === 0, { what: "it knows that it lost the Lease" });
	await eventually(async () => (await old.controller.log()).includes("lost the Lease"), { what: "it says so" });
	// It is awake and follows what happens: it has seen an object that was made after all that.
	await session.apply(manifest(scheduledBackup("later", {}, inside)));
	await eventually(() => replicas.backups.get(SPACE, "later")?.status?.observedGeneration === 1, {
		what: "the new leader reconciles",
	});
	t.equal(await old.controller.readyz(), 200, "and it serves admission");
	const writes = old.proxy.requests.slice(before).filter(isWork);
	t.same(
		writes.map(({ method, path }) => `${method} ${path}`),
		[],
		"no write after it was continued",
	);
});

await t.test("every restore ran once", async (t) => {
	t.equal(replicas.jobs.ever(SPACE).length, ACTIONS);
	t.equal(replicas.pods.ever(SPACE).length, ACTIONS);
});

await t.test("it can lead again, without a restart", async (t) => {
	const current = await leaderOf(replicas);
	const other = replicas.all.find((replica) => replica !== current)!;
	other.proxy.decide = () => ({ type: "pass" });
	replicas.service.only(other.controller);
	const from = Date.now();
	await current.controller.terminate();
	t.ok((await untilLeader(replicas, current.name, from)) <= 12);
	t.ok(gaveBack(replicas, current.name), "at once, since the Lease was given back");
	t.equal(replicas.leader(), other.name);
	const inside = { namespace: SPACE };
	await session.apply(manifest(action("again", "app-0", {}, inside)));
	await eventually(() => replicas.actions.get(SPACE, "again")?.status?.phase === "Succeeded", {
		what: "it works again",
	});
});
