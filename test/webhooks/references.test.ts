// Where admission's facts come from: the API server, where not being there is an answer and failing is not; and stores.
import t from "tap";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { NotFoundError, UnavailableError } from "../../src/kube/errors.ts";
import type { Kube, ObjectKey, Store } from "../../src/kube/port.ts";
import { liveReferences } from "../../webhooks/references.ts";
import { watchedOf } from "../../webhooks/watched.ts";
import { actionOf, scheduledBackupOf, secretOf, templateOf } from "./world.ts";

const done = (action: RequestedBackupAction, phase: "Succeeded" | "Failed" | "Running"): RequestedBackupAction => ({
	...action,
	status: { phase },
});

const objects: Record<string, KubernetesObject> = {
	"Secret default/vars": secretOf("vars", {}),
	"ClusterBackupProcedureTemplate /pg13": templateOf("pg13", "true"),
	"ScheduledBackup default/app1": scheduledBackupOf("app1"),
	"Namespace /default": { metadata: { name: "default", labels: { team: "a" } } },
	"Namespace /bare": { metadata: { name: "bare" } },
};
const actions = [
	actionOf("new"),
	done(actionOf("running"), "Running"),
	done(actionOf("done"), "Succeeded"),
	done(actionOf("failed"), "Failed"),
	actionOf("other", { scheduledBackupRef: { name: "app2" } }),
];

const kube: Pick<Kube, "get" | "list"> = {
	get: <T extends KubernetesObject>(kind: { kind: string }, { namespace = "", name }: ObjectKey) => {
		if (name === "broken") return Promise.reject(new UnavailableError("no answer", { operation: "get" }));
		const found = objects[`${kind.kind} ${namespace}/${name}`];
		if (found === undefined) return Promise.reject(new NotFoundError("no", { operation: "get", status: 404 }));
		return Promise.resolve(found as T);
	},
	list: <T extends KubernetesObject>() => Promise.resolve(actions as KubernetesObject[] as T[]),
};

t.test("live", async (t) => {
	const live = liveReferences(kube);
	t.match(await live.secret("default", "vars"), { metadata: { name: "vars" } });
	t.equal(await live.secret("default", "gone"), undefined);
	await t.rejects(live.secret("default", "broken"), UnavailableError);
	t.match(await live.template("pg13"), { metadata: { name: "pg13" } });
	t.match(await live.scheduledBackup("default", "app1"), { metadata: { name: "app1" } });
	t.same(await live.namespaceLabels("default"), { team: "a" });
	t.same(await live.namespaceLabels("bare"), {});
	t.same(await live.namespaceLabels("gone"), {});
	const unfinished = await live.unfinishedActions("default", "app1");
	t.same(
		unfinished.map(({ metadata }) => metadata.name),
		["new", "running"],
	);
});

const storeOf = <T extends KubernetesObject>(items: T[]): Store<T> => ({
	synced: true,
	list: () => items,
	get: ({ namespace, name }) =>
		items.find((item) => item.metadata?.name === name && item.metadata.namespace === namespace),
	byIndex: (index, value) => (`${index}=${value}` === "actions=default/app1" || value === "pg13" ? items : []),
});

t.test("watched", async (t) => {
	const stores = {
		scheduledBackups: storeOf([scheduledBackupOf("app1")]),
		templates: storeOf([templateOf("pg13", "true")]),
		actions: storeOf(actions.slice(0, 4)),
	};
	const watched = watchedOf(stores, { byTemplate: "template", byScheduledBackup: "actions" });
	t.match(watched.template("pg13"), { kind: "ClusterBackupProcedureTemplate" });
	t.match(watched.scheduledBackup("default", "app1"), { kind: "ScheduledBackup" });
	t.equal(watched.scheduledBackup("other", "app1"), undefined);
	t.equal(watched.unfinishedActions("default", "app1").length, 2);
	t.equal(watched.dependents("pg13").length, 1);
	t.equal(watched.facts("default", "app1"), undefined);
});
