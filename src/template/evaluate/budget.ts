// Counts what a rendering costs, and ends it when that is too much.
import { limits } from "../limits.ts";

/** Ends a rendering at once; without a message where everything worth saying was said. */
export class LimitFailure extends Error {}

export class Budget {
	#work = 0;

	/** @throws LimitFailure when all work allowed is done */
	spend(units: number): void {
		this.#work += units;
		if (this.#work > limits.work) throw new LimitFailure("the template does too much work");
	}

	/** Accounts for a text of this length that a function may look at character by character. */
	argument(length: number): void {
		this.spend(length >> 2);
	}

	/** Accounts for reading or making a text; of one that grows, for what was added, and for its length by now. */
	text(added: number, length = added): void {
		if (length > limits.output) throw new LimitFailure(`a text is longer than ${limits.output} characters`);
		this.spend(added >> 6);
	}
}
