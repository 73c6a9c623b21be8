// What the decision about our certificates is made from, and what it may be: plain values, so that every situation is a
// row in a test. The clock, the API server and the keys' generation are elsewhere.
import type { Authority, Certificate, Leaf } from "../x509.ts";

/** What the Secret holds, as far as it could be read. */
export interface Stored {
	/** Signs serving certificates. Undefined: damaged or not there. */
	readonly current: Authority | undefined;
	/** Signs after it has been in the bundles for the trust delay. */
	readonly next: Authority | undefined;
	/** Whatever else clients are to trust, until it expires. */
	readonly trusted: readonly Certificate[];
	/** When a certificate was first seen in all bundles: fingerprint → milliseconds since the epoch. */
	readonly published: ReadonlyMap<string, number>;
	/** What of it could not be used, and why: names of its keys, never their contents. */
	readonly damage: readonly string[];
}

/** One webhook configuration, as it is. */
export interface Bundles {
	/** What its webhooks trust: one text of PEM blocks for each. */
	readonly texts: readonly string[];
	/** For each of these texts, what could be read in it. */
	readonly certificates: readonly (readonly Certificate[])[];
}

/** Everything that is known at one moment. */
export interface Input {
	/** Milliseconds since the epoch. */
	readonly now: number;
	/** Milliseconds for which a new authority is trusted before it signs. */
	readonly trustDelay: number;
	/** Undefined: there is no such Secret. */
	readonly stored: Stored | undefined;
	/** The configurations that exist: none, one or two. */
	readonly configurations: readonly Bundles[];
	/** What this replica serves with. */
	readonly leaf: Leaf | undefined;
	/** Times of publication that this replica has seen, also where the Secret does not tell them any more. */
	readonly remembered: ReadonlyMap<string, number>;
	/** Since when this replica has had nothing valid to serve with, in milliseconds since the epoch. */
	readonly withoutLeafSince: number;
}

/** What the Secret should hold; `new`: an authority that is still to be made. */
export interface Wanted {
	readonly current: Authority | "new";
	readonly next: Authority | "new" | undefined;
	readonly trusted: readonly Certificate[];
	readonly published: ReadonlyMap<string, number>;
}

/** What is to be done next. One step at a time, each from what is then there. */
export type Step =
	| { readonly do: "create"; readonly wanted: Wanted; readonly why: string }
	| { readonly do: "write"; readonly wanted: Wanted; readonly why: string }
	| { readonly do: "sign"; readonly authority: Authority; readonly why: string }
	/** Every webhook of both configurations is to trust exactly this. */
	| { readonly do: "publish"; readonly bundle: string }
	/** Nothing, until then (milliseconds since the epoch) or until something changes. */
	| { readonly do: "wait"; readonly until: number };
