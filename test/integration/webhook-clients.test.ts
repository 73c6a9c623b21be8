// With --webhook-client-ca-file a real API server that shows its certificate is answered, and who only reaches the port is
// not: the review of a forged user never begins.
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { join } from "node:path";
import t from "tap";
import { createAuthority } from "../../certs/authority.ts";
import { clientCertificate } from "../certs/client.ts";
import { startOwnSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { postHttp1, reviewWith } from "../webhooks/calls.ts";
import { manifest, scheduledBackup, template } from "./support/objects.ts";

t.setTimeout(300_000);

const authority = await createAuthority("webhook-clients", { now: new Date(), randomBytes, validSeconds: 86_400 });
const session = await startOwnSession(t, { webhookClient: clientCertificate(authority, "kube-apiserver") });
const file = join(session.folder, "clients.pem");
await writeFile(file, authority.certificate);
const controller = await session.controller({ flags: [`--webhook-client-ca-file=${file}`] });

t.test("the API server's reviews are answered", async (t) => {
	await session.apply(manifest(template("simple")));
	const broken = scheduledBackup("broken", { templateRef: { name: "nope" } });
	const { code, stderr } = await session.kubectl("apply -f -", manifest(broken));
	t.equal(code, 1);
	t.match(stderr, /ClusterBackupProcedureTemplate "nope" does not exist/);
});

t.test("another caller is not", async (t) => {
	const before = await controller.metrics();
	const agent = new Agent({ rejectUnauthorized: false });
	t.teardown(() => agent.destroy());
	const url = `https://127.0.0.1:${controller.ports.webhook}`;
	const userInfo = { username: "admin", groups: ["system:masters"] };
	const forged = reviewWith({ userInfo, object: scheduledBackup("app1", {}) });
	await t.rejects(postHttp1(url, agent, forged));
	const admissions = (metrics: string): string[] =>
		metrics.split("\n").filter((line) => /admission_duration_seconds_count/.test(line));
	t.same(admissions(await controller.metrics()), admissions(before), "no review was begun");
});

t.test("an API server with another authority's certificate is refused, in words that the runbook has", async (t) => {
	await controller.kill();
	const stranger = await createAuthority("others", { now: new Date(), randomBytes, validSeconds: 86_400 });
	const other = join(session.folder, "others.pem");
	await writeFile(other, stranger.certificate);
	const strict = await session.controller({ flags: [`--webhook-client-ca-file=${other}`] });
	const { code, stderr } = await session.kubectl("apply -f -", manifest(scheduledBackup("app2", {})));
	t.equal(code, 1);
	t.match(stderr, /failed calling webhook .*(EOF|connection reset by peer|broken pipe)/);
	const refusal = /"reason":"[A-Z_]+".*a client without an accepted certificate was refused/;
	await eventually(async () => refusal.test(await strict.log()), { what: "the log says so" });
});

t.test("a file that cannot be used: it does not start, and says why", async (t) => {
	await writeFile(join(session.folder, "wrong.pem"), "authority");
	const flags = [`--webhook-client-ca-file=${join(session.folder, "wrong.pem")}`];
	await t.rejects(session.controller({ flags }), {
		message: /wrong\.pem.*: the file does not consist of PEM certificates alone/,
	});
});
