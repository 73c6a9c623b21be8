// The script that a rendering makes, and the secrets that it will need.
import { TOKEN_START } from "../limits.ts";
import type { RenderOptions } from "../template.ts";
import type { SecretValue } from "../value.ts";
import type { Budget } from "./budget.ts";
import type { SecretPart, SecretText } from "./datum.ts";

export class Output {
	readonly #token: RenderOptions["token"];
	readonly #parts: string[] = [];
	readonly #secrets = new Map<string, SecretValue>();
	#length = 0;
	#tokens = 0;

	constructor(token: RenderOptions["token"]) {
		this.#token = token;
	}

	/** @throws LimitFailure */
	write(text: string | SecretText, budget: Budget): void {
		const parts = typeof text === "string" ? [text] : text.parts;
		for (const part of parts) this.#add(typeof part === "string" ? part : this.#tokenFor(part), budget);
	}

	#add(text: string, budget: Budget): void {
		this.#length += text.length;
		budget.text(text.length, this.#length);
		this.#parts.push(text);
	}

	#tokenFor({ secret, transforms }: SecretPart): string {
		const name = `${secret.secretName}/${secret.key}`;
		if (!this.#secrets.has(name)) this.#secrets.set(name, secret);
		const token = this.#token(secret, transforms);
		this.#tokens += countTokens(token);
		return token;
	}

	/** Every secret printed, once each, in order of first use. */
	get secrets(): SecretValue[] {
		return [...this.#secrets.values()];
	}

	/** The whole text; undefined when it holds a token that no secret made: pieced together, it would be replaced too. */
	finish(): string | undefined {
		const text = this.#parts.join("");
		return countTokens(text) === this.#tokens ? text : undefined;
	}
}

function countTokens(text: string): number {
	let count = 0;
	for (let at = text.indexOf(TOKEN_START); at >= 0; at = text.indexOf(TOKEN_START, at + 1)) count++;
	return count;
}
