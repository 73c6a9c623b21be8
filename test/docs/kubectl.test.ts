// `kubectl get backups` and `kubectl delete scheduledbackups --all` must never reach our objects when another product's are
// meant, nor theirs when ours are: kubectl takes a category before a resource, and of two resources of one name it takes any.
import { globSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import t from "tap";
import { kubectlResources } from "./kubectlcommands.ts";
import { otherNames } from "./othernames.ts";

interface Names {
	plural: string;
	singular: string;
	shortNames?: string[];
	categories?: string[];
}

const ours = globSync(["crds/*.yaml", "charts/*/templates/crds/*.yaml"])
	.map((file) => readFileSync(file, "utf8").replaceAll(/^.*\{\{.*$/gm, ""))
	.map((text) => (load(text) as { spec: { names: Names } }).spec.names);
const others = otherNames();

t.test("categories and short names are ours alone", async (t) => {
	t.equal(ours.length, 6, "the CRDs and the chart's copies of them");
	for (const { plural, shortNames = [], categories = [] } of ours) {
		t.ok(shortNames.length > 0, `${plural} has a short name`);
		t.same(categories, ["backup-maker"]);
		for (const word of [...shortNames, ...categories])
			t.notOk(others.has(word), `${plural}: "${word}" is also of ${others.get(word)}`);
	}
});

t.test("the guide for upgrades names the short name and the category that the CRDs have", async (t) => {
	const guide = readFileSync("docs/upgrade.md", "utf8");
	const backups = ours.find(({ plural }) => plural === "scheduledbackups");
	t.match(guide, `short name of ScheduledBackups is \`${backups?.shortNames?.[0]}\``);
	t.match(guide, `category of the three kinds is \`${backups?.categories?.[0]}\``);
});

t.test("what other products share with us is known", async (t) => {
	const shared = new Set(ours.flatMap(({ plural, singular }) => [plural, singular]).filter((word) => others.has(word)));
	t.same(shared, new Set(["scheduledbackups", "scheduledbackup"]));
	t.same(others.get("scheduledbackups"), ["CloudNativePG"]);
});

t.test("the resources of a command are found", async (t) => {
	const rows: Record<string, string[]> = {
		"kubectl get sb,rba -n a -o wide   # get x": ["sb", "rba"],
		"F=$(kubectl -n team get scheduledbackup app1 -o jsonpath='{.a b}')": ["scheduledbackup"],
		"kubectl wait --for=condition=Ready scheduledbackups.riotkit.org/app1 pod/b": [
			"scheduledbackups.riotkit.org",
			"pod",
		],
		"`kubectl annotate cbpt a x=y && kubectl delete backups --all`": ["cbpt", "backups"],
		"kubectl auth can-i restore backups/app1 -n a": ["backups"],
		"kubectl delete -f backups.yaml; kubectl apply -f x": [],
		"kubectl create secret generic backups": [],
		"kubectl get pods | grep backups": ["pods"],
	};
	for (const [text, resources] of Object.entries(rows)) t.same(kubectlResources(text), resources, text);
});

t.test("documented commands name our resources so that only ours can be meant", async (t) => {
	const files = globSync([
		"*.md",
		"docs/**/*.md",
		"examples/*",
		"gitops/**/*.*",
		"charts/**/*.{md,txt,yaml}",
		"{src,webhooks,reconcilers,certs}/**/*.ts",
		"test/demo/*.ts",
		"Makefile",
	]);
	let found = 0;
	for (const file of files.toSorted()) {
		for (const resource of kubectlResources(readFileSync(file, "utf8"))) {
			found++;
			const products = others.get(resource)?.includes("Kubernetes") ? undefined : others.get(resource);
			t.equal(products, undefined, `${file}: "${resource}" without a group is also of ${products}`);
		}
	}
	t.ok(found > 60, `${found} commands`);
});
