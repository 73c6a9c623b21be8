// The cluster misbehaves: conflicts, cut connections, an API server that restarts, a controller that is down.
import t, { type Test } from "tap";
import type { Job } from "../../src/api/kubernetes.ts";
import { watchKind } from "../cluster/api.ts";
import { startProxy } from "../cluster/proxy.ts";
import { startOwnSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { action, manifest, namespace, PREREQUISITES, scheduledBackup, secret } from "./support/objects.ts";

const session = await startOwnSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
const controller = await session.controller({ kubeconfig: proxy.kubeconfig });
await session.apply(PREREQUISITES);

const ready = async (name: string, space = "default"): Promise<void> => {
	const { code, stderr } = await session.kubectl(
		`wait --for=condition=Ready scheduledbackup/${name} -n ${space} --timeout=240s`,
	);
	if (code !== 0) throw new Error(stderr);
};

const isWrite = ({ method }: { method: string }) => method !== "GET";
const status = (code: number, reason: string) => ({
	kind: "Status",
	apiVersion: "v1",
	status: "Failure",
	reason,
	code,
});

t.test("a storm of conflicts and refusals: every other write fails, all converge", async (t) => {
	// Counted per object: one count for all would let an object whose tries are even in number fail for ever.
	const tries = new Map<string, number>();
	let refused = 0;
	const storm = [
		{ status: 409, body: status(409, "Conflict") },
		{ status: 503, body: status(503, "ServiceUnavailable"), headers: { "retry-after": "1" } },
		{ status: 429, body: status(429, "TooManyRequests"), headers: { "retry-after": "1" } },
		{ status: 500, body: status(500, "InternalError") },
	];
	proxy.decide = (seen) => {
		if (!isWrite(seen) || seen.path.includes("accessreviews")) return { type: "pass" };
		const name = seen.body === "" ? "" : (JSON.parse(seen.body).metadata?.name ?? "");
		const request = `${seen.method} ${seen.path} ${name}`;
		const count = (tries.get(request) ?? 0) + 1;
		tries.set(request, count);
		if (count % 2 === 0) return { type: "pass" };
		refused += 1;
		const answer = storm[refused % storm.length];
		return answer === undefined ? { type: "pass" } : { type: "answer", ...answer };
	};
	const names = Array.from({ length: 8 }, (_, index) => `storm-${index}`);
	await session.apply(manifest(...names.map((name) => scheduledBackup(name))));
	for (const name of names) await ready(name);
	proxy.decide = () => ({ type: "pass" });
	t.ok(refused >= names.length, `${refused} writes were refused`);
	for (const name of names) {
		const children = await session.json(`get cronjobs,configmaps -l riotkit.org/scheduled-backup=${name}`);
		t.equal(children.items.length, 3, `${name}: nothing doubled`);
	}
});

t.test("connections that are cut: watches go on, and miss nothing", async (t) => {
	for (let round = 0; round < 5; round += 1) {
		proxy.cut();
		await session.apply(manifest(scheduledBackup(`cut-${round}`)));
		await ready(`cut-${round}`);
	}
	t.match(
		await controller.metrics(),
		/^backup_maker_controller_watch_restarts_total\{[^}]*\} [1-9]/m,
		"restarts are counted",
	);
});

t.test("an answer that is lost: a write that was stored is not done twice", async (t) => {
	let lost = 0;
	proxy.decide = (seen) => {
		if (!isWrite(seen) || seen.path.includes("accessreviews") || seen.path.includes("/events")) return { type: "pass" };
		lost += 1;
		return lost <= 6 ? { type: "dropAnswer" } : { type: "pass" };
	};
	await session.apply(manifest(scheduledBackup("lost")));
	await ready("lost");
	proxy.decide = () => ({ type: "pass" });
	t.ok(lost > 0);
	const children = await session.json("get cronjobs,configmaps -l riotkit.org/scheduled-backup=lost");
	t.equal(children.items.length, 3);
});

/**
 * Interrupts the controller's watch of a collection, such as `/apis/batch/v1/jobs`, until the test ends.
 * @returns lets it continue with a new list, as after 410; the watch that goes before it is answered once
 */
const interrupted = (t: Test, collection: string): (() => void) => {
	const ofCollection = ({ method, path }: { method: string; path: string }) =>
		method === "GET" && path.split("?")[0] === collection;
	t.teardown(() => {
		proxy.decide = () => ({ type: "pass" });
	});
	proxy.decide = (seen) => ({ type: ofCollection(seen) ? "drop" : "pass" });
	proxy.cut();
	return () => {
		let expired = false;
		proxy.decide = (seen) => {
			if (expired || !ofCollection(seen) || !seen.path.includes("watch=")) return { type: "pass" };
			expired = true;
			return { type: "answer", status: 410, body: status(410, "Expired") };
		};
	};
};

t.test("a CronJob that is created and deleted while its watch is interrupted is created again", async (t) => {
	const listAgain = interrupted(t, "/apis/batch/v1/cronjobs");
	await session.apply(manifest(scheduledBackup("unseen")));
	await ready("unseen");
	await session.kubectl("delete cronjob unseen");
	listAgain();
	const created = () => session.json("get cronjob unseen");
	t.ok(await eventually(created, { what: "its absence from the next list is noticed" }));
});

t.test(
	"a restore whose Job is created and deleted while its watch is interrupted fails, and does not run again",
	async (t) => {
		await session.apply(manifest(scheduledBackup("restored")));
		await ready("restored");
		const jobs = await watchKind<Job>(session.plane, "/apis/batch/v1/jobs");
		t.teardown(() => jobs.stop());
		const listAgain = interrupted(t, "/apis/batch/v1/jobs");
		await session.apply(manifest(action("again", "restored", { action: "restore" })));
		const started = () => jobs.list("default").find(({ spec }) => spec?.suspend === false);
		const job = await eventually(started, { what: "the Job of the restore is started" });
		await session.kubectl(["delete", "job", job.metadata?.name ?? ""]);
		listAgain();
		const statusOf = async () => (await session.json("get requestedbackupaction again")).status;
		await eventually(async () => (await statusOf())?.phase === "Failed", { what: "the deleted Job is noticed" });
		t.equal((await statusOf()).failureReason, "JobDeleted");
		// Another action of the same ScheduledBackup waits for the one before it.
		await session.apply(manifest(action("next", "restored")));
		const next = () => jobs.list("default").some(({ metadata }) => metadata?.uid !== job.metadata?.uid);
		await eventually(next, { what: "the next action has a Job" });
		const ofRestore = jobs.ever("default").filter(({ metadata }) => metadata?.name === job.metadata?.name);
		t.strictSame(
			ofRestore.map(({ metadata }) => metadata?.uid),
			[job.metadata?.uid],
		);
	},
);

t.test("the API server restarts: the controller goes on by itself", async (t) => {
	await session.plane.killApiServer();
	proxy.cut();
	await session.plane.startApiServer();
	await session.apply(manifest(scheduledBackup("after-restart")));
	await ready("after-restart");
	t.notOk(controller.ended(), "the process is the same");
	await session.kubectl("delete cronjob after-restart --wait=false");
	await eventually(async () => (await session.json("get cronjob after-restart")) !== undefined, {
		what: "drift is still repaired",
	});
});

t.test("no namespace is held when the webhook is down, and nothing unchecked gets in", async (t) => {
	await session.apply(
		manifest(
			namespace("down"),
			{ ...secret("vars", { "Params.password": "x" }), metadata: { name: "vars", namespace: "down" } },
			scheduledBackup("app", {}, { namespace: "down" }),
		),
	);
	await ready("app", "down");
	await controller.kill();
	const created = await session.kubectl("apply -f -", manifest(scheduledBackup("unchecked")));
	t.not(created.code, 0, "a create is refused while nobody checks");
	t.match(created.stderr, /failed calling webhook/);
	const labelled = await session.kubectl("label scheduledbackup app -n down team=a");
	t.equal(labelled.code, 0, `metadata may change: ${labelled.stderr}`);
	const deleted = await session.kubectl("delete namespace down --timeout=60s");
	t.equal(deleted.code, 0, deleted.stderr);
	const template = await session.kubectl("delete clusterbackupproceduretemplate simple");
	t.equal(template.code, 0, "a delete is not held either");
	const pod = await session.kubectl("create secret generic unrelated --from-literal=a=b");
	t.equal(pod.code, 0, "other kinds are none of our business");
});
