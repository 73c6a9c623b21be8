// Parsers give up at the first error, as Go's does; this is what they throw to their own entry point, never further.

/** A parse error on one line of a template. */
export class ParseFailure extends Error {
	/** From 1. */
	readonly line: number;

	constructor(line: number, message: string) {
		super(message);
		this.line = line;
	}
}
