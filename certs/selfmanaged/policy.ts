// The one place that decides about our certificates: from one record of what is there, the one thing to do next. Whoever asks
// again after each step comes to rest, and several replicas that do so with conditional writes come to rest together.
//
// The rules: an authority signs only once all webhooks have trusted it for the trust delay (an API server learns of a changed
// configuration a moment later, and there may be several). Where nothing valid is left to serve with there is nothing to
// lose, and nothing is waited for. Who still holds a valid authority puts it back where the Secret lost it.
import { type Authority, isValid, renewalTime } from "../x509.ts";
import { bundleText, isInAllBundles, trustedBy } from "./bundle.ts";
import type { Input, Step, Stored, Wanted } from "./state.ts";

/** Milliseconds by which clocks of replicas may differ, so that one does not take back what another was right to do. */
const CLOCKS_DIFFER = 15_000;
/** Milliseconds for which a replica that has nothing lets others put back what they still hold. */
export const LET_OTHERS_REPAIR = 3_000;

/** What the later rules may rely on: a Secret with an authority that is valid now; the next one is, too, or is none. */
interface Sound extends Input {
	readonly stored: Stored & { readonly current: Authority };
}

const same = (one: { fingerprint: string }, other: { fingerprint: string } | undefined): boolean =>
	one.fingerprint === other?.fingerprint;

/**
 * When it was published, in milliseconds since the epoch. A time too far in the future comes of a clock that was wrong,
 * and is none; one that clocks which differ explain is kept, however short the delay.
 */
const publicationOf = ({ now, trustDelay, stored }: Input, { fingerprint }: Authority): number | undefined => {
	const time = stored?.published.get(fingerprint);
	return time === undefined || time > now + Math.max(trustDelay, CLOCKS_DIFFER) ? undefined : time;
};

/**
 * The authority behind what this replica serves with, while that can still sign: not only by the clock here, or a replica
 * whose clock is ahead would throw it away as often as it is put back.
 */
const heldBy = ({ leaf, now }: Input): Authority | undefined =>
	leaf !== undefined && isValid(leaf.issuer, now) && isValid(leaf.issuer, now + 2 * CLOCKS_DIFFER)
		? leaf.issuer
		: undefined;

const validOr = (authority: Authority | undefined, now: number): Authority | undefined =>
	authority !== undefined && isValid(authority, now) ? authority : undefined;

/** The Secret's content with changes; what was trusted stays so. */
const changed = (input: Input, wanted: Pick<Wanted, "current" | "next">): Wanted => ({
	trusted: trustedBy(input),
	published: input.stored?.published ?? new Map(),
	...wanted,
});

/** As `changed`, with an authority from memory in front, and what is remembered of its publication. */
const restored = (input: Input, held: Authority, next: Wanted["next"]): Wanted => {
	const wanted = changed(input, { current: held, next });
	const time = input.remembered.get(held.fingerprint);
	if (time === undefined || wanted.published.has(held.fingerprint)) return wanted;
	return { ...wanted, published: new Map([...wanted.published, [held.fingerprint, time]]) };
};

/** No Secret: who deletes it wants a new authority, which comes in order where the old one can still sign. */
const create = (input: Input): Step => {
	const held = heldBy(input);
	const why = "there is no Secret";
	if (held === undefined) return { do: "create", wanted: changed(input, { current: "new", next: undefined }), why };
	return { do: "create", wanted: restored(input, held, "new"), why };
};

/** Nothing in the Secret can sign. */
const replace = (input: Input): Step => {
	const held = heldBy(input);
	const next = validOr(input.stored?.next, input.now);
	if (held !== undefined) {
		const wanted = restored(input, held, next !== undefined && !same(next, held) ? next : undefined);
		return { do: "write", wanted, why: "what can sign is put back into the Secret" };
	}
	if (next !== undefined) {
		const wanted = changed(input, { current: next, next: undefined });
		return { do: "write", wanted, why: "only the next authority can sign" };
	}
	return { do: "write", wanted: changed(input, { current: "new", next: undefined }), why: "nothing can sign" };
};

/** Somebody exchanged the authority, while ours can still sign: theirs comes in order, as any next one. */
const putBack = (input: Input, current: Authority): Step | undefined => {
	const held = heldBy(input);
	if (held === undefined || same(held, current)) return undefined;
	const publication = publicationOf(input, current);
	if (publication !== undefined && publication + input.trustDelay - CLOCKS_DIFFER <= input.now) return undefined;
	return { do: "write", wanted: restored(input, held, current), why: "another authority was put in place of ours" };
};

/** Whether some other authority is trusted, so that other replicas may serve with it. */
const othersMayServe = ({ configurations, stored, now }: Sound): boolean =>
	configurations.some(({ certificates }) =>
		certificates
			.flat()
			.some(
				(certificate) =>
					isValid(certificate, now) && !same(certificate, stored.current) && !same(certificate, stored.next),
			),
	);

const trustedLongEnough = (input: Sound): number => {
	const publication = publicationOf(input, input.stored.current);
	return publication === undefined ? Number.POSITIVE_INFINITY : publication + input.trustDelay;
};

/** When this replica may sign by the current authority, in milliseconds since the epoch; infinite: not as things are. */
const maySignFrom = (input: Sound): number => {
	const { leaf, now, stored, configurations, withoutLeafSince } = input;
	if (configurations.length === 0 || same(stored.current, leaf?.issuer)) return now;
	const inOrder = trustedLongEnough(input);
	if (leaf !== undefined && isValid(leaf, now)) return inOrder;
	return Math.min(inOrder, othersMayServe(input) ? withoutLeafSince + LET_OTHERS_REPAIR : now);
};

/** When the serving certificate should be another one, in milliseconds since the epoch, and why. */
const leafDue = ({ leaf, stored: { current } }: Sound): { from: number; why: string } => {
	if (leaf === undefined) return { from: Number.NEGATIVE_INFINITY, why: "there is no serving certificate" };
	if (!same(current, leaf.issuer)) return { from: Number.NEGATIVE_INFINITY, why: "there is another authority" };
	// What could not live longer is not worth making.
	const from = leaf.notAfter >= current.notAfter ? leaf.notAfter : renewalTime(leaf);
	return { from, why: "two thirds of the serving certificate's life are over" };
};

const sign = (input: Sound): Step | undefined => {
	const { now, stored, leaf } = input;
	const due = leafDue(input);
	const needed = due.from <= now || (leaf !== undefined && !isValid(leaf, now));
	if (!needed || maySignFrom(input) > now) return undefined;
	return { do: "sign", authority: stored.current, why: due.why };
};

/** The next authority is not trusted everywhere any more: its delay begins again. */
const forgetPublication = (input: Sound): Step | undefined => {
	const { stored, configurations } = input;
	const { next, current } = stored;
	if (next === undefined || !stored.published.has(next.fingerprint)) return undefined;
	if (configurations.length > 0 && isInAllBundles(configurations, next)) return undefined;
	const published = new Map([...stored.published].filter(([fingerprint]) => fingerprint !== next.fingerprint));
	const wanted = { ...changed(input, { current, next }), published };
	return { do: "write", wanted, why: "the next authority is not trusted everywhere any more" };
};

const publish = (input: Sound): Step | undefined => {
	const bundle = bundleText(trustedBy(input));
	const current = input.configurations.every(({ texts }) => texts.every((text) => text === bundle));
	return current ? undefined : { do: "publish", bundle };
};

/** Comes after `publish`, so that what is recorded is true. */
const recordPublication = (input: Sound): Step | undefined => {
	const { stored, configurations, now } = input;
	const { current, next } = stored;
	if (configurations.length === 0) return undefined;
	const unrecorded = [current, next].filter(
		(authority) => authority !== undefined && publicationOf(input, authority) === undefined,
	) as Authority[];
	if (unrecorded.length === 0) return undefined;
	const published = new Map([
		...stored.published,
		...unrecorded.map(({ fingerprint }): [string, number] => [fingerprint, now]),
	]);
	return { do: "write", wanted: { ...changed(input, { current, next }), published }, why: "all webhooks trust it" };
};

/** When the next authority takes over, in milliseconds since the epoch. */
const promotionTime = (input: Sound): number => {
	const { next } = input.stored;
	const publication = next === undefined ? undefined : publicationOf(input, next);
	return publication === undefined ? Number.POSITIVE_INFINITY : publication + input.trustDelay;
};

const promote = (input: Sound): Step | undefined => {
	const { next } = input.stored;
	if (next === undefined || promotionTime(input) > input.now) return undefined;
	return {
		do: "write",
		wanted: changed(input, { current: next, next: undefined }),
		why: "the next authority's time has come",
	};
};

const begin = (input: Sound): Step | undefined => {
	const { current, next } = input.stored;
	if (next !== undefined || renewalTime(current) > input.now) return undefined;
	const wanted = changed(input, { current, next: "new" });
	return { do: "write", wanted, why: "two thirds of the authority's life are over" };
};

/** Every instant at which one of the rules above may have something else to say. */
const wait = (input: Sound): Step => {
	const { now, stored, leaf } = input;
	const { current, next } = stored;
	const instants = [
		current.notAfter,
		renewalTime(current),
		promotionTime(input),
		maySignFrom(input),
		leafDue(input).from,
		...[next, leaf, ...trustedBy(input)].flatMap((certificate) =>
			certificate === undefined ? [] : [certificate.notBefore, certificate.notAfter],
		),
	];
	return { do: "wait", until: Math.min(...instants.filter((instant) => instant > now)) };
};

/**
 * The next step. Asked again after each step, with what is then there, it ends with `wait`.
 * In: everything that is known. Out: the step; `wait` names the instant from which on the answer may be another.
 */
export const decide = (input: Input): Step => {
	const { stored, now } = input;
	if (stored === undefined) return create(input);
	const current = validOr(stored.current, now);
	if (current === undefined) return replace(input);
	const sound: Sound = { ...input, stored: { ...stored, current, next: validOr(stored.next, now) } };
	return (
		putBack(sound, current) ??
		sign(sound) ??
		forgetPublication(sound) ??
		publish(sound) ??
		recordPublication(sound) ??
		promote(sound) ??
		begin(sound) ??
		wait(sound)
	);
};
