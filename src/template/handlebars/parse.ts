import { ParseFailure } from "../failure.ts";
import type { Program } from "../tree.ts";

export function parseHandlebars(_name: string, _text: string): Program {
	throw new ParseFailure(1, "Handlebars is not supported yet");
}
