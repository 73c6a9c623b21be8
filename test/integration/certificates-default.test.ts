// The trust delay at its default, which other tests shorten: 60 seconds from the moment that all webhooks trust an authority
// until anything is served that it signed.
import { randomBytes } from "node:crypto";
import t from "tap";
import { createAuthority } from "../../certs/authority.ts";
import { eventually } from "../cluster/wait.ts";
import { currentIn, fingerprint, patchSecret, servedInOrder } from "./support/authorities.ts";
import { startCertificateWorld, startLoad } from "./support/certificates.ts";

const world = await startCertificateWorld(t, "default");
const { balancer } = world;
await Promise.all([world.replica(), world.replica(), world.replica()]);

t.test(
	"a Secret that is filled with another authority: it takes over in order, also for a replica that starts",
	async (t) => {
		t.equal(world.trustDelay, 60_000);
		const before = currentIn(world);
		const other = await createAuthority("brought", { now: new Date(), randomBytes, validSeconds: 30 * 86_400 });
		const theirs = fingerprint(other.certificate);
		const load = startLoad(world);
		await patchSecret(world, { "tls.crt": other.certificate, "tls.key": other.key });
		await eventually(() => currentIn(world) === before, { what: "ours is put back" });
		t.equal(fingerprint(world.secret()?.["next.crt"]), theirs, "theirs comes next");
		const began = Date.now();
		await world.replica();
		const servesTheirs = (target: number): boolean =>
			load.served.findLast(({ port }) => port === target)?.issuedBy === theirs;
		await eventually(() => balancer.targets.every(servesTheirs), {
			what: "all replicas serve with the other authority",
		});
		const { requests, lost, served } = await load.stop();
		t.same(lost, [], "no request was lost");
		servedInOrder(t, world, theirs, served);
		t.same(
			balancer.targets.map((target) => served.find(({ port }) => port === target)?.issuedBy),
			[before, before, before, before],
			"every replica, the new one too, served with ours until then",
		);
		t.comment(`${requests} requests, ${Date.now() - began} ms`);
		balancer.cut();
		await eventually(async () => (await world.admitted()) === true, { what: "new connections verify" });
	},
);
