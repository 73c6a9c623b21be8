// What the chart renders: files a person can read and review (`UPDATE_GOLDEN=1` writes them anew), the webhooks that the
// program itself would register, no right too many, and no value that is silently ignored.
import { readdirSync, readFileSync } from "node:fs";
import { dump, load, loadAll } from "js-yaml";
import t from "tap";
import { parseConfiguration } from "../../src/config.ts";
import { mutatingConfiguration, validatingConfiguration } from "../../webhooks/registration.ts";
import { compareWithFile } from "../golden/expected.ts";
import { CHART, find, type Manifest, startHelm } from "./support/chart.ts";
import { PEM, PROCEDURE, REFUSED, VALUE_SETS } from "./support/chartvalues.ts";

const helm = await startHelm(t);

const CRD = "CustomResourceDefinition";

const text = (objects: readonly Manifest[]): string =>
	objects
		.filter(({ kind }) => kind !== CRD)
		.map((object): [string, Manifest] => [
			`${object.kind}/${object.metadata?.namespace}/${object.metadata?.name}`,
			object,
		])
		.toSorted(([left], [right]) => (left < right ? -1 : 1))
		.map(([, object]) => `---\n${dump(object, { lineWidth: -1, noRefs: true })}`)
		.join("");

t.test("helm lint", async (t) => {
	for (const [name, values] of Object.entries(VALUE_SETS)) {
		const { code, stdout, stderr } = await helm.run(["lint", "--strict", CHART], values);
		t.equal(code, 0, `${name}: ${stdout}${stderr}`);
	}
});

t.test("golden renders", async (t) => {
	for (const [name, values] of Object.entries(VALUE_SETS)) {
		const file = `test/golden/charts/${name}.yaml`;
		const found = text(await helm.template(values));
		compareWithFile(t, found, { file, writtenBy: "test/integration/chart-render.test.ts" });
	}
	const wanted = Object.keys(VALUE_SETS).map((name) => `${name}.yaml`);
	t.same(readdirSync("test/golden/charts").toSorted(), wanted.toSorted(), "none is missing, none is left over");
});

t.test("values that cannot be are refused", async (t) => {
	for (const [name, values, words] of REFUSED) {
		const { code, stderr } = await helm.run(["template", "bmc", CHART], values);
		t.not(code, 0, name);
		t.match(stderr, words, name);
	}
});

/** Without what Helm adds and what the installation knows only when it runs. */
const registration = (object: Manifest): unknown =>
	JSON.parse(
		JSON.stringify(object["webhooks"], (key, value) =>
			key === "caBundle" || (key === "matchConditions" && value.length === 0) ? undefined : value,
		),
	);

t.test("the webhooks are those that the program registers", async (t) => {
	const objects = await helm.template();
	const address = { service: { name: "bmc-backup-maker-controller-webhook", namespace: "backups", port: 443 } };
	for (const wanted of [mutatingConfiguration(address, ""), validatingConfiguration(address, "")]) {
		t.same(registration(find(objects, wanted.kind)), registration(wanted as Manifest), wanted.kind);
		t.equal(find(objects, wanted.kind).metadata?.name, "bmc-backup-maker-controller");
	}
});

t.test("caBundle is rendered in mode provided, and nowhere where somebody else writes it", async (t) => {
	const given: Record<string, string> = {
		provided: Buffer.from(PEM).toString("base64"),
		"provided-system-roots": "",
	};
	for (const [name, values] of Object.entries(VALUE_SETS)) {
		const found = (await helm.template(values))
			.flatMap((object) => object["webhooks"] ?? [])
			.map(({ clientConfig }) => clientConfig.caBundle);
		t.equal(found.length, 3, name);
		t.same(new Set(found), new Set([given[name]]), name);
	}
	const encoded = Buffer.from(PEM).toString("base64");
	const certificates = { mode: "provided", provided: { secretName: "a", caBundle: encoded } };
	const rendered = find(await helm.template({ webhook: { certificates } }), "MutatingWebhookConfiguration");
	t.equal(rendered["webhooks"][0].clientConfig.caBundle, encoded, "base64 is taken as it is");
});

t.test("whatever the values: deletions are ignored, nothing but our kinds is sent", async (t) => {
	for (const [name, values] of Object.entries(VALUE_SETS)) {
		const hooks = (await helm.template(values)).flatMap((object) => object["webhooks"] ?? []);
		t.equal(hooks.length, 3, `${name}: mutate, validate, validate-delete`);
		for (const hook of hooks) {
			const operations = new Set(hook.rules.flatMap((rule: Manifest) => rule["operations"]));
			if (operations.has("DELETE"))
				t.same([operations.size, hook.failurePolicy], [1, "Ignore"], `${name} ${hook.name}`);
			for (const rule of hook.rules) {
				t.same(rule.apiGroups, ["riotkit.org"], `${name} ${hook.name}`);
				t.notMatch(rule.resources.join(), /[*/]/, `${name} ${hook.name}: no wildcard, no subresource`);
			}
		}
	}
});

t.test("every flag is one that the program takes", async (t) => {
	for (const [name, values] of Object.entries(VALUE_SETS)) {
		const { args, env } = find(await helm.template(values), "Deployment")["spec"].template.spec.containers[0];
		const names = Object.fromEntries(env.map((variable: { name: string }) => [variable.name, "as-given"]));
		const read = parseConfiguration(args, { ...names, KUBERNETES_SERVICE_HOST: "10.0.0.1" });
		t.equal(read.command, "run", `${name}: ${"message" in read ? read.message : ""}`);
	}
	const { args } = find(await helm.template(VALUE_SETS["everything"]), "Deployment")["spec"].template.spec
		.containers[0];
	t.match(
		parseConfiguration(args, { POD_NAMESPACE: "backups", REDIS_PASSWORD: "x", KUBERNETES_SERVICE_HOST: "10.0.0.1" }),
		{
			namespace: "backups",
			logLevel: "debug",
			webhookBindAddress: { port: 10443 },
			webhookClientAuthority: "/clients/ca.crt",
			metricsBindAddress: { port: 9090 },
			healthProbeBindAddress: { port: 9091 },
			leaderElection: undefined,
			requireRestoreRight: false,
			templatesDir: "/templates",
			installation: "backups.bmc-backup-maker-controller",
			jobDefaults: "/config/job-defaults.yaml",
			selfManaged: { secret: "bmc-backup-maker-controller-ca" },
		},
	);
});

interface Rule {
	apiGroups: string[];
	resources: string[];
	resourceNames?: string[];
	verbs: string[];
}

const rulesOf = (object: Manifest): Rule[] => object["rules"] ?? [];
const isRole = ({ kind }: Manifest): boolean => kind === "ClusterRole" || kind === "Role";

t.test("no role has a wildcard, a right to give rights, or a right to act as somebody else", async (t) => {
	for (const [name, values] of Object.entries(VALUE_SETS)) {
		const roles = (await helm.template(values)).filter(isRole);
		const { rbac } = values as { rbac?: { create?: boolean } };
		t.equal(roles.length > 0, rbac?.create !== false, `${name}: there are roles, where they are wanted`);
		for (const role of roles) {
			const words = rulesOf(role).flatMap((rule) => [...rule.apiGroups, ...rule.resources, ...rule.verbs]);
			t.notMatch(words.join(" "), /\*|escalate|bind|impersonate|rbac\.authorization/, `${name} ${role.metadata?.name}`);
		}
	}
});

/** `verb resource group`, of the tables of rights. */
const documented = (): string[] => {
	const page = readFileSync("docs/security.md", "utf8");
	const [, part = ""] = /^## What the controller needs\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(page) ?? [];
	const rows = [...part.matchAll(/^\| (core|`[^`]+`) \| (.*) \| (.*) \|$/gm)];
	return rows.flatMap(([, group = "", resources = "", verbs = ""]) =>
		[...resources.split(/[:(]/)[0]!.matchAll(/`([^`]+)`/g)].flatMap(([, resource]) =>
			(verbs.match(/\b(get|list|watch|create|update|patch|delete)\b/g) ?? []).map(
				(verb) => `${verb} ${resource} ${group === "core" ? "" : group.replaceAll("`", "")}`,
			),
		),
	);
};

t.test("the controller's rights are those of docs/security.md", async (t) => {
	const objects = await helm.template({ templates: { files: PROCEDURE } });
	const roles = objects.filter(
		({ kind, metadata }) => kind === "Role" || metadata?.name === "bmc-backup-maker-controller",
	);
	const granted = roles
		.filter(isRole)
		.flatMap(rulesOf)
		.flatMap(({ apiGroups, resources, verbs }) =>
			verbs.flatMap((verb) => resources.map((resource) => `${verb} ${resource} ${apiGroups[0]}`)),
		);
	t.same(granted.toSorted(), documented().toSorted());
});

t.test("with watchNamespaces nothing in a namespace may be touched elsewhere", async (t) => {
	const objects = await helm.template(VALUE_SETS["watch-namespaces"]);
	const inCluster = rulesOf(find(objects, "ClusterRole", "bmc-backup-maker-controller"));
	t.same(inCluster.flatMap(({ resources }) => resources).toSorted(), [
		"clusterbackupproceduretemplates",
		"mutatingwebhookconfigurations",
		"namespaces",
		"subjectaccessreviews",
		"validatingwebhookconfigurations",
	]);
	const namespaces = inCluster.find(({ resources }) => resources.includes("namespaces"));
	t.same(namespaces?.resourceNames, ["team-a", "team-b"]);
	const everywhere = rulesOf(find(await helm.template(), "ClusterRole", "bmc-backup-maker-controller"));
	for (const namespace of ["team-a", "team-b"]) {
		const role = objects.find((object) => object.kind === "Role" && object.metadata?.namespace === namespace);
		const wanted = everywhere.filter(({ resources }) => !inCluster.some((rule) => rule.resources[0] === resources[0]));
		t.same(role?.["rules"], wanted, `${namespace}: the same rights as elsewhere in the whole cluster`);
	}
	const selector = {
		matchExpressions: [
			{ key: "backups", operator: "Exists" },
			{ key: "kubernetes.io/metadata.name", operator: "In", values: ["team-a", "team-b"] },
		],
	};
	const hooks = objects.flatMap((object) => object["webhooks"] ?? []);
	t.same(
		hooks.map(({ namespaceSelector }) => namespaceSelector),
		[selector, selector, selector],
	);
});

t.test("CRDs are those of crds/, kept or not", async (t) => {
	const sources = readdirSync("crds").flatMap((file) => loadAll(readFileSync(`crds/${file}`, "utf8")) as Manifest[]);
	for (const keep of [true, false]) {
		const found = (await helm.template({ crds: { keep } })).filter(({ kind }) => kind === CRD);
		const kept = { "argocd.argoproj.io/sync-options": "Prune=false", "helm.sh/resource-policy": "keep" };
		const annotations = keep ? { annotations: kept } : {};
		const wanted = sources.map((source) => ({ ...source, metadata: { ...source.metadata, ...annotations } }));
		t.same(
			found.toSorted((a, b) => (String(a.metadata?.name) < String(b.metadata?.name) ? -1 : 1)),
			wanted,
		);
	}
	t.notMatch(JSON.stringify(await helm.template({ crds: { install: false } })), CRD);
	const options = { "argocd.argoproj.io/sync-options": "ServerSideApply=true" };
	for (const { metadata } of (await helm.template({ crds: { annotations: options } })).filter(
		({ kind }) => kind === CRD,
	))
		t.same(metadata?.annotations, { ...options, "helm.sh/resource-policy": "keep" }, "the user's win");
});

t.test("templates reach the ConfigMap as they are", async (t) => {
	const { data } = find(await helm.template({ templates: { files: PROCEDURE } }), "ConfigMap") as Manifest;
	t.same(loadAll(data["files.yaml"]), [
		{
			apiVersion: "riotkit.org/v1alpha1",
			kind: "ClusterBackupProcedureTemplate",
			metadata: { name: "files" },
			spec: PROCEDURE,
		},
	]);
});

t.test("the alerts are those of docs/operations.md that need no other exporter", async (t) => {
	const blocks = [...readFileSync("docs/operations.md", "utf8").matchAll(/^```yaml\n(groups:.*?)^```/gms)];
	const documented = blocks.flatMap(([, block = ""]) =>
		(load(block) as Manifest)["groups"].flatMap((group: Manifest) => group["rules"]),
	);
	const rule = find(await helm.template({ prometheusRule: { enabled: true } }), "PrometheusRule");
	const shipped = rule["spec"].groups.flatMap((group: Manifest) => group["rules"]);
	/** For a release that is called as the page's. */
	const comparable = ({ alert, expr, for: duration, labels }: Manifest): unknown => ({
		alert,
		expr: expr.replace(/(bmc-)?backup-maker-controller(-metrics)?/, "backup-maker-controller"),
		duration,
		labels,
	});
	const ours = documented.filter(({ expr }) => !expr.includes("kube_customresource_"));
	t.equal(ours.length, 5);
	t.same(shipped.map(comparable), ours.map(comparable));
});

t.test(
	"each release has a mark of its own for its templates, which is a label's value however long its names are",
	async (t) => {
		const mark = async (namespace: string, fullnameOverride: string): Promise<string> => {
			const values = { fullnameOverride, templates: { files: PROCEDURE } };
			const { args } = find(await helm.template(values, ["--namespace", namespace]), "Deployment")["spec"].template.spec
				.containers[0];
			const read = parseConfiguration(args, { POD_NAMESPACE: namespace, KUBERNETES_SERVICE_HOST: "10.0.0.1" });
			return "installation" in read ? read.installation : `none: ${JSON.stringify(read)}`;
		};
		t.equal(await mark("backups", "a"), "backups.a");
		t.equal(await mark("n".repeat(61), "a"), `${"n".repeat(61)}.a`, "63 characters are not cut");
		const long = await Promise.all(["a", "b"].map((end) => mark("n".repeat(63), "x".repeat(49) + end)));
		t.match(long, [/^n{46}-[0-9a-f]{16}$/, /^n{46}-[0-9a-f]{16}$/]);
		t.not(long[0], long[1]);
	},
);
