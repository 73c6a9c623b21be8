// The rules that keep this program from ever holding a cluster hostage, each as an assertion over what is registered.
import t from "tap";
import { mutatingConfiguration, validatingConfiguration } from "../../webhooks/registration.ts";

const AUTHORITY = "-----BEGIN CERTIFICATE-----";
const url = { url: "https://127.0.0.1:9443/" };
const configurations = [mutatingConfiguration(url, AUTHORITY), validatingConfiguration(url, AUTHORITY)];
const webhooks = configurations.flatMap((configuration) => configuration.webhooks);
const rules = webhooks.flatMap((webhook) => webhook.rules);

t.test("every webhook", async (t) => {
	for (const webhook of webhooks) {
		t.match(webhook, {
			sideEffects: "None",
			timeoutSeconds: 5,
			matchPolicy: "Equivalent",
			admissionReviewVersions: ["v1"],
			clientConfig: { caBundle: Buffer.from(AUTHORITY).toString("base64") },
		});
		t.notOk("namespaceSelector" in webhook, `${webhook.name} leaves no namespace out`);
		t.notOk("objectSelector" in webhook, `${webhook.name} leaves no object out`);
	}
});

t.test("only our own kinds, without subresources", async (t) => {
	t.ok(rules.length >= webhooks.length, `${rules.length} rules`);
	for (const rule of rules) {
		t.same(rule.apiGroups, ["riotkit.org"]);
		for (const resource of rule.resources) {
			t.match(resource, /^(scheduledbackups|requestedbackupactions|clusterbackupproceduretemplates)$/);
		}
	}
});

t.test("deletions are apart, and never blocked by our absence", async (t) => {
	for (const webhook of webhooks) {
		const operations = new Set(webhook.rules.flatMap((rule) => rule.operations));
		if (operations.has("DELETE")) t.same([[...operations], webhook.failurePolicy], [["DELETE"], "Ignore"]);
	}
	const policies = webhooks.map((webhook) => [webhook.name, webhook.failurePolicy]);
	t.same(policies, [
		["mutate.riotkit.org", "Ignore"],
		["validate.riotkit.org", "Fail"],
		["validate-delete.riotkit.org", "Ignore"],
	]);
});

t.test("what changes only metadata or is going away is not even sent", async (t) => {
	for (const webhook of webhooks.filter((webhook) => webhook.name !== "validate-delete.riotkit.org")) {
		t.same(
			webhook.matchConditions.map((condition) => condition.name),
			["spec-changed", "not-being-deleted"],
		);
	}
});

t.test("addresses", async (t) => {
	const service = { service: { namespace: "backup", name: "webhook", port: 443 } };
	const ofService = validatingConfiguration(service, AUTHORITY).webhooks.map((webhook) => webhook.clientConfig.service);
	t.same(ofService, [
		{ namespace: "backup", name: "webhook", port: 443, path: "/validate" },
		{ namespace: "backup", name: "webhook", port: 443, path: "/validate-delete" },
	]);
	t.same(
		webhooks.map((webhook) => webhook.clientConfig.url),
		["/mutate", "/validate", "/validate-delete"].map((path) => `https://127.0.0.1:9443${path}`),
	);
});
