// What the integration tests stand on: a control plane that is as new after it was used, and answers that are kubectl's.
import t from "tap";
import { callApi } from "../cluster/api.ts";
import { resetTo, takeSnapshot } from "../cluster/reset.ts";
import { startOwnSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { awaitReady } from "./support/status.ts";

t.setTimeout(180_000);

const session = await startOwnSession(t);
const { plane } = session;
const names = async (kinds: string): Promise<string[]> =>
	((await session.json(`get ${kinds} -A`)).items as { metadata: { namespace?: string; name: string } }[])
		.map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`)
		.sort();
const KINDS =
	"namespaces,clusterroles,clusterrolebindings,customresourcedefinitions,validatingwebhookconfigurations,mutatingwebhookconfigurations,secrets,configmaps,serviceaccounts,cronjobs,jobs,pods";
/** Those of the control plane itself change all the time. */
const LEASES = "leases -n team";

t.test("after a reset the control plane is as it was, and can be used again and again", async (t) => {
	const before = await names(KINDS);
	const roleBefore = (await session.json("get clusterrole view")).rules;
	let snapshot = await takeSnapshot(plane.etcd);
	for (const round of [1, 2]) {
		const controller = await session.controller();
		const at = { namespace: "team" };
		await session.apply(
			manifest(
				template("simple"),
				namespace("team"),
				secret("vars", { "Params.password": "x" }, at),
				scheduledBackup("app", {}, at),
			),
		);
		await awaitReady(session, { namespace: "team", name: "app" });
		await session.kubectl("delete clusterrole view");
		t.ok((await names(KINDS)).length > before.length, `round ${round}: something is there`);
		await session.apply(
			manifest({
				apiVersion: "coordination.k8s.io/v1",
				kind: "Lease",
				metadata: { name: "leader", namespace: "team" },
			}),
		);
		await controller.kill();
		snapshot = await resetTo(plane.etcd, snapshot);
		await eventually(async () => JSON.stringify(await names(KINDS)) === JSON.stringify(before), {
			timeout: 20,
			what: "nothing is left, and nothing is missing",
		});
		t.same((await session.json(`get ${LEASES}`)).items, [], `round ${round}: no Lease is left`);
		t.same((await session.json("get clusterrole view")).rules, roleBefore, `round ${round}: what was deleted is back`);
		const isServed = async (): Promise<boolean> => {
			const { groups } = (await callApi(plane, "GET", "/apis")).body as { groups: { name: string }[] };
			return groups.some(({ name }) => name === "riotkit.org");
		};
		await eventually(async () => !(await isServed()), {
			timeout: 20,
			what: "our kinds are not served any more",
		});
	}
});

t.test("the answers are those of kubectl", async (t) => {
	await session.controller();
	const at = { namespace: "answers" };
	await session.apply(
		manifest(
			template("simple"),
			namespace("answers"),
			secret("vars", { "Params.password": "x" }, at),
			scheduledBackup("app", {}, at),
		),
	);
	await awaitReady(session, { namespace: "answers", name: "app" });
	const questions = [
		"get scheduledbackup -n answers app",
		"get scheduledbackups.riotkit.org -n answers app",
		"get cbpt simple",
		"get cm -n answers",
		"get crd scheduledbackups.riotkit.org",
		"get cronjobs,configmaps -n answers -l riotkit.org/scheduled-backup=app",
		"get secrets -n answers --field-selector metadata.name=vars",
		"get ns/answers",
		"get clusterrole view",
		"get deployments -A",
	];
	for (const question of questions) {
		const { stdout } = await session.kubectl(`${question} -o json`);
		const said = JSON.parse(stdout);
		// kubectl adds an empty resourceVersion to the lists that it puts together.
		if (said.kind === "List") delete said.metadata;
		// As JSON: a field that is undefined is one that is not there.
		t.same(JSON.parse(JSON.stringify(await session.json(question))), said, question);
	}
	t.equal(await session.json("get cronjob -n answers missing"), undefined);
	t.equal(await session.json("get namespace missing"), undefined);
	await t.rejects(session.json("get nonsense app"), { message: /doesn't have a resource type "nonsense"/ });
});
