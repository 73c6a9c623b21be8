// The parser's view of the lexer: three items of look-ahead, as text/template has them. A parse error is reported on the line of
// the item that was lexed last, so how far the parser looked ahead is part of the message.
import { ParseFailure } from "../failure.ts";
import { describeItem, type Item, type ItemType } from "./item.ts";
import { Lexer } from "./lexer.ts";

export class Items {
	readonly #lexer: Lexer;
	readonly #buffer: [Item, Item, Item];
	#waiting = 0;
	/** The line on which the action being parsed began; 0 outside. */
	actionLine = 0;
	/** Name of the template, for messages. */
	readonly name: string;

	constructor(name: string, text: string) {
		this.name = name;
		this.#lexer = new Lexer(text);
		const none: Item = { type: "eof", position: 0, text: "", line: 0 };
		this.#buffer = [none, none, none];
	}

	next(): Item {
		if (this.#waiting > 0) this.#waiting--;
		else this.#buffer[0] = this.#lexer.next();
		return this.#buffer[this.#waiting] as Item;
	}

	/** Puts the last item back. */
	backup(): void {
		this.#waiting++;
	}

	/** Puts back the last item and, before it, `first`. */
	backup2(first: Item): void {
		this.#buffer[1] = first;
		this.#waiting = 2;
	}

	/** Puts back the last item and, before it, `first` and `second`. */
	backup3(first: Item, second: Item): void {
		this.#buffer[1] = second;
		this.#buffer[2] = first;
		this.#waiting = 3;
	}

	peek(): Item {
		const item = this.next();
		this.backup();
		return item;
	}

	nextNonSpace(): Item {
		let item = this.next();
		while (item.type === "space") item = this.next();
		return item;
	}

	peekNonSpace(): Item {
		const item = this.nextNonSpace();
		this.backup();
		return item;
	}

	expect(types: readonly ItemType[], context: string): Item {
		const item = this.nextNonSpace();
		if (!types.includes(item.type)) this.unexpected(item, context);
		return item;
	}

	unexpected(item: Item, context: string): never {
		if (item.type !== "error") this.fail(`unexpected ${describeItem(item)} in ${context}`);
		this.fail(item.text + this.#startedAt(item));
	}

	/** The line of the item that was lexed last. */
	get line(): number {
		return this.#buffer[0].line;
	}

	fail(message: string, line = this.line): never {
		throw new ParseFailure(line, message);
	}

	#startedAt(item: Item): string {
		if (this.actionLine === 0 || this.actionLine === item.line) return "";
		const where = ` started at ${this.name}:${this.actionLine}`;
		// Avoids "unclosed action in action".
		return item.text.endsWith(" action") ? where : ` in action${where}`;
	}
}
