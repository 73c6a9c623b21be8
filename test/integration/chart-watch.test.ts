// `watchNamespaces`: two namespaces of three. In these the controller works, with a Role in each; of the third it may read
// nothing, and what is written there is not sent to it.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { startOwnSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { callsOf } from "./support/calls.ts";
import { startHelm } from "./support/chart.ts";
import { manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { ACCOUNT, startRelease } from "./support/release.ts";

const session = await startOwnSession(t, { audit: true });
const helm = await startHelm(t, session.plane.kubeconfig);
const WATCHED = ["team-a", "team-b"];
const ALL = [...WATCHED, "team-c"];
await session.apply(manifest(...ALL.map((name) => namespace(name))));
await startRelease(session, helm, "self-managed", { watchNamespaces: WATCHED });
await session.apply(manifest(template("simple")));
for (const name of ALL)
	await session.apply(manifest(secret("vars", { "Params.password": "not-a-real-password" }, { namespace: name })));

const conditionsOf = async (name: string): Promise<unknown[]> => {
	const { status }: ScheduledBackup = await session.json(`get scheduledbackup app -n ${name}`);
	return status?.conditions ?? [];
};

const broken = (name: string) => manifest(scheduledBackup("app", { vars: "Params: {}\n" }, { namespace: name }));

t.test("what is wrong is refused where it is watched, and stored where it is not", async (t) => {
	for (const name of WATCHED) t.match((await session.kubectl("apply -f -", broken(name))).stderr, /"host"/, name);
	t.equal((await session.kubectl("apply -f -", broken("team-c"))).code, 0);
});

t.test("ScheduledBackups are reconciled where they are watched", async (t) => {
	for (const name of WATCHED) {
		await session.apply(manifest(scheduledBackup("app", {}, { namespace: name })));
		await eventually(async () => JSON.stringify(await conditionsOf(name)).includes('"Ready"'), {
			what: `${name} is Ready`,
		});
		t.ok(await session.json(`get cronjob app -n ${name}`), name);
	}
	t.same(await conditionsOf("team-c"), []);
	t.notOk(await session.json("get cronjob app -n team-c"));
});

t.test("nothing was forbidden, and elsewhere nothing is allowed", async (t) => {
	const { forbidden } = await callsOf(session, ACCOUNT);
	t.same(forbidden, []);
	const questions = ["get secrets", "list jobs.batch", "list scheduledbackups.riotkit.org", "create configmaps"];
	for (const question of questions) {
		const may = async (name: string): Promise<string> =>
			(await session.kubectl(`auth can-i ${question} -n ${name} --as=${ACCOUNT}`)).stdout.trim();
		t.same(await Promise.all(ALL.map(may)), ["yes", "yes", "no"], question);
	}
	const own = async (question: string): Promise<string> =>
		(await session.kubectl(`auth can-i ${question} -n backups --as=${ACCOUNT}`)).stdout.trim();
	t.equal(await own("get secrets"), "no", "not in the release's own namespace either");
});
