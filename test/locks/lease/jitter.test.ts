// How long a replica that stands by waits between two looks at the Lease.
import t from "tap";
import { UnavailableError } from "../../../src/kube/errors.ts";
import { electedActivity } from "../../../src/locks/lease/election.ts";
import type { LeaseStore } from "../../../src/locks/lease/store.ts";
import { virtualClock } from "../../kube/fixtures/clock.ts";

const nothing = () => undefined;
const unavailable = async () => {
	throw new UnavailableError("no answer", { operation: "test" });
};

/** Milliseconds until the second look, where the first got no answer. */
const waitWith = async (random: number): Promise<number> => {
	const steady = virtualClock();
	const activity = electedActivity({
		store: { read: unavailable, create: unavailable, write: unavailable } as unknown as LeaseStore,
		identity: "replica",
		clocks: { steady, wall: steady.now },
		logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
		random: () => random,
		metrics: { leading: nothing },
		timing: { duration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 },
	});
	activity.start(() => ({ stop: async () => undefined }));
	const wait = await steady.untilTimer(() => true);
	await activity.stop();
	return wait;
};

t.test("the retry period, and up to a fifth more, so that replicas do not look all at once", async (t) => {
	t.equal(await waitWith(0), 2_000);
	t.equal(await waitWith(0.5), 2_200);
	t.ok((await waitWith(0.999)) < 2_400);
});
