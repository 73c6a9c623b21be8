// What one replica remembers between two steps: since when it serves nothing, what was published, what was told.
import t from "tap";
import { CONFIGURATION_KINDS, type WebhookConfiguration } from "../../../certs/selfmanaged/gather.ts";
import { createReplica } from "../../../certs/selfmanaged/replica.ts";
import { secretData } from "../../../certs/selfmanaged/secret.ts";
import type { Step } from "../../../certs/selfmanaged/state.ts";
import type { Authority, Leaf } from "../../../certs/x509.ts";
import { SECRET } from "../../../src/api/kinds.ts";
import type { Secret } from "../../../src/api/kubernetes.ts";
import { UnavailableError } from "../../../src/kube/errors.ts";
import { cheapAuthority, cheapIssuer, DAY, HOUR, mapKube, SECOND } from "../fixtures.ts";

const NAMES = { namespace: "backups", secret: "ca", configuration: "bmc" };
const KEY = { namespace: NAMES.namespace, name: NAMES.secret };
const START = 1_790_000_000_000;

const setUp = () => {
	const kube = mapKube();
	const state = { now: START, failure: undefined as Error | undefined };
	const [leaves, steps, damage]: [Leaf[], Step[], (readonly string[])[]] = [[], [], []];
	const trust = (...authorities: Authority[]): void => {
		const caBundle = Buffer.from(authorities.map(({ pem }) => pem).join("")).toString("base64");
		for (const kind of CONFIGURATION_KINDS)
			kube.put(kind, {
				metadata: { name: NAMES.configuration },
				webhooks: [{ name: "a", clientConfig: { caBundle } }],
			} as unknown as WebhookConfiguration);
	};
	trust();
	const replica = createReplica({
		kube: {
			...kube,
			create: async (kind, object) => {
				if (state.failure !== undefined) throw state.failure;
				return kube.create(kind, object);
			},
		},
		names: NAMES,
		// Authorities of one day, so that they end with their leaves.
		issuer: { ...cheapIssuer(), newAuthority: async (now) => cheapAuthority(now - HOUR, now + DAY) },
		now: () => state.now,
		trustDelay: 60_000,
		onLeaf: (leaf) => void leaves.push(leaf),
		onStep: (step) => void steps.push(step),
		onDamage: (found) => void damage.push(found),
	});
	const put = (current: Authority, published: ReadonlyMap<string, number> = new Map()): void =>
		kube.put(SECRET, {
			metadata: KEY,
			data: secretData({ current, next: undefined, trusted: [], published }),
		} as unknown as Secret);
	const secret = (): Secret | undefined => kube.objects.get("secrets backups/ca") as Secret | undefined;
	return { kube, state, replica, leaves, steps, damage, trust, put, secret };
};

t.test("others get three seconds from the moment when the certificate ran out, not from the start", async (t) => {
	const { state, replica, leaves, trust, put } = setUp();
	await replica.settle();
	t.equal(leaves.length, 1);
	const [end, issuer] = [leaves[0]?.notAfter ?? 0, leaves[0]?.issuer as Authority];
	state.now = end - SECOND;
	await replica.settle();
	const served = leaves.length;
	// Another replica has made another authority, and serves with what is trusted beside it.
	const [theirs, trusted] = [
		cheapAuthority(state.now - HOUR, end + 9 * DAY),
		cheapAuthority(state.now - HOUR, end + 9 * DAY),
	];
	put(theirs);
	trust(issuer, trusted);
	state.now = (leaves.at(-1)?.issuer.notAfter ?? end) + SECOND;
	const before = leaves.length;
	await replica.settle();
	t.equal(leaves.length, before, "not at once");
	state.now += 3 * SECOND;
	await replica.settle();
	t.equal(leaves.length, before + 1, "after three seconds");
	t.equal(leaves.at(-1)?.issuer.fingerprint, theirs.fingerprint);
	t.ok(served >= 1);
});

t.test("a clock that is set back does not make it wait for ever", async (t) => {
	const { state, replica, leaves, trust, put } = setUp();
	const theirs = cheapAuthority(START - 10 * DAY, START + 9 * DAY);
	put(theirs);
	trust(cheapAuthority(START - 10 * DAY, START + 9 * DAY));
	state.now = START - DAY;
	await replica.settle();
	t.equal(leaves.length, 0);
	state.now += 3 * SECOND;
	await replica.settle();
	t.equal(leaves.length, 1);
});

t.test(
	"the time of its own authority's publication is kept though the Secret is gone and cannot be made",
	async (t) => {
		const { kube, state, replica, secret } = setUp();
		await replica.settle();
		const published = secret()?.data?.["published"];
		t.ok(published);
		state.now += HOUR;
		kube.remove(SECRET, KEY);
		state.failure = new UnavailableError("away", { operation: "create secrets" });
		await t.rejects(replica.settle(), { message: "away" });
		await t.rejects(replica.settle(), { message: "away" });
		state.failure = undefined;
		await replica.settle();
		const times = (data: string | undefined) => Buffer.from(data ?? "", "base64").toString();
		const [first = "none"] = times(published).split("\n");
		t.ok(times(secret()?.data?.["published"]).split("\n").includes(first), "the same time");
	},
);

t.test("damage is told once, until it changes", async (t) => {
	const { kube, state, replica, damage } = setUp();
	await replica.settle();
	const spoil = (text: string): void => {
		const found = kube.objects.get("secrets backups/ca") as unknown as Secret;
		const data = { ...found.data, "next.crt": Buffer.from(text).toString("base64") };
		kube.put(SECRET, { ...found, data } as unknown as Secret);
	};
	spoil("nonsense");
	await replica.settle();
	const told = damage.length;
	t.ok(told >= 1);
	t.match(damage[0]?.join(), /next/);
	state.now += SECOND;
	await replica.settle();
	t.equal(damage.length, told);
});

t.test("whether it can serve", async (t) => {
	const { state, replica, trust } = setUp();
	const name = "certificate valid";
	t.strictSame(replica.check(), { name, ok: false, detail: "there is none yet" });
	await replica.settle();
	t.strictSame(replica.check(), { name, ok: true });
	trust();
	t.strictSame(replica.check(), { name, ok: true }, "what was last seen counts");
	state.now += 2 * DAY;
	t.strictSame(replica.check(), { name, ok: false, detail: "it is not valid now" });
});
