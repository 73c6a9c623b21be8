// Texts that functions make, within their limit; secrets stay what they are inside.
import type { Budget } from "../evaluate/budget.ts";
import { type SecretPart, SecretText } from "../evaluate/datum.ts";
import type { SecretValue } from "../value.ts";

export class TextBuilder {
	readonly #budget: Budget;
	readonly #parts: (string | SecretPart)[] = [];
	#text = "";
	#length = 0;

	constructor(budget: Budget) {
		this.#budget = budget;
	}

	/** @throws LimitFailure */
	add(text: string): void {
		this.#length += text.length;
		this.#budget.text(text.length, this.#length);
		this.#text += text;
	}

	addSecret(secret: SecretValue | SecretText): void {
		const parts = secret instanceof SecretText ? secret.parts : [{ secret, transforms: [] }];
		for (const part of parts) {
			if (typeof part === "string") this.add(part);
			else this.#addPart(part);
		}
	}

	#addPart(part: SecretPart): void {
		this.#parts.push(this.#text, part);
		this.#text = "";
	}

	/** A plain text where no secret was added. */
	finish(): string | SecretText {
		if (this.#parts.length === 0) return this.#text;
		return new SecretText([...this.#parts, this.#text].filter((part) => part !== ""));
	}
}
