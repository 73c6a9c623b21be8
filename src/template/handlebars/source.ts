// Where things are in a Handlebars template: its parser counts lines and columns, the tree has one index.
import { ParseFailure } from "../failure.ts";
import { placeAt } from "../position.ts";

export class Source {
	readonly #text: string;
	readonly #lineStarts: number[] = [0];

	constructor(text: string) {
		this.#text = text;
		for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) this.#lineStarts.push(index + end.length);
	}

	start({ loc }: hbs.AST.Node): number {
		return this.#index(loc.start);
	}

	end({ loc }: hbs.AST.Node): number {
		return this.#index(loc.end);
	}

	/** What was written, from the start of one node to the end of another. */
	between(first: hbs.AST.Node, last: hbs.AST.Node): string {
		return this.#text.slice(this.start(first), this.end(last));
	}

	/** What is said about a node that cannot be used. */
	failure(node: hbs.AST.Node, message: string): ParseFailure {
		return new ParseFailure(placeAt(this.#text, this.start(node)).line, message);
	}

	#index({ line, column }: hbs.AST.Position): number {
		return (this.#lineStarts[line - 1] as number) + column;
	}
}
