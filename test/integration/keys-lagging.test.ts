// A key is judged lost by what the API server records, not by what a watch told some time ago; and what was recorded once
// is not forgotten by a detour of the spec.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { type SeenRequest, startProxy } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { ENCRYPTING_TEMPLATE, encryptedBackup, namespaceWithVars, PASSWORD } from "./support/keys.ts";
import { type Fields, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { awaitCondition, awaitReady, conditionIn, merge, mustKubectl, readSecret } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
const first = await session.controller();
await session.apply(ENCRYPTING_TEMPLATE);
await session.apply(manifest(template("simple")));

const LOST = { type: "KeysUsable", status: "False", reason: "KeysLost" };
const messageOf = (object: ScheduledBackup): string => conditionIn(object, "KeysUsable")?.message ?? "";
const annotationOf = async (at: string): Promise<Record<string, string>> =>
	JSON.parse((await session.json(`get secret -n ${at} keys`)).metadata.annotations["riotkit.org/gpg-fingerprint"]);

t.test("a key that was lost while the watch of the objects lags is not replaced", async (t) => {
	const app = { namespace: "lagging", name: "app" };
	const lagging = await session.controller({ kubeconfig: proxy.kubeconfig });
	const labels = { "riotkit.org/missing-references": "warn" };
	await session.apply(manifest(namespace(app.namespace, labels), encryptedBackup("app", app.namespace)));
	await awaitCondition(session, app, { type: "Ready", status: "False", reason: "WaitingForReferences" });
	// From here on the second controller hears nothing more of ScheduledBackups, and for now writes nothing.
	const isWatch = ({ path }: SeenRequest): boolean => path.includes("/scheduledbackups") && path.includes("watch=");
	proxy.decide = (seen) => (isWatch(seen) || seen.method !== "GET" ? { type: "drop" } : { type: "pass" });
	proxy.cut();
	await session.apply(manifest(secret("vars", PASSWORD, { namespace: app.namespace })));
	const before = await awaitReady(session, app);
	const { fingerprint } = before.status?.gpgKey ?? {};
	t.match(fingerprint, /^[0-9A-F]{40}$/);
	await first.kill();
	await mustKubectl(session, "delete secret -n lagging keys");
	proxy.decide = (seen) => (isWatch(seen) ? { type: "drop" } : { type: "pass" });
	const found = await awaitCondition(session, app, LOST);
	t.equal(found.status?.gpgKey?.fingerprint, fingerprint, "what was lost is remembered");
	t.equal(await readSecret(session, { namespace: "lagging", name: "keys" }), undefined, "and no other was made");
	const writes = proxy.requests.filter(({ method, path }) => method === "POST" && /lagging\/secrets/.test(path));
	t.equal(writes.length, 0, "or even tried");
	await lagging.kill();
	proxy.decide = () => ({ type: "pass" });
});

t.test("with the watches as they should be", async (t) => {
	await session.controller();

	t.test("a reference that is taken out and put back finds what was lost meanwhile", async (t) => {
		const app = { namespace: "detour", name: "app" };
		await session.apply(namespaceWithVars(app.namespace));
		const encrypted = (keys: Fields = {}) =>
			manifest(encryptedBackup("app", app.namespace, keys, { templateRef: { name: "simple" } }));
		await session.apply(encrypted());
		const { gpgKey } = (await awaitReady(session, app)).status ?? {};
		await session.apply(manifest(scheduledBackup("app", {}, { namespace: app.namespace })));
		const without = await awaitReady(session, app);
		t.equal(conditionIn(without, "KeysUsable"), undefined);
		t.same(without.status?.gpgKey, gpgKey, "the key stays recorded");
		await mustKubectl(session, "delete secret -n detour keys");
		const { code, stderr } = await session.kubectl("apply -f -", encrypted());
		t.equal(code, 1);
		t.match(stderr, `the key ${gpgKey?.fingerprint} is no longer in Secret "keys"; put it back`);
		const other = await session.kubectl("apply -f -", encrypted({ secretName: "others" }));
		t.match(
			other.stderr,
			`the key ${gpgKey?.fingerprint} was made or found as "key" in Secret "keys", which is no longer named; name it again`,
		);
		t.equal(await readSecret(session, { namespace: "detour", name: "others" }), undefined);
	});

	t.test("two identities in one Secret are remembered each by its own", async (t) => {
		await session.apply(namespaceWithVars("pair"));
		const team = { privateKey: "team", publicKey: "team.pub" };
		await session.apply(manifest(encryptedBackup("one", "pair")));
		const one = await awaitReady(session, { namespace: "pair", name: "one" });
		await session.apply(manifest(encryptedBackup("two", "pair", team)));
		const two = await awaitReady(session, { namespace: "pair", name: "two" });
		const prints = [one, two].map(({ status }) => status?.gpgKey?.fingerprint ?? "");
		t.equal(new Set(prints).size, 2);
		t.same(await annotationOf("pair"), { key: prints[0], team: prints[1] });
		await merge(session, "secret", { namespace: "pair", name: "keys" }, { data: { team: null, "team.pub": null } });
		const lost = await awaitCondition(session, { namespace: "pair", name: "two" }, LOST);
		t.match(messageOf(lost), `the key ${prints[1]} is no longer in Secret "keys"`);
		const kept = await awaitReady(session, { namespace: "pair", name: "one" });
		t.equal(conditionIn(kept, "KeysUsable")?.status, "True", "and the other is none the worse");
	});
});
