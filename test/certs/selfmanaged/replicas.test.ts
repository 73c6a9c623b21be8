// Any number of replicas, any order of their calls, anything done to the Secret and the configurations, and time that passes or
// jumps: in the end the bundle verifies what is served, within ten seconds, and nobody changes a valid certificate for one that
// was not trusted for the trust delay, less what their clocks differ by.

import t from "tap";
import type { FoundConfiguration } from "../../../certs/selfmanaged/gather.ts";
import { CONFIGURATION_KINDS, type WebhookConfiguration } from "../../../certs/selfmanaged/gather.ts";
import { createReplica, type Replica } from "../../../certs/selfmanaged/replica.ts";
import { secretData } from "../../../certs/selfmanaged/secret.ts";
import { certificatesIn, isValid, type Leaf } from "../../../certs/x509.ts";
import { SECRET } from "../../../src/api/kinds.ts";
import type { Secret } from "../../../src/api/kubernetes.ts";
import fc from "../../property.ts";
import { cheapAuthority, cheapIssuer, DAY, HOUR, mapKube, SECOND } from "../fixtures.ts";

const NAMES = { namespace: "backups", secret: "ca", configuration: "bmc" };
const KEY = { namespace: NAMES.namespace, name: NAMES.secret };

interface Running {
	replica: Replica;
	leaf: Leaf | undefined;
	/** By the true clock. */
	due: number;
	/** Milliseconds by which its clock is ahead. */
	difference: number;
}

/** What a run of the simulation draws. */
interface Circumstances {
	/** Seconds by which each replica's clock is ahead. */
	ahead: readonly number[];
	/** Seconds. */
	trustDelay: number;
}

/** Seconds. The most by which the clocks of two replicas differ is twice this. */
const CLOCKS_DIFFER = 7;

/** Everything that can happen. */
type Event =
	| { do: "pass"; seconds: number }
	| { do: "restart" | "stop" | "start"; which: number }
	| { do: "delete" | "expire" | "exchange" | "wipe" | "revert" | "mix" }
	| { do: "lose"; key: string }
	| { do: "remove" | "restore"; configuration: number };

const keys = ["tls.crt", "tls.key", "next.crt", "next.key", "ca.crt", "published"];
const events: fc.Arbitrary<Event> = fc.oneof(
	fc.record({
		do: fc.constant("pass" as const),
		seconds: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 40 * 86_400 })),
	}),
	fc.record({ do: fc.constantFrom("restart" as const, "stop" as const, "start" as const), which: fc.nat(2) }),
	fc.record({
		do: fc.constantFrom(
			"delete" as const,
			"expire" as const,
			"exchange" as const,
			"wipe" as const,
			"revert" as const,
			"mix" as const,
		),
	}),
	fc.record({ do: fc.constant("lose" as const), key: fc.constantFrom(...keys) }),
	fc.record({ do: fc.constantFrom("remove" as const, "restore" as const), configuration: fc.nat(1) }),
);

const clocks = fc.array(fc.integer({ min: -CLOCKS_DIFFER, max: CLOCKS_DIFFER }), { minLength: 3, maxLength: 3 });

/** Clocks that agree, too: only then the shortest delays promise anything. */
const circumstances: fc.Arbitrary<Circumstances> = fc.record({
	ahead: fc.oneof(fc.constant([0, 0, 0]), clocks),
	trustDelay: fc.oneof(fc.constant(60), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 600 })),
});

const configurationOf = (kind: (typeof CONFIGURATION_KINDS)[number], caBundle = ""): WebhookConfiguration =>
	({
		kind: kind.kind,
		metadata: { name: NAMES.configuration },
		webhooks: [
			{ name: "one", clientConfig: { caBundle } },
			{ name: "two", clientConfig: { caBundle } },
		],
	}) as unknown as WebhookConfiguration;

const createSimulation = (scheduler: fc.Scheduler, { ahead, trustDelay }: Circumstances) => {
	const atLeast = (trustDelay - (Math.max(...ahead) - Math.min(...ahead))) * SECOND;
	let now = 1_790_000_000_000;
	/** Since when a certificate has been in all bundles, but for the times when people wiped them. */
	const trustedSince = new Map<string, number>();
	const kube = mapKube(
		() => scheduler.schedule(Promise.resolve()),
		() => {
			const bundles = bundlesNow().filter((bundle) => bundle !== "");
			const inAll = (fingerprint: string): boolean =>
				bundles.every((bundle) => certificatesIn(bundle).some((one) => one.fingerprint === fingerprint));
			for (const fingerprint of trustedSince.keys()) if (!inAll(fingerprint)) trustedSince.delete(fingerprint);
			for (const { fingerprint } of bundles.flatMap(certificatesIn))
				if (inAll(fingerprint) && !trustedSince.has(fingerprint)) trustedSince.set(fingerprint, now);
		},
	);
	const present = (): FoundConfiguration["object"][] =>
		CONFIGURATION_KINDS.flatMap(
			({ plural }) => (kube.objects.get(`${plural} /${NAMES.configuration}`) as WebhookConfiguration | undefined) ?? [],
		);
	function bundlesNow(): string[] {
		return present().flatMap(({ webhooks = [] }) =>
			webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? "", "base64").toString()),
		);
	}
	const replicas: (Running | undefined)[] = [undefined, undefined, undefined];
	const tooEarly: string[] = [];
	const start = (which: number): Running => {
		const difference = (ahead[which] ?? 0) * SECOND;
		const self: Running = {
			leaf: undefined,
			due: now,
			difference,
			replica: createReplica({
				kube,
				names: NAMES,
				// As by default; shorter ones cost a simulation ten times as many renewals, all of them alike.
				issuer: cheapIssuer(7 * DAY),
				trustDelay: trustDelay * SECOND,
				now: () => now + difference,
				onStep: () => undefined,
				onDamage: () => undefined,
				onLeaf: (leaf) => {
					const before = self.leaf;
					const since = trustedSince.get(leaf.issuer.fingerprint) ?? Number.POSITIVE_INFINITY;
					const others = running().flatMap((one) => (one === self ? [] : (one.leaf ?? [])));
					const serving = before === undefined ? others : [before];
					const inUse = serving.filter((one) => isValid(one, now) && trustedSince.has(one.issuer.fingerprint));
					const changes =
						inUse.length > 0 && inUse.every(({ issuer }) => issuer.fingerprint !== leaf.issuer.fingerprint);
					if (changes && present().length > 0 && now - since < atLeast)
						tooEarly.push(`${leaf.issuer.fingerprint} after ${(now - since) / SECOND} s`);
					self.leaf = leaf;
				},
			}),
		};
		return self;
	};
	const running = (): Running[] => replicas.flatMap((one) => one ?? []);
	const settleAll = async (): Promise<void> => {
		const settle = async (one: Running): Promise<void> => {
			one.due = (await one.replica.settle()) - one.difference;
		};
		// As watches do: whoever writes wakes all, until none writes.
		for (let before = -1; before !== kube.writes(); ) {
			before = kube.writes();
			await scheduler.waitFor(Promise.all(running().map(settle)));
		}
	};
	/** Time passes, and nobody misses an instant; in between nobody does anything. */
	const pass = async (seconds: number): Promise<void> => {
		const end = now + seconds * SECOND;
		while (now < end) {
			const due = Math.min(end, ...running().map((one) => one.due));
			const before = kube.writes();
			now = Math.max(now + 1, Math.floor((now + due) / 2));
			const leaves = running().map(({ leaf }) => leaf);
			if (now < due) {
				await settleAll();
				const idle = kube.writes() === before && running().every(({ leaf }, index) => leaf === leaves[index]);
				if (!idle) throw new Error("something was done before it was due");
			}
			now = Math.max(now, due);
			await settleAll();
		}
	};
	const secret = (): Secret | undefined =>
		kube.objects.get(`secrets ${KEY.namespace}/${KEY.name}`) as Secret | undefined;
	const change = (data: Record<string, string>): void => {
		const found = secret();
		if (found !== undefined) kube.put(SECRET, { ...found, data: { ...found.data, ...data } } as Secret);
	};
	const pairData = (notBefore: number, notAfter: number): Record<string, string> => {
		const current = cheapAuthority(notBefore, notAfter);
		const all = secretData({ current, next: undefined, trusted: [], published: new Map() });
		return { "tls.crt": all["tls.crt"] ?? "", "tls.key": all["tls.key"] ?? "" };
	};
	const happen = async (event: Event): Promise<void> => {
		if (event.do === "pass") return pass(event.seconds);
		if (event.do === "stop") replicas[event.which] = undefined;
		if (event.do === "restart") replicas[event.which] = start(event.which);
		if (event.do === "start") replicas[event.which] ??= start(event.which);
		if (event.do === "delete") kube.remove(SECRET, KEY);
		if (event.do === "lose") change({ [event.key]: "" });
		if (event.do === "expire") change(pairData(now - 60 * DAY, now - HOUR));
		if (event.do === "exchange") change(pairData(now - HOUR, now + 60 * DAY));
		if (event.do === "mix") change({ "tls.crt": pairData(now - HOUR, now + DAY)["tls.crt"]?.slice(0, 200) ?? "" });
		if (event.do === "wipe")
			for (const kind of CONFIGURATION_KINDS) if (present().length > 0) kube.put(kind, configurationOf(kind));
		// As a tool does that keeps the bundle of before.
		if (event.do === "revert")
			for (const kind of CONFIGURATION_KINDS)
				if (present().length > 0) kube.put(kind, configurationOf(kind, secret()?.data?.["tls.crt"]));
		if (event.do === "remove" || event.do === "restore") {
			const kind = CONFIGURATION_KINDS[event.configuration] ?? SECRET;
			if (event.do === "remove") kube.remove(kind, { name: NAMES.configuration });
			else kube.put(kind, configurationOf(kind as (typeof CONFIGURATION_KINDS)[number]));
		}
		return settleAll();
	};
	/** What is wrong where all should be well. */
	const problems = (): string[] => {
		const found: string[] = [...tooEarly];
		for (const { leaf, replica } of running()) {
			if (leaf === undefined || !isValid(leaf, now)) found.push("a replica has nothing valid to serve with");
			else
				for (const bundle of bundlesNow())
					if (!certificatesIn(bundle).some(({ fingerprint }) => fingerprint === leaf.issuer.fingerprint))
						found.push("a bundle does not verify what is served");
			if (!replica.check().ok) found.push(`not ready: ${replica.check().detail}`);
		}
		for (const bundle of bundlesNow())
			if (
				certificatesIn(bundle).some(({ notAfter }) => notAfter <= now - CLOCKS_DIFFER * SECOND) &&
				running().length > 0
			)
				found.push("a bundle trusts what is expired");
		return found;
	};
	return { replicas, start, kube, happen, pass, settleAll, problems };
};

t.test("the bundle always verifies the certificate that is served", async (t) => {
	t.setTimeout(240_000);
	await fc.assert(
		fc.asyncProperty(
			fc.scheduler(),
			circumstances,
			fc.array(events, { maxLength: 12 }),
			async (scheduler, drawn, happenings) => {
				const simulation = createSimulation(scheduler, drawn);
				for (const kind of CONFIGURATION_KINDS) simulation.kube.put(kind, configurationOf(kind));
				for (const index of [0, 1, 2]) simulation.replicas[index] = simulation.start(index);
				await simulation.settleAll();
				for (const event of happenings) {
					await simulation.happen(event);
					await simulation.pass(10);
					const found = simulation.problems();
					if (found.length > 0) throw new Error(`after ${JSON.stringify(event)}: ${found.join("; ")}`);
				}
			},
		),
		{ numRuns: 40 },
	);
	t.pass();
});
