// An edit of a template is tried on everything that uses it: from what the controller remembers of Secrets, also just after
// its start, and of objects that could never be installed. No denial rests on what it remembers.
import t from "tap";
import { startProxy } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());

const PREFIX = "would break ScheduledBackup default";
const BACKUPS = 3;
const ALL_KEYS = { varsSecretRef: { secretName: "vars" } };
const reads = (name: string) => ({ backup: `echo {{ .Params.host }} {{ .Params.${name} }}\n`, restore: "" });

/** A dry run asks the webhooks, and changes nothing that the controller would then look at. */
const edit = (spec: object) =>
	session.kubectl("apply --dry-run=server -f -", manifest(template("simple", { ...spec })));
const isReadOfSecret = ({ path }: { path: string }): boolean => /\/secrets\/[^?]+$/.test(path);
const readsOfSecrets = (): number => proxy.requests.filter(isReadOfSecret).length;

const first = await session.controller({ kubeconfig: proxy.kubeconfig });
await session.apply(
	manifest(
		namespace("lenient", { "riotkit.org/missing-references": "warn" }),
		template("simple"),
		secret("vars", { "Params.password": "not-a-real-password", "Params.region": "north" }),
		scheduledBackup("named"),
		scheduledBackup("all", ALL_KEYS),
		scheduledBackup("waiting", ALL_KEYS, { namespace: "lenient" }),
	),
);
await session.kubectl("wait --for=condition=Ready scheduledbackup/named scheduledbackup/all --timeout=60s");
await eventually(
	async () => {
		const { status } = await session.json("get scheduledbackup waiting -n lenient");
		return status?.conditions?.some(({ reason }: { reason: string }) => reason === "WaitingForReferences");
	},
	{ what: "the one that was never valid is looked at" },
);

t.test("from what is remembered", async (t) => {
	const before = readsOfSecrets();
	t.match(await edit(reads("password")), { code: 0 });
	t.equal(readsOfSecrets(), before + 1, "no Secret is read but the one that is missing");
	const { code, stderr } = await edit(reads("region"));
	t.equal(code, 1);
	t.match(stderr, `${PREFIX}/named: spec.vars: template: simple:1:34`, "whoever does not import the key is named");
	t.notMatch(stderr, `${PREFIX}/all`, "who imports all is not");
	t.notMatch(stderr, "lenient", "nor who was broken before");
});

t.test("a Secret that changed a moment ago denies nothing by its old keys", async (t) => {
	await session.apply(manifest(secret("vars", { "Params.password": "x", "Params.region": "x", "Params.zone": "x" })));
	const { stderr } = await edit(reads("zone"));
	t.match(stderr, `${PREFIX}/named`);
	t.notMatch(stderr, `${PREFIX}/all`);
});

t.test("just after the start, with nothing remembered", async (t) => {
	await first.terminate();
	let release = (): void => undefined;
	const held = new Promise<void>((resolve) => {
		release = resolve;
	});
	let waiting = 0;
	proxy.decide = async ({ path }) => {
		if (isReadOfSecret({ path }) && waiting < BACKUPS) {
			waiting += 1;
			await held;
		}
		return { type: "pass" };
	};
	t.teardown(release);
	await session.controller({ kubeconfig: proxy.kubeconfig });
	await eventually(() => waiting === BACKUPS, { what: "the reconciler waits for every Secret" });
	const { code, stderr } = await edit(reads("region"));
	t.equal(code, 1);
	t.match(stderr, `${PREFIX}/named: spec.vars: template: simple:1:34`, "only the API server knows, and is asked");
	t.notMatch(stderr, `${PREFIX}/all`);
	const before = readsOfSecrets();
	t.match(await edit(reads("password")), { code: 0 });
	t.equal(readsOfSecrets(), before + 2, "read for those whose keys nobody names; names are enough for the other");
});
