// Faults 17 and 18 of the original Go controller, by name, and what its example asks of keys.
import t from "tap";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { createKeyInspector } from "../../src/gpg/index.ts";
import { type SeenRequest, startProxy } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { EMAIL, ENCRYPTING_TEMPLATE, encryptedBackup, freshKey, namespaceWithVars } from "./support/keys.ts";
import { action, type Fields, manifest, scheduledBackup, secret, template } from "./support/objects.ts";
import { endPod } from "./support/run.ts";
import { awaitCondition, awaitReady, merge, mustKubectl, namesOf, readSecret } from "./support/status.ts";

t.setTimeout(400_000);

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
await session.controller({ kubeconfig: proxy.kubeconfig });
await session.apply(`${ENCRYPTING_TEMPLATE}---\n${manifest(template("simple"))}`);

const app = (at: string) => ({ namespace: at, name: "app" });
const backup = (at: string, spec: Fields = {}) => manifest(scheduledBackup("app", spec, { namespace: at }));
const MANAGED = "riotkit.org/scheduled-backup=app";
const children = (at: string) => namesOf(session, "configmaps,secrets,cronjobs,jobs", at, MANAGED);

t.test(
	"fault 17: a failed apply leaves half of the objects behind; reconciler and observer block each other",
	async (t) => {
		const refuse = (at: string) => {
			proxy.decide = ({ method, path }) =>
				method === "POST" && path.includes(`/namespaces/${at}/cronjobs`)
					? { type: "answer", status: 500, body: { kind: "Status", status: "Failure", code: 500 } }
					: { type: "pass" };
		};
		const half = async (at: string) => {
			refuse(at);
			await session.apply(`${namespaceWithVars(at)}---\n${backup(at)}`);
			await eventually(async () => (await children(at)).length === 2, { what: "half of the objects are there" });
		};
		await t.test("the other half follows", async (t) => {
			await half("f17");
			proxy.decide = () => ({ type: "pass" });
			await awaitReady(session, app("f17"));
			t.equal((await children("f17")).length, 3);
		});
		await t.test("or the first half goes with its owner", async (t) => {
			await half("f17-gone");
			await mustKubectl(session, "delete scheduledbackup -n f17-gone app");
			await eventually(async () => (await children("f17-gone")).length === 0, {
				timeout: 60,
				what: "nothing is left behind",
			});
			t.same(await children("f17-gone"), []);
			proxy.decide = () => ({ type: "pass" });
		});
		await t.test("an action runs while its ScheduledBackup is being reconciled, and is watched", async (t) => {
			let release = (): void => undefined;
			const released = new Promise<void>((resolve) => {
				release = resolve;
			});
			const held = new Promise<void>((resolve) => {
				proxy.decide = async ({ method, path }) => {
					if (method !== "GET" || !path.endsWith("/namespaces/f17/secrets/vars")) return { type: "pass" };
					resolve();
					proxy.decide = () => ({ type: "pass" });
					await released;
					return { type: "pass" };
				};
			});
			await merge(session, "secret", { namespace: "f17", name: "vars" }, { stringData: { other: "x" } });
			await held;
			await mustKubectl(session, "create -f -", manifest(action("go", "app", {}, { namespace: "f17" })));
			const named = { namespace: "f17", name: "go" };
			const running = await awaitCondition<RequestedBackupAction>(
				session,
				named,
				{ type: "Reconciling", reason: "Running" },
				"requestedbackupaction",
			);
			await endPod(session, "f17", running.status?.jobName ?? "", 0);
			const ended = await awaitCondition<RequestedBackupAction>(
				session,
				named,
				{ type: "Ready", status: "True" },
				"requestedbackupaction",
			);
			t.match(ended.status, { phase: "Succeeded" });
			release();
		});
	},
);

t.test(
	"fault 18: the private key is copied for restores; 155 requests and 15.7 writes per ScheduledBackup",
	async (t) => {
		await t.test("few requests, and no write too many", async (t) => {
			await session.apply(`${namespaceWithVars("f18")}---\n${manifest(encryptedBackup("app", "f18"))}`);
			await awaitReady(session, app("f18"));
			const isTold = async () => (await mustKubectl(session, "get events -n f18")).includes("KeyGenerated");
			await eventually(isTold, { what: "Events are written" });
			// What a second look at it would write, it would write before these are Ready.
			for (const at of ["f18-plain", "f18-barrier"]) {
				await session.apply(`${namespaceWithVars(at)}---\n${backup(at)}`);
				await awaitReady(session, app(at));
			}
			const own = (at: string) => proxy.requests.filter(({ path }) => path.includes(`/namespaces/${at}/`));
			const name = ({ method, path }: SeenRequest) =>
				`${method} ${path.replace(/^.*\/f18[^/]*\//, "").replace(/\?.*/, "")}`;
			const writes = (at: string) =>
				own(at)
					.filter(({ method }) => method !== "GET")
					.map(name)
					.sort();
			const status = "PUT scheduledbackups/app/status";
			const plain = ["POST configmaps", "POST configmaps", "POST cronjobs", "POST events", status];
			t.same(writes("f18-plain"), plain);
			// The fingerprint is recorded before and after the key is stored, so that it is never replaced unknowingly.
			const keyed = [...plain, "POST events", "POST secrets", status, status];
			t.same(writes("f18"), keyed.sort());
			t.ok(own("f18").length <= 40, `${own("f18").length} requests`);
			t.ok(own("f18-plain").length <= 25, `${own("f18-plain").length} requests`);
		});
		await t.test("the key is in the user's Secret alone, and mounted from there", async (t) => {
			await mustKubectl(
				session,
				"create -f -",
				manifest(action("go", "app", { action: "restore" }, { namespace: "f18" })),
			);
			const named = { namespace: "f18", name: "go" };
			const running = await awaitCondition<RequestedBackupAction>(
				session,
				named,
				{ type: "Reconciling", reason: "Running" },
				"requestedbackupaction",
			);
			t.same(await namesOf(session, "secrets", "f18"), ["keys", "vars"]);
			const { volumes } = (await session.json(`get job -n f18 ${running.status?.jobName}`)).spec.template.spec;
			const mounted = volumes.filter(({ secret: one }: { secret?: object }) => one !== undefined);
			t.match(mounted, [{ secret: { secretName: "keys", items: [{ key: "key", path: "gpg-key" }] } }]);
		});
	},
);

// The example's Secret has its key under `key` and `key.pub`; its ScheduledBackup names `private` and `public`.
const original = await freshKey(EMAIL, "riotkit");
const EXAMPLES: Record<string, Record<string, string>> = {
	"a key of the user's": { key: original.privateKey, "key.pub": original.publicKey },
	"a key and its passphrase": { key: original.privateKey, "key.pub": original.publicKey, passphrase: "riotkit" },
	placeholders: { key: "put your key here", "key.pub": "put your key here" },
	"empty values": { key: "", "key.pub": "", passphrase: "" },
};

for (const [index, [name, data]] of Object.entries(EXAMPLES).entries()) {
	t.test(`the original's example, whose Secret uses other key names than its ScheduledBackup: ${name}`, async (t) => {
		const at = `note-${index}`;
		const named = { namespace: at, name: "keys" };
		await session.apply(`${namespaceWithVars(at)}---\n${manifest(secret("keys", data, { namespace: at }))}`);
		await session.apply(manifest(encryptedBackup("app", at, { privateKey: "private", publicKey: "public" })));
		const { status } = await awaitReady(session, app(at));
		const found = await readSecret(session, named);
		t.same([...(found?.keys() ?? [])].sort(), ["key", "key.pub", "passphrase", "private", "public"]);
		for (const key of ["key", "key.pub"]) t.equal(found?.get(key)?.toString(), data[key], `${key} is as it was`);
		const made = { publicKey: `${found?.get("public")}`, privateKey: `${found?.get("private")}` };
		t.not(made.privateKey, original.privateKey);
		const passphrase = `${found?.get("passphrase")}`;
		t.same(await createKeyInspector().inspectPair({ ...made, passphrase }), { pair: true, opens: true });
		t.match(status?.gpgKey?.fingerprint, /^[0-9A-F]{40}$/);
		t.same(status?.conditions?.filter(({ type, status: is }) => type === "KeysUsable" && is === "True").length, 1);
	});
}
