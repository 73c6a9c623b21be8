import t from "tap";
import { heldSpec, type LeaseRecord, leaseRecord, releasedSpec } from "../../../src/locks/lease/record.ts";
import { expiry, LEASE_TIMING, type Move, nextMove, type Sighting, sight } from "../../../src/locks/lease/rules.ts";

const record = (change: Partial<LeaseRecord> = {}): LeaseRecord => ({
	uid: "u",
	resourceVersion: "7",
	holder: "other",
	durationSeconds: 15,
	transitions: 3,
	mark: "m1",
	...change,
});
const seen = (change: Partial<LeaseRecord>, since: number): Sighting => ({ record: record(change), since });

const moves: [what: string, found: LeaseRecord | undefined, last: Sighting | undefined, now: number, wanted: Move][] = [
	["none, none ever seen", undefined, undefined, 0, { type: "create" }],
	["held, just seen", record(), seen({}, 100), 100, { type: "wait", for: 15_000 }],
	["held, one millisecond left", record(), seen({}, 0), 14_999, { type: "wait", for: 1 }],
	["held, no sign of life for all its time", record(), seen({}, 0), 15_000, { type: "write", over: record() }],
	[
		"given back",
		record({ holder: "" }),
		seen({ holder: "" }, 100),
		100,
		{ type: "write", over: record({ holder: "" }) },
	],
	[
		"ours",
		record({ holder: "me" }),
		seen({ holder: "me" }, 100),
		100,
		{ type: "write", over: record({ holder: "me" }) },
	],
	["the holder's own duration counts", record(), seen({ durationSeconds: 60 }, 0), 59_000, { type: "wait", for: 1000 }],
	["no duration: ours", record(), seen({ durationSeconds: undefined }, 0), 14_000, { type: "wait", for: 1000 }],
	["deleted while somebody held it", undefined, seen({}, 0), 5000, { type: "wait", for: 10_000 }],
	["deleted, and its time is over", undefined, seen({}, 0), 15_000, { type: "create" }],
	["deleted after it was given back", undefined, seen({ holder: "" }, 0), 1, { type: "create" }],
];
for (const [what, found, last, now, wanted] of moves)
	t.test(what, (t) => {
		t.strictSame(nextMove(found, last, "me", now, LEASE_TIMING), wanted);
		t.end();
	});

t.test("a sign of life is any write by a holder, seen by our own clock", (t) => {
	const first = sight(undefined, record(), 10);
	t.strictSame(first, { record: record(), since: 10 });
	const relabelled = sight(first, record({ resourceVersion: "8" }), 20);
	t.equal(relabelled.since, 10, "a label is none");
	t.equal(relabelled.record.resourceVersion, "8", "but the version to write over");
	t.equal(sight(relabelled, record({ mark: "m2" }), 30).since, 30);
	t.equal(expiry(seen({}, 10), LEASE_TIMING), 15_010);
	t.end();
});

t.test("a holder stops well before the next one may start", (t) => {
	t.ok(LEASE_TIMING.duration - LEASE_TIMING.renewDeadline >= 5000);
	t.ok(LEASE_TIMING.renewDeadline > LEASE_TIMING.retryPeriod * 2, "a failed renewal can be tried again");
	t.end();
});

t.test("what is read and written", (t) => {
	const now = new Date("2026-01-02T03:04:05.678Z");
	const writer = { identity: "me", durationSeconds: 15, now };
	const time = "2026-01-02T03:04:05.678000Z";
	t.strictSame(heldSpec(undefined, writer), {
		holderIdentity: "me",
		leaseDurationSeconds: 15,
		renewTime: time,
		acquireTime: time,
	});
	t.strictSame(heldSpec(record(), writer), {
		holderIdentity: "me",
		leaseDurationSeconds: 15,
		renewTime: time,
		acquireTime: time,
		leaseTransitions: 4,
	});
	t.strictSame(
		heldSpec(record({ holder: "me" }), writer),
		{ holderIdentity: "me", leaseDurationSeconds: 15, renewTime: time },
		"a renewal changes the time alone",
	);
	t.strictSame(releasedSpec(now), { holderIdentity: "", leaseDurationSeconds: 1, renewTime: time });
	t.match(leaseRecord({}), { holder: "", durationSeconds: undefined, transitions: 0, resourceVersion: "" });
	t.match(leaseRecord({ spec: { leaseDurationSeconds: 0 } }), { durationSeconds: undefined });
	const metadata = { uid: "u", resourceVersion: "9" };
	const spec = { holderIdentity: "a", leaseDurationSeconds: 5, leaseTransitions: 2, renewTime: time };
	t.match(leaseRecord({ metadata, spec }), {
		uid: "u",
		resourceVersion: "9",
		holder: "a",
		durationSeconds: 5,
		transitions: 2,
	});
	t.end();
});
