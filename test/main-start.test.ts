// Starts of the program that cannot succeed, or end before they have.
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import t from "tap";
import { MUTATING_WEBHOOK_CONFIGURATION } from "../src/api/kinds.ts";
import { eventually } from "./cluster/wait.ts";
import { begin } from "./process.ts";

t.setTimeout(600_000);

/** A port that another process uses. */
const taken = createServer();
await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", () => resolve()));
t.teardown(() => taken.close());
const inUse = `127.0.0.1:${(taken.address() as AddressInfo).port}`;

/** The message of the log names the flag, its value, and what was found. */
const telling = (flag: string, value: string, found: string): string =>
	JSON.stringify(`could not start: ${flag}: Invalid value: ${JSON.stringify(value)}: ${found}; `).slice(1, -1);

const MISSING = "file or folder not found (ENOENT)";
const IN_USE = "another process already uses this address (EADDRINUSE)";
const failures: [name: string, flags: (folder: string) => string[], log: string | RegExp][] = [
	["defaults for Jobs that are wrong", (folder) => [`--job-defaults=${folder}/wrong.yaml`], /"mistakes":\[/],
	...(
		[
			["--kubeconfig", "/nowhere/config", MISSING],
			["--webhook-client-ca-file", "/nowhere/ca.crt", MISSING],
			["--certs-dir", "/nowhere", `tls.crt: ${MISSING}`],
			["--webhook-bind-address", inUse, IN_USE],
			["--metrics-bind-address", inUse, IN_USE],
		] as const
	).map(([flag, value, found]): (typeof failures)[number] => [
		`${flag}=${value}`,
		() => [`${flag}=${value}`],
		telling(flag, value, found),
	]),
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
