// What is done next in every situation of our own certificates (see policyrows.ts), why, and until when nothing is.
import t from "tap";
import { bundleText } from "../../../certs/selfmanaged/bundle.ts";
import { decide } from "../../../certs/selfmanaged/policy.ts";
import type { Input } from "../../../certs/selfmanaged/state.ts";
import {
	a,
	ago,
	authority,
	b,
	both,
	bundles,
	CALM,
	DAY,
	leafOf,
	NOW,
	old,
	rows,
	SECOND,
	said,
	stored,
} from "./policyrows.ts";

for (const [situation, parts, wanted] of rows)
	t.test(situation, async (t) => {
		t.equal(said(decide({ ...CALM, ...parts })), wanted);
	});

t.test("what is put back keeps the time of its publication", async (t) => {
	const step = decide({ ...CALM, stored: undefined, remembered: new Map([["a", NOW - DAY]]) });
	t.same(step.do === "create" && [...step.wanted.published], [["a", NOW - DAY]]);
});

t.test("what is trusted is kept when the Secret is written", async (t) => {
	const step = decide({ ...CALM, stored: undefined, configurations: both(old, a) });
	t.same(step.do === "create" && step.wanted.trusted, [old, a]);
});

t.test("a bundle has no more than 16 certificates that are not the plan's: the newest", async (t) => {
	const many = Array.from({ length: 20 }, (_, index) => authority(`many-${index}`, NOW - (40 - index) * DAY));
	const step = decide({ ...CALM, configurations: both(...many) });
	t.equal(said(step), `publish ${bundleText([...many.slice(4), a])}`);
});

t.test("waits for the first instant at which something is due", async (t) => {
	const until = (parts: Partial<Input>): number => {
		const step = decide({ ...CALM, ...parts });
		return step.do === "wait" ? (step.until - NOW) / SECOND : Number.NaN;
	};
	const leaf = leafOf(a);
	t.equal(until({}), (leaf.notBefore + (7 * DAY * 2) / 3 - NOW) / SECOND, "the leaf");
	t.equal(until({ stored: stored({ next: b, published: ago(45) }), configurations: both(a, b) }), 15, "the next one");
	t.equal(
		until({ stored: stored({ current: b, trusted: [a, b], published: ago(50) }), configurations: both(a, b) }),
		10,
		"the leaf of another authority",
	);
	t.equal(
		until({
			stored: stored({ current: b, published: ago(1) }),
			leaf: undefined,
			configurations: both(a, b),
			withoutLeafSince: NOW - 2 * SECOND,
		}),
		1,
		"others' repairs",
	);
	const brief = authority("brief", 0, NOW + 10 * SECOND);
	t.equal(until({ configurations: both(brief, a) }), 10, "what leaves the bundle");
});

t.test("a minute that begins again is forgotten for the next authority alone", async (t) => {
	for (const configurations of [[], [bundles(a, b), bundles(a)]]) {
		const step = decide({ ...CALM, stored: stored({ next: b, published: ago(59) }), configurations });
		t.same(step.do === "write" && [...step.wanted.published], [["a", NOW - DAY]]);
	}
});

t.test("each step says why", async (t) => {
	const whys = rows.flatMap(([, parts, wanted]) => {
		const step = decide({ ...CALM, ...parts });
		return "why" in step ? [`${wanted.split(" ")[0]}: ${step.why}`] : [];
	});
	t.strictSame([...new Set(whys)].sort(), [
		"create: there is no Secret",
		"sign: there is another authority",
		"sign: there is no serving certificate",
		"sign: two thirds of the serving certificate's life are over",
		"write: all webhooks trust it",
		"write: another authority was put in place of ours",
		"write: nothing can sign",
		"write: only the next authority can sign",
		"write: the next authority is not trusted everywhere any more",
		"write: the next authority's time has come",
		"write: two thirds of the authority's life are over",
		"write: what can sign is put back into the Secret",
	]);
});

t.test("the trust delay, short and long", async (t) => {
	const next = (seconds: number, trustDelay: number): Partial<Input> => ({
		trustDelay: trustDelay * SECOND,
		stored: stored({ next: b, published: ago(seconds) }),
		configurations: both(a, b),
	});
	const cases: [situation: string, parts: Partial<Input>, wanted: string][] = [
		["3 s: it waits", next(2, 3), "wait"],
		["3 s: it takes over", next(3, 3), "write b"],
		["10 minutes: it waits", next(599, 600), "wait"],
		["10 minutes: it takes over", next(600, 600), "write b"],
		["3 s: recorded by a clock that is ahead, it waits with that", next(-14, 3), "wait"],
		["3 s: recorded by a clock that was wrong, it is recorded again", next(-16, 3), "write a+b"],
	];
	for (const [situation, parts, wanted] of cases) t.equal(said(decide({ ...CALM, ...parts })), wanted, situation);
	const step = decide({ ...CALM, ...next(-14, 3) });
	t.equal(step.do === "wait" && step.until, NOW + 17 * SECOND);
});
