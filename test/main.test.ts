// The program as a whole, as a process over an API server in memory: what starts, what is served, and how it ends.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { Agent, type AgentOptions } from "node:https";
import { join } from "node:path";
import { dump } from "js-yaml";
import t from "tap";
import { createAuthority } from "../certs/authority.ts";
import { makeServingCertificate } from "../certs/serving.ts";
import {
	CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
	CRON_JOB,
	LEASE,
	MUTATING_WEBHOOK_CONFIGURATION,
	SCHEDULED_BACKUP,
	SECRET,
	VALIDATING_WEBHOOK_CONFIGURATION,
} from "../src/api/kinds.ts";
import type { KubernetesObject, MutatingWebhookConfiguration, Secret } from "../src/api/kubernetes.ts";
import { clientCertificate } from "./certs/client.ts";
import { eventually } from "./cluster/wait.ts";
import * as objects from "./integration/support/objects.ts";
import { begin } from "./process.ts";
import { put } from "./reconcilers/objects.ts";
import { postHttp1, reviewWith } from "./webhooks/calls.ts";

t.setTimeout(600_000);

/** Asks the webhook server, as the API server does. */
const ask = async (
	port: number,
	ca: string,
	object: KubernetesObject,
	more: AgentOptions = {},
): Promise<Record<string, never>> => {
	const agent = new Agent({ ca, ...more });
	try {
		return JSON.parse(await postHttp1(`https://127.0.0.1:${port}`, agent, reviewWith({ object })));
	} finally {
		agent.destroy();
	}
};
const bundleOf = (configuration: MutatingWebhookConfiguration | undefined): string =>
	Buffer.from(configuration?.webhooks?.[0]?.clientConfig.caBundle ?? "", "base64").toString();

t.test("standalone: installs its kinds, registers itself once it serves, answers, works, and cleans up", async (t) => {
	const { api, start } = await begin(t, { flags: ["--cleanup", "--debug"] });
	put(api, SCHEDULED_BACKUP, objects.scheduledBackup("early"));
	const controller = await start();
	const definitions = api.writes.filter((write) => write.includes("customresourcedefinitions"));
	t.equal(definitions.length, 3);
	const configuration = api.get<MutatingWebhookConfiguration>(
		MUTATING_WEBHOOK_CONFIGURATION,
		"/backup-maker-controller",
	);
	t.ok(configuration);
	t.ok(api.get(VALIDATING_WEBHOOK_CONFIGURATION, "/backup-maker-controller"));
	t.match(configuration?.webhooks?.[0]?.clientConfig.url, `https://127.0.0.1:${controller.ports.webhook}/mutate`);
	const last = Math.max(...api.writes.map((write, index) => (write.includes("customresource") ? index : -1)));
	t.ok(last < api.writes.findIndex((write) => write.includes("webhookconfigurations")), "the kinds come first");
	const ca = bundleOf(configuration);
	const ours = objects.scheduledBackup("app", {}, { uid: "u" });
	t.match(await ask(controller.ports.webhook, ca, ours), { response: { uid: "1", allowed: true } });
	const wrong = { ...ours, spec: { ...ours.spec, vars: "Params: [" } };
	t.match(await ask(controller.ports.webhook, ca, wrong), { response: { allowed: false } });
	await eventually(() => api.get(CRON_JOB, "default/early"), { what: "the CronJob is made" });
	const ready = await (await fetch(`http://127.0.0.1:${controller.ports.health}/readyz`)).text();
	for (const name of [
		"webhooks serving",
		"certificate valid",
		"watch ScheduledBackup",
		"controllers started",
		"not stopping",
	])
		t.match(ready, `[+]${name} ok`);
	t.match(ready, "readyz check passed");
	const metrics = await controller.metrics();
	t.match(metrics, /admission\w*\{[^}]*kind="ScheduledBackup"[^}]*\} 1/, "each object is counted once");
	await controller.terminate();
	t.equal(controller.exitCode(), 0);
	t.equal(api.get(MUTATING_WEBHOOK_CONFIGURATION, "/backup-maker-controller"), undefined);
	t.equal(api.get(VALIDATING_WEBHOOK_CONFIGURATION, "/backup-maker-controller"), undefined);
	const log = await controller.log();
	for (const line of ["serving", "stopping", "stopped"]) t.match(log, `"${line}"`);
	t.match(log, /"clean":true/);
	t.notMatch(log, /could not/);
});

t.test(
	"in a cluster: certificates of a Secret, templates of a folder, one leader, and it serves on for five seconds",
	async (t) => {
		const { api, start, folder } = await begin(t, { standalone: false });
		for (const kind of [MUTATING_WEBHOOK_CONFIGURATION, VALIDATING_WEBHOOK_CONFIGURATION])
			put(api, kind, { metadata: { name: "bmc" }, webhooks: [{ name: "a.riotkit.org", clientConfig: {} }] });
		const templates = join(folder, "templates");
		mkdirSync(templates);
		writeFileSync(join(templates, "shipped.yaml"), dump(objects.template("shipped")));
		put(api, SCHEDULED_BACKUP, objects.scheduledBackup("app"));
		const controller = await start({
			flags: [
				"--namespace=backups",
				"--certs-secret=ca",
				"--webhook-service=hooks",
				"--webhook-configuration=bmc",
				`--templates-dir=${templates}`,
				"--leader-elect",
				"--leader-elect-lease=leader",
			],
		});
		t.notOk(
			api.writes.some((write) => write.includes("customresource")),
			"the chart installs the kinds",
		);
		t.ok(api.get<Secret>(SECRET, "backups/ca")?.data?.["tls.crt"]);
		const configuration = api.get<MutatingWebhookConfiguration>(MUTATING_WEBHOOK_CONFIGURATION, "/bmc");
		const ca = bundleOf(configuration);
		const port = controller.ports.webhook;
		const servername = "hooks.backups.svc";
		t.match(await ask(port, ca, objects.scheduledBackup("app"), { servername }), { response: { allowed: true } });
		await eventually(() => api.get(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, "/shipped"), { what: "the template is applied" });
		await eventually(() => api.get(CRON_JOB, "default/app"), { what: "the leader works" });
		const lease = api.get(LEASE, "backups/leader") as unknown as { spec: { holderIdentity?: string } };
		t.match(lease?.spec.holderIdentity, /_[0-9a-f-]{36}$/);
		const ready = await (await fetch(`http://127.0.0.1:${controller.ports.health}/readyz`)).text();
		t.match(ready, "[+]leader election ok: leads");
		const ended = controller.terminate();
		await eventually(async () => (await controller.readyz()) === 503, { what: "it is not ready any more" });
		t.match(
			await ask(port, ca, objects.scheduledBackup("app"), { servername }),
			{ response: { allowed: true } },
			"it serves on",
		);
		await ended;
		t.equal(controller.exitCode(), 0);
		const released = api.get(LEASE, "backups/leader") as unknown as { spec: { holderIdentity?: string } };
		t.notOk(released?.spec.holderIdentity, "the Lease is given back");
		t.equal(api.get(MUTATING_WEBHOOK_CONFIGURATION, "/bmc") !== undefined, true);
	},
);

t.test(
	"certificates in files, clients of one authority alone, and without --cleanup the registration stays",
	async (t) => {
		const { api, start, folder } = await begin(t);
		const world = { now: new Date(), randomBytes, validSeconds: 3600 };
		const authority = await createAuthority("clients", world);
		const pair = await makeServingCertificate(["127.0.0.1"], world);
		writeFileSync(join(folder, "tls.crt"), pair.certificate);
		writeFileSync(join(folder, "tls.key"), pair.key);
		writeFileSync(join(folder, "clients.crt"), authority.certificate);
		const controller = await start({
			flags: [`--certs-dir=${folder}`, `--webhook-client-ca-file=${join(folder, "clients.crt")}`],
		});
		const port = controller.ports.webhook;
		const { certificate: cert, key } = clientCertificate(authority, "kube-apiserver");
		const answer = { response: { allowed: true } };
		t.match(await ask(port, pair.authority, objects.scheduledBackup("app"), { cert, key }), answer);
		await t.rejects(ask(port, pair.authority, objects.scheduledBackup("app")));
		const other = await makeServingCertificate(["127.0.0.1"], world);
		writeFileSync(join(folder, "tls.crt"), other.certificate);
		writeFileSync(join(folder, "tls.key"), other.key);
		await eventually(
			async () => (await ask(port, other.authority, objects.scheduledBackup("app"), { cert, key }))["response"],
			{ what: "it serves with the new certificate" },
		);
		await t.rejects(ask(port, other.authority, objects.scheduledBackup("app")));
		await controller.terminate();
		t.ok(api.get(MUTATING_WEBHOOK_CONFIGURATION, "/backup-maker-controller"));
	},
);
