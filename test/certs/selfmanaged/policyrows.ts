// Every situation of our own certificates, as a row: what is there, and the one thing that is done next.
import { bundleText } from "../../../certs/selfmanaged/bundle.ts";
import type { Bundles, Input, Step, Stored } from "../../../certs/selfmanaged/state.ts";
import type { Authority, Certificate, Leaf } from "../../../certs/x509.ts";

export const SECOND = 1000;
export const DAY = 86_400 * SECOND;
/** The present of all rows. */
export const NOW = 1_000 * DAY;

export const authority = (name: string, from = NOW - 10 * DAY, to = NOW + 80 * DAY): Authority => ({
	fingerprint: name,
	pem: `<${name}>`,
	key: `key of ${name}`,
	notBefore: from,
	notAfter: to,
});
export const leafOf = (issuer: Authority, from = NOW - DAY, to = NOW + 6 * DAY): Leaf => ({
	...authority(`leaf of ${issuer.fingerprint}`, from, to),
	issuer,
});

export const a = authority("a");
export const b = authority("b", NOW - DAY);
export const foreign = authority("foreign", NOW - 20 * DAY);
export const expired = authority("expired", NOW - 90 * DAY, NOW);
export const future = authority("future", NOW + DAY);
export const old = authority("old", NOW - 60 * DAY, NOW + 30 * DAY);

export const bundles = (...certificates: Certificate[]): Bundles => ({
	texts: [bundleText(certificates), bundleText(certificates)],
	certificates: [certificates, certificates],
});
export const stored = (parts: Partial<Stored> = {}): Stored => ({
	current: a,
	next: undefined,
	trusted: [a],
	published: new Map([["a", NOW - DAY]]),
	damage: [],
	...parts,
});
export const both = (...certificates: Certificate[]): Bundles[] => [bundles(...certificates), bundles(...certificates)];

export const CALM: Input = {
	now: NOW,
	trustDelay: 60 * SECOND,
	stored: stored(),
	configurations: both(a),
	leaf: leafOf(a),
	remembered: new Map(),
	withoutLeafSince: NOW,
};
export const ago = (seconds: number, name = "b"): Map<string, number> =>
	new Map([
		["a", NOW - DAY],
		[name, NOW - seconds * SECOND],
	]);

/** A step in few words: `write a+new`, `sign b`, `publish <a><b>`, `wait`. */
export const said = (step: Step): string => {
	if (step.do === "publish") return `publish ${step.bundle}`;
	if (step.do === "sign") return `sign ${step.authority.fingerprint}`;
	if (step.do === "wait") return "wait";
	const { current, next } = step.wanted;
	const name = (one: Authority | "new" | undefined): string =>
		one === undefined ? "" : `+${one === "new" ? "new" : one.fingerprint}`;
	return `${step.do} ${name(current).slice(1)}${name(next)}`;
};

export const rows: [situation: string, parts: Partial<Input>, wanted: string][] = [
	["all is well", {}, "wait"],
	["nothing is there", { stored: undefined, leaf: undefined, configurations: both() }, "create new"],
	["a Secret that this replica did not make", { leaf: undefined }, "sign a"],
	[
		"no configurations yet",
		{ leaf: undefined, configurations: [], stored: stored({ published: new Map() }) },
		"sign a",
	],
	["no configurations, and served", { configurations: [] }, "wait"],
	["a bundle is empty", { configurations: [bundles(a), bundles()] }, "publish <a>"],
	[
		"a bundle has something else",
		{ configurations: both(foreign, a).map((one) => ({ ...one, texts: ["x"] })) },
		"publish <foreign><a>",
	],
	["what expires leaves", { configurations: both(expired, a) }, "publish <a>"],
	["what is trusted elsewhere comes back", { stored: stored({ trusted: [a, old] }) }, "publish <old><a>"],
	[
		"what expires in four minutes does not",
		{ stored: stored({ trusted: [a, authority("brief", 0, NOW + 240 * SECOND)] }) },
		"wait",
	],
	["publication is recorded", { stored: stored({ published: new Map() }) }, "write a"],
	[
		"a publication far in the future is none",
		{ stored: stored({ published: new Map([["a", NOW + DAY]]) }) },
		"write a",
	],
	[
		"a publication a little in the future may be",
		{ stored: stored({ published: new Map([["a", NOW + 5 * SECOND]]) }) },
		"wait",
	],

	["the leaf: two thirds are over", { leaf: leafOf(a, NOW - 5 * DAY, NOW + 2 * DAY) }, "sign a"],
	["the leaf: nearly two thirds", { leaf: leafOf(a, NOW - 4 * DAY, NOW + 3 * DAY) }, "wait"],
	["the leaf: expired", { leaf: leafOf(a, NOW - 5 * DAY, NOW) }, "sign a"],
	["the leaf: of a clock that was ahead", { leaf: leafOf(a, NOW + DAY, NOW + 2 * DAY) }, "sign a"],
	["the leaf: it could not live longer", { leaf: leafOf(a, NOW - 300 * DAY, a.notAfter) }, "wait"],

	["the authority: two thirds are over", { ...servedBy(old) }, "write old+new"],
	["the next one is published first", { stored: stored({ next: b }), configurations: both(a) }, "publish <a><b>"],
	["then it is recorded", { stored: stored({ next: b }), configurations: both(a, b) }, "write a+b"],
	["then it waits", { stored: stored({ next: b, published: ago(59) }), configurations: both(a, b) }, "wait"],
	["then it takes over", { stored: stored({ next: b, published: ago(60) }), configurations: both(a, b) }, "write b"],
	[
		"then the leaf is its own",
		{ stored: stored({ current: b, trusted: [a, b], published: ago(60) }), configurations: both(a, b) },
		"sign b",
	],
	[
		"a replica whose clock is behind waits with that, and takes nothing back",
		{ stored: stored({ current: b, trusted: [a, b], published: ago(50) }), configurations: both(a, b) },
		"wait",
	],
	[
		"its minute begins again where it is not trusted any more",
		{ stored: stored({ next: b, published: ago(59) }), configurations: [bundles(a, b), bundles(a)] },
		"write a+b",
	],
	[
		"its minute begins again where there is no configuration any more",
		{ stored: stored({ next: b, published: ago(59) }), configurations: [] },
		"write a+b",
	],
	["it expired before its time came", { stored: stored({ next: expired }) }, "wait"],
	[
		"both are over",
		{ ...servedBy(old), stored: stored({ current: old, next: expired, trusted: [old], published: ago(999, "old") }) },
		"write old+new",
	],

	["deleted, and held here", { stored: undefined }, "create a+new"],
	["deleted, and the leaf's authority expired", { stored: undefined, leaf: leafOf(expired) }, "create new"],
	["damaged, and held here", { stored: stored({ current: undefined }) }, "write a"],
	["damaged, and held here, with a next one", { stored: stored({ current: undefined, next: b }) }, "write a+b"],
	["damaged, and the next one is held", { stored: stored({ current: undefined, next: a }) }, "write a"],
	["damaged, and nothing is held", { stored: stored({ current: undefined }), leaf: undefined }, "write new"],
	["damaged, and there is a next one", { stored: stored({ current: undefined, next: b }), leaf: undefined }, "write b"],
	["expired", { stored: stored({ current: expired }), leaf: leafOf(expired, NOW - DAY, NOW) }, "write new"],
	[
		"replaced by a replica whose clock is ahead, when the old one is about to expire",
		{
			stored: stored({ current: b, trusted: [b], published: new Map() }),
			leaf: leafOf(authority("brief", 0, NOW + 20 * SECOND), NOW - DAY, NOW + 20 * SECOND),
			configurations: both(b),
		},
		"write b",
	],
	[
		"replaced likewise, when the old one is not",
		{
			stored: stored({ current: b, trusted: [b], published: new Map() }),
			leaf: leafOf(authority("brief", 0, NOW + 40 * SECOND), NOW - DAY, NOW + 40 * SECOND),
			configurations: both(b),
		},
		"write brief+b",
	],
	[
		"expired, and the next one too",
		{ stored: stored({ current: expired, next: expired }), leaf: undefined },
		"write new",
	],
	["from the future", { stored: stored({ current: future }), leaf: undefined }, "write new"],

	["exchanged: ours is put back, theirs comes next", { stored: stored({ current: foreign }) }, "write a+foreign"],
	[
		"exchanged, published just now",
		{ stored: stored({ current: foreign, published: ago(30, "foreign") }) },
		"write a+foreign",
	],
	[
		"exchanged long ago",
		{ stored: stored({ current: foreign, published: ago(61, "foreign") }), configurations: both(a, foreign) },
		"sign foreign",
	],
	[
		"exchanged, nothing held, nobody else trusted",
		{ stored: stored({ current: b }), leaf: undefined, configurations: both(b) },
		"sign b",
	],
	[
		"exchanged, nothing held: others may put theirs back",
		{ stored: stored({ current: b }), leaf: undefined, configurations: both(a) },
		"publish <a><b>",
	],
	[
		"exchanged, nothing held: what is trusted beside it is expired, so nobody serves with it",
		{ stored: stored({ current: b }), leaf: undefined, configurations: both(expired, b) },
		"sign b",
	],
	[
		"exchanged, nothing held: what is trusted beside it is not valid yet",
		{ stored: stored({ current: b }), leaf: undefined, configurations: both(future, b) },
		"sign b",
	],
	[
		"nothing held: what is trusted beside it is the next one, which signs nothing yet",
		{ stored: stored({ next: b, published: new Map() }), leaf: undefined, configurations: both(a, b) },
		"sign a",
	],
	[
		"but for three seconds only",
		{ stored: stored({ current: b }), leaf: undefined, configurations: both(a), withoutLeafSince: NOW - 3 * SECOND },
		"sign b",
	],
	[
		"a leaf that ran out while another came in order",
		{
			stored: stored({ current: b, published: ago(50) }),
			leaf: leafOf(a, NOW - 7 * DAY, NOW),
			configurations: both(b),
		},
		"sign b",
	],
];

/** All is well, with this authority. */
function servedBy(one: Authority): Partial<Input> {
	return {
		stored: stored({ current: one, trusted: [one], published: ago(999, one.fingerprint) }),
		configurations: both(one),
		leaf: leafOf(one),
	};
}
