// What the chart's objects are called and labelled, and which image runs: names of the release, each label once.
import { loadAll } from "js-yaml";
import t from "tap";
import { CHART, find, type Manifest, startHelm } from "./support/chart.ts";
import { VALUE_SETS } from "./support/chartvalues.ts";

const helm = await startHelm(t);

t.test("labels that are given twice are there once, and what pods are selected by cannot be changed", async (t) => {
	const objects = await helm.template(VALUE_SETS["everything"]);
	const { selector, template } = find(objects, "Deployment")["spec"];
	t.match(template.metadata.labels, { ...selector.matchLabels, team: "pods", "app.kubernetes.io/part-of": "platform" });
	t.same(selector.matchLabels, {
		"app.kubernetes.io/name": "backup-maker-controller",
		"app.kubernetes.io/instance": "bmc",
	});
	const { labels } = find(objects, "Service", "bmc-backup-maker-controller-metrics").metadata ?? {};
	t.match(labels, { ...selector.matchLabels, "app.kubernetes.io/component": "metrics", team: "platform", empty: "" });
	t.equal(find(objects, "ServiceMonitor").metadata?.labels?.["team"], "monitoring");
});

t.test("a release that is called like a number", async (t) => {
	const { stdout } = await helm.run(["template", "123", CHART]);
	const { labels } = find((loadAll(stdout) as Manifest[]).filter(Boolean), "Deployment").metadata ?? {};
	t.equal(labels?.["app.kubernetes.io/instance"], "123");
});

t.test("images", async (t) => {
	const rows: [Record<string, string>, string][] = [
		[{}, "ghcr.io/riotkit-org/backup-maker-controller:0.1.0"],
		[{ tag: "1.2.3" }, "ghcr.io/riotkit-org/backup-maker-controller:1.2.3"],
		[{ registry: "mirror.example.org" }, "mirror.example.org/riotkit-org/backup-maker-controller:0.1.0"],
		[{ registry: "mirror.example.org", repository: "team/bmc" }, "mirror.example.org/team/bmc:0.1.0"],
		[{ repository: "localhost/bmc", tag: "test" }, "localhost/bmc:test"],
		[
			{ tag: "1.2.3", digest: `sha256:${"a".repeat(64)}` },
			`ghcr.io/riotkit-org/backup-maker-controller@sha256:${"a".repeat(64)}`,
		],
	];
	for (const [image, wanted] of rows) {
		const deployment = find(await helm.template({ image }), "Deployment");
		t.equal(deployment["spec"].template.spec.containers[0].image, wanted);
	}
});

t.test("names: of the release, with the chart's where it differs, and short enough for a Service", async (t) => {
	const named = async (release: string): Promise<string | undefined> => {
		const { stdout } = await helm.run(["template", release, CHART]);
		return find((loadAll(stdout) as Manifest[]).filter(Boolean), "Deployment").metadata?.name;
	};
	t.equal(await named("backup-maker-controller"), "backup-maker-controller");
	t.equal(await named("x"), "x-backup-maker-controller");
	t.equal(await named("a".repeat(53)), "a".repeat(50));
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
