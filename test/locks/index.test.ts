// How this process shares its work, as it is told: alone, by a Lease, or with locks in Redis.
import t from "tap";
import { LEASE } from "../../src/api/kinds.ts";
import { bindSharing, type SharingOptions } from "../../src/locks/index.ts";
import { LEASE_TIMING } from "../../src/locks/lease/rules.ts";
import { eventually } from "../cluster/wait.ts";
import { serveApi } from "../kube/fixtures/servedapi.ts";
import { OK, startFakeRedis } from "../redis/fake.ts";
import { addressOf } from "../redis/replica.ts";

const LEADER = { lease: "leader", timing: LEASE_TIMING };

const bound = (config: Partial<SharingOptions["config"]>, leading: boolean[] = []) => {
	const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
	return bindSharing({
		config: {
			kubeconfig: undefined,
			inClusterServer: undefined,
			namespace: "backups",
			identity: "pod-1",
			leaderElection: undefined,
			redis: undefined,
			...config,
		},
		logger: silent,
		metrics: { leading: (is) => void leading.push(is), locked: () => undefined, redisUp: () => undefined },
	});
};
const idle = { stop: async () => undefined };

t.test("alone: it works at once, with locks in memory", async (t) => {
	const { activity, locks, close } = await bound({});
	let may = false;
	activity.start((permit) => {
		may = permit.mayWrite();
		return idle;
	});
	t.ok(may);
	t.strictSame([activity.checks(), locks.checks()], [[], []]);
	t.equal((await locks.acquire("uid")).type, "held");
	t.equal((await locks.acquire("uid")).type, "busy");
	await activity.stop();
	await close();
});

t.test("with Redis: it works at once, with locks there", async (t) => {
	const server = await startFakeRedis(([name]) => (name?.toUpperCase() === "EVAL" ? ":-1\r\n" : OK));
	t.teardown(() => server.close());
	const { activity, locks, close } = await bound({ redis: addressOf(server), leaderElection: LEADER });
	let begun = false;
	activity.start(() => {
		begun = true;
		return idle;
	});
	t.ok(begun);
	await eventually(() => locks.checks().every(({ detail }) => !/not connected/.test(detail ?? "")), {
		timeout: 20,
		what: "Redis answers",
	});
	t.equal((await locks.acquire("uid")).type, "held");
	const [, , , key, token] = server.commands.at(-1)?.split("\n").at(-1)?.split(" ") ?? [];
	t.match(`${key} ${token}`, /uid|[0-9a-f]{32}/);
	await activity.stop();
	await close();
	await eventually(() => server.open() === 0, { timeout: 20, what: "the connection is closed" });
});

t.test("with a Lease: it works once it has that, under a name of its own, and gives it back", async (t) => {
	const { api, kubeconfig } = await serveApi(t, t.testdir({}));
	const leading: boolean[] = [];
	const { activity, locks, close } = await bound({ kubeconfig, leaderElection: LEADER }, leading);
	let may = false;
	t.match(activity.checks(), [{ name: "leader election", ok: true, detail: "stands by, nobody has it" }]);
	activity.start((permit) => {
		may = permit.mayWrite();
		return idle;
	});
	await eventually(() => may, { timeout: 20, what: "it leads" });
	const holder = () =>
		(api.get(LEASE, "backups/leader") as { spec?: { holderIdentity?: string } } | undefined)?.spec?.holderIdentity;
	t.match(holder(), /^pod-1_[0-9a-f-]{36}$/);
	t.match(activity.checks(), [{ name: "leader election", ok: true, detail: "leads" }]);
	t.strictSame(leading, [false, true]);
	t.equal((await locks.acquire("uid")).type, "held");
	await activity.stop();
	t.notOk(holder());
	t.strictSame(leading, [false, true, false]);
	t.match(activity.checks(), [{ detail: /^stands by, / }]);
	await close();
});

t.test("credentials that cannot be read", async (t) => {
	await t.rejects(bound({ kubeconfig: "/nowhere/config", leaderElection: LEADER }), {
		name: "UnavailableError",
	});
});
