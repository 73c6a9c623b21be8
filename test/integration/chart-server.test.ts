// What the chart renders, judged by a real API server: every field known, every expression compiled, every name allowed; and
// its pod admitted where pod security is `restricted`.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { find, startHelm } from "./support/chart.ts";
import { VALUE_SETS } from "./support/chartvalues.ts";
import { CERT_MANAGER, foreign } from "./support/foreign.ts";
import { namespace } from "./support/objects.ts";

const session = await startSession(t);
const helm = await startHelm(t, session.plane.kubeconfig);

const json = (objects: readonly object[]): string => JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });

await session.apply(
	json([
		...CERT_MANAGER,
		foreign("monitoring.coreos.com", "ServiceMonitor", "servicemonitors"),
		foreign("monitoring.coreos.com", "PrometheusRule", "prometheusrules"),
		...["team-a", "team-b"].map((name) => namespace(name)),
		namespace("backups", { "pod-security.kubernetes.io/enforce": "restricted" }),
	]),
);
await session.kubectl("wait --for=condition=Established crd --all --timeout=60s");

t.test("the API server takes every object of every set of values", async (t) => {
	for (const [name, values] of Object.entries(VALUE_SETS)) {
		const objects = await helm.template(values);
		const { code, stdout, stderr } = await session.kubectl(
			"apply --server-side --dry-run=server --validate=strict -f -",
			json(objects),
		);
		t.equal(code, 0, `${name}: ${stderr}`);
		t.equal(stdout.trim().split("\n").length, objects.length, `${name}: ${objects.length} objects`);
	}
});

t.test("the pod is admitted where pod security is restricted, and refused on the node's network", async (t) => {
	for (const [name, values] of Object.entries(VALUE_SETS)) {
		const { spec } = find(await helm.template(values), "Deployment")["spec"].template;
		await session.kubectl(`create serviceaccount ${spec.serviceAccountName} -n backups`);
		const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "pod", namespace: "backups" }, spec };
		const { code, stderr } = await session.kubectl("create --dry-run=server -f -", json([pod]));
		if (name === "host-network") t.match(stderr, /violates PodSecurity.*hostNetwork/, name);
		else t.equal(code, 0, `${name}: ${stderr}`);
	}
});
