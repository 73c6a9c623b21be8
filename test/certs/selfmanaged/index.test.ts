// What wakes a replica, and what it does while the API server is away: on a virtual clock, over a Map.
import t, { type Test } from "tap";
import { CONFIGURATION_KINDS, type WebhookConfiguration } from "../../../certs/selfmanaged/gather.ts";
import { startSelfManaged } from "../../../certs/selfmanaged/index.ts";
import type { Issuer } from "../../../certs/selfmanaged/issuer.ts";
import { createReplica } from "../../../certs/selfmanaged/replica.ts";
import { CertificateError } from "../../../certs/serving.ts";
import type { ServedPair } from "../../../certs/source.ts";
import { SECRET } from "../../../src/api/kinds.ts";
import type { Secret } from "../../../src/api/kubernetes.ts";
import { ForbiddenError, KubeError, NotFoundError, UnavailableError } from "../../../src/kube/errors.ts";
import type { Transport } from "../../../src/kube/transport.ts";
import { virtualClock } from "../../kube/fixtures/clock.ts";
import { cheapIssuer, DAY, HOUR, mapKube, SECOND } from "../fixtures.ts";

const NAMES = { namespace: "backups", secret: "ca", configuration: "bmc" };
const KEY = { namespace: NAMES.namespace, name: NAMES.secret };

/** Lists nothing; each watch is a stream that the test writes to. */
const watching = () => {
	const paths: string[] = [];
	const accepted = new Set<string | undefined>();
	const open: ((line: string) => void)[] = [];
	const transport: Transport = {
		call: async ({ accept }) => {
			accepted.add(accept);
			return { metadata: { resourceVersion: "1" }, items: [] };
		},
		stream: async ({ path, signal, accept }) => {
			paths.push(path);
			accepted.add(accept);
			return (async function* () {
				for (;;) {
					const line = await new Promise<string | undefined>((resolve) => {
						open.push(resolve);
						signal?.addEventListener("abort", () => resolve(undefined));
					});
					if (line === undefined) return;
					yield Buffer.from(line);
				}
			})();
		},
		close: async () => undefined,
	};
	let version = 1;
	const tell = (): void => {
		version += 1;
		const resourceVersion = String(version);
		const object = { metadata: { name: NAMES.secret, namespace: NAMES.namespace, uid: "u", resourceVersion } };
		for (const send of open.splice(0)) send(`${JSON.stringify({ type: "ADDED", object })}\n`);
	};
	return { paths, accepted, transport, tell };
};

/** Lets everything that is ready run. */
const turns = async (): Promise<void> => {
	for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const start = (t: Test, issuer: Issuer = cheapIssuer()) => {
	const clock = virtualClock(1_790_000_000_000);
	const kube = mapKube();
	const state = { failure: undefined as Error | undefined };
	const { paths, accepted, transport, tell } = watching();
	const metrics: string[] = [];
	const logged: string[] = [];
	const pairs: ServedPair[] = [];
	const log = (fields: object, message: string) => logged.push(`${message} ${JSON.stringify(fields)}`);
	for (const kind of CONFIGURATION_KINDS)
		kube.put(kind, {
			metadata: { name: "bmc" },
			webhooks: [{ name: "a", clientConfig: {} }],
		} as unknown as WebhookConfiguration);
	const source = startSelfManaged({
		kube: {
			...kube,
			get: async (kind, key) => {
				if (state.failure !== undefined) throw state.failure;
				return kube.get(kind, key);
			},
		},
		transport,
		names: NAMES,
		issuer,
		trustDelay: 60 * SECOND,
		clock,
		random: () => 0.5,
		logger: { debug: log, info: log, warn: log, error: log },
		metrics: {
			certificateExpires: (certificate, expires) => metrics.push(`expires ${certificate} ${expires - clock.now()}`),
			certificateRenewed: (certificate) => metrics.push(`renewed ${certificate}`),
			certificateFailed: (reason) => metrics.push(`failed ${reason}`),
			watchRestarted: () => undefined,
			eventDropped: () => undefined,
		},
	});
	t.teardown(() => source.stop());
	source.onChange((pair) => pairs.push(pair));
	const secret = (): Secret | undefined => kube.objects.get("secrets backups/ca") as Secret | undefined;
	return { clock, kube, state, source, paths, accepted, tell, metrics, logged, pairs, secret };
};

t.test("makes what is missing, says so, and watches exactly three objects", async (t) => {
	const { source, metrics, paths, logged, pairs } = start(t);
	await source.first;
	await turns();
	t.same(metrics, ["renewed authority", "renewed serving", `expires serving ${DAY}`, `expires authority ${30 * DAY}`]);
	t.equal(pairs.length, 1);
	t.ok(source.check().ok);
	const selected = paths.map(
		(path) => `${path.split("?")[0]} ${new URLSearchParams(path.split("?")[1]).get("fieldSelector")}`,
	);
	t.same(selected.sort(), [
		"/api/v1/namespaces/backups/secrets metadata.name=ca",
		"/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations metadata.name=bmc",
		"/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations metadata.name=bmc",
	]);
	t.notMatch(logged.join("\n"), /BEGIN/, "no certificate and no key is logged");
});

t.test("its watches never carry what is in the Secret or the configurations", async (t) => {
	const { source, accepted } = start(t);
	await source.first;
	await turns();
	t.ok(accepted.size > 0);
	for (const accept of accepted) t.match(accept, /^application\/json;as=PartialObjectMetadata(List)?;/);
});

t.test("asks nobody anything while nothing changes, and renews when it is time", async (t) => {
	const { source, clock, state, kube, pairs, metrics } = start(t);
	await source.first;
	await turns();
	const writes = kube.writes();
	state.failure = new Error("asked");
	for (let hours = 0; hours < 15; hours += 1) {
		clock.advance(HOUR);
		await turns();
	}
	t.notOk(metrics.includes("failed error"), "nobody was asked");
	t.equal(kube.writes(), writes);
	state.failure = undefined;
	clock.advance(HOUR);
	await turns();
	t.equal(pairs.length, 2);
});

t.test("a change wakes it", async (t) => {
	const { source, kube, tell, secret } = start(t);
	await source.first;
	await turns();
	kube.remove(SECRET, KEY);
	await turns();
	t.equal(secret(), undefined, "nobody told it");
	tell();
	await turns();
	t.ok(secret(), "it is back");
});

t.test("without API server it renews from memory, tries again soon, and complains now and then", async (t) => {
	const { source, clock, state, pairs, metrics, logged } = start(t);
	await source.first;
	await turns();
	state.failure = new UnavailableError("away", { operation: "get secrets" });
	clock.advance(17 * HOUR);
	await turns();
	t.equal(pairs.length, 2, "renewed all the same");
	t.ok(source.check().ok);
	const failures = () => metrics.filter((one) => one === "failed unavailable").length;
	for (let before = failures(), tries = 0; tries < 5; tries += 1, before = failures()) {
		clock.advance(3 * SECOND);
		await turns();
		t.ok(failures() > before, "tried again within three seconds");
	}
	t.equal(logged.filter((line) => line.startsWith("certificates cannot")).length, 3, "told after 1, 2 and 4 of 6");
	state.failure = undefined;
	clock.advance(3 * SECOND);
	await turns();
	const after = failures();
	clock.advance(HOUR);
	await turns();
	t.equal(failures(), after);
});

t.test("reasons", async (t) => {
	const details = { operation: "create secrets" };
	for (const [failure, reason] of [
		[new ForbiddenError("no", details), "forbidden"],
		[new KubeError("odd", details), "unavailable"],
		[new Error("a fault"), "error"],
	] as const) {
		const { state, metrics, source } = start(t);
		state.failure = failure;
		await turns();
		t.match(metrics, [`failed ${reason}`]);
		t.match(source.check(), { ok: false, detail: "there is none yet" });
	}
});

t.test("an authority that cannot sign is no authority", async (t) => {
	const cheap = cheapIssuer();
	let refused: string | undefined;
	const { source, secret, metrics } = start(t, {
		...cheap,
		newLeaf: (authority, now) => {
			refused ??= authority.fingerprint;
			if (authority.fingerprint === refused) return Promise.reject(new CertificateError("it cannot sign"));
			return cheap.newLeaf(authority, now);
		},
	});
	const { authority } = await source.first;
	await turns();
	t.equal(
		Buffer.from(secret()?.data?.["tls.crt"] ?? "", "base64").toString(),
		authority,
		"another one is in its place",
	);
	t.ok(metrics.includes("failed unusable"));
});

t.test("a namespace that does not exist is no lost race", async (t) => {
	const kube = mapKube();
	const replica = createReplica({
		kube: {
			...kube,
			create: () =>
				Promise.reject(new NotFoundError("no such namespace", { operation: "create secrets", status: 404 })),
		},
		names: NAMES,
		issuer: cheapIssuer(),
		trustDelay: 60 * SECOND,
		now: () => 0,
		onLeaf: () => undefined,
		onStep: () => undefined,
		onDamage: () => undefined,
	});
	await t.rejects(replica.settle(), { message: "no such namespace" });
	await replica.renewFromMemory();
});

t.test("replicas that never agree are told of, not served for ever", async (t) => {
	const kube = mapKube();
	const replica = createReplica({
		kube: {
			...kube,
			patch: async (kind, key, body, precondition) => {
				const answer = await kube.patch(kind, key, body, precondition);
				for (const one of CONFIGURATION_KINDS)
					kube.put(one, {
						metadata: { name: "bmc" },
						webhooks: [{ name: "a", clientConfig: {} }],
					} as unknown as WebhookConfiguration);
				return answer;
			},
		},
		names: NAMES,
		issuer: cheapIssuer(),
		trustDelay: 60 * SECOND,
		now: () => 1_790_000_000_000,
		onLeaf: () => undefined,
		onStep: () => undefined,
		onDamage: () => undefined,
	});
	for (const one of CONFIGURATION_KINDS)
		kube.put(one, {
			metadata: { name: "bmc" },
			webhooks: [{ name: "a", clientConfig: {} }],
		} as unknown as WebhookConfiguration);
	await t.rejects(replica.settle(), { message: /do not come to rest/ });
	t.match(replica.check(), { ok: false, detail: "the webhook configurations do not trust it yet" });
});

t.test("so many writes in a minute are a quarrel: each further one waits three seconds", async (t) => {
	const { source, kube, clock, tell, secret } = start(t);
	await source.first;
	await turns();
	const quarrel = async (): Promise<boolean> => {
		kube.remove(SECRET, KEY);
		tell();
		await turns();
		return secret() !== undefined;
	};
	let writes = 0;
	while (await quarrel()) {
		writes += 1;
		if (writes > 60) break;
	}
	t.ok(writes > 10 && writes <= 41, `it waits after ${writes} more`);
	clock.advance(3 * SECOND);
	await turns();
	t.ok(secret(), "and then goes on");
	clock.advance(61 * SECOND);
	await turns();
	t.ok(await quarrel(), "a minute later all is forgotten");
	t.ok(await quarrel());
});
