// What a template can see. Maps are `Map`s, so that a key such as `__proto__` is a key and nothing else; integers are
// BigInt, so that all 64 bits print (the judge decodes integers as int64, fractions as float64).

/**
 * A value that lives in a Secret. The core knows where it is, never what it is: printing it emits a token that the
 * pod replaces at run time (design D2).
 */
export class SecretValue {
	/** Dotted path in the variable tree, for messages: `Params.password`. */
	readonly path: string;
	/** Name of the Secret, in the ScheduledBackup's own namespace. */
	readonly secretName: string;
	/** Data key inside it. */
	readonly key: string;

	constructor(path: string, secretName: string, key: string) {
		this.path = path;
		this.secretName = secretName;
		this.key = key;
	}
}

export type Value = null | boolean | bigint | number | string | SecretValue | readonly Value[] | ValueMap;
export type ValueMap = ReadonlyMap<string, Value>;

/** What the run-time transformations of a secret are called, in the order in which a pipeline applies them. */
export type SecretTransform = "shellQuote" | "quote" | "squote" | "b64enc" | "urlquery";
