// Starts of the program that cannot succeed, or end before they have.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { MUTATING_WEBHOOK_CONFIGURATION } from "../src/api/kinds.ts";
import { eventually } from "./cluster/wait.ts";
import { begin } from "./process.ts";

t.setTimeout(600_000);

const failures: [name: string, flags: (folder: string) => string[], log: RegExp, env?: Record<string, string>][] = [
	["defaults for Jobs that are no file", (folder) => [`--job-defaults=${folder}/gone.yaml`], /could not start/],
	["defaults for Jobs that are wrong", (folder) => [`--job-defaults=${folder}/wrong.yaml`], /"mistakes":\[/],
	["a kubeconfig that is none", () => ["--kubeconfig=/nowhere/config"], /could not start.*|ENOENT/s],
	["a client authority that is none", () => ["--webhook-client-ca-file=/nowhere/ca.crt"], /could not start/],
];
for (const [name, flags, log] of failures)
	t.test(`does not start with ${name}`, async (t) => {
		const { start, folder } = await begin(t, { waitUntilReady: false });
		writeFileSync(join(folder, "wrong.yaml"), "nonsense: true\n");
		const controller = await start({ flags: flags(folder) });
		await eventually(() => controller.ended(), { what: "it has ended" });
		t.equal(controller.exitCode(), 1);
		t.match(await controller.log(), log);
		t.match(readFileSync(controller.logFile, "utf8"), "could not start");
	});

t.test("told to end before it could start, it ends well", async (t) => {
	const { api, start } = await begin(t, { waitUntilReady: false });
	api.refuse = ({ path }) =>
		path.startsWith("/apis/riotkit.org/v1alpha1/scheduledbackups")
			? { status: 503, body: { reason: "ServiceUnavailable" } }
			: undefined;
	const controller = await start();
	await eventually(async () => (await controller.readyz()) === 503, { what: "its probes are served" });
	const ready = await (await fetch(`http://127.0.0.1:${controller.ports.health}/readyz`)).text();
	t.match(ready, "[-]webhooks serving failed");
	t.match(ready, "readyz check failed");
	t.equal((await fetch(`http://127.0.0.1:${controller.ports.health}/healthz`)).status, 200);
	await controller.terminate();
	t.equal(controller.exitCode(), 0);
	t.equal(api.get(MUTATING_WEBHOOK_CONFIGURATION, "/backup-maker-controller"), undefined, "it never registered");
	t.notMatch(await controller.log(), /"serving"/);
});
