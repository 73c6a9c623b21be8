// print, println and printf: Go's fmt, with secrets passed through as they are.
import type { Budget } from "../evaluate/budget.ts";
import { isSecret, type Known, type SecretText, secretOf } from "../evaluate/datum.ts";
import { limits } from "../limits.ts";
import { type Directive, formatValue, plainDirective, printTo } from "./format.ts";
import { FunctionError, secretRefusal } from "./function.ts";
import { TextBuilder } from "./textbuilder.ts";

/** Go's Sprint: a space between two operands when neither is a text. */
export function print(values: readonly Known[], budget: Budget): string | SecretText {
	const builder = new TextBuilder(budget);
	let afterText = true;
	for (const value of values) {
		const text = typeof value === "string" || isSecret(value);
		if (!text && !afterText) builder.add(" ");
		printTo(builder, value);
		afterText = text;
	}
	return builder.finish();
}

/** Go's Sprintln: a space between all, a newline at the end. */
export function printLine(values: readonly Known[], budget: Budget): string | SecretText {
	const builder = new TextBuilder(budget);
	for (const [index, value] of values.entries()) {
		if (index > 0) builder.add(" ");
		printTo(builder, value);
	}
	builder.add("\n");
	return builder.finish();
}

/** A zero is a flag where it stands before the width, so the width does not begin with one. */
const directivePattern = /([#0+\- ]*)((?:[1-9][0-9]*)?)(?:\.([0-9]*))?([^0-9.]|$)/suy;

/**
 * Go's Sprintf with its flags, widths and precisions; `*`, `[1]` and `%#v` are not supported.
 * @throws FunctionError where Go would print a complaint: a verb that does not fit, an argument too few or too many
 */
export function printFormatted([format, ...values]: readonly Known[], budget: Budget): string | SecretText {
	if (isSecret(format)) throw secretRefusal(secretOf(format).path);
	const builder = new TextBuilder(budget);
	const text = format as string;
	let used = 0;
	let index = 0;
	for (let start = text.indexOf("%"); start >= 0; start = text.indexOf("%", index)) {
		builder.add(text.slice(index, start));
		const directive = readDirective(text, start + 1);
		index = directivePattern.lastIndex;
		if (directive.verb === "%") builder.add("%");
		else if (used >= values.length) throw new FunctionError(`no argument is left for %${directive.verb}`);
		else formatValue(builder, values[used++], directive);
	}
	if (used < values.length) throw new FunctionError(`${values.length - used} more arguments than the format uses`);
	builder.add(text.slice(index));
	return builder.finish();
}

function readDirective(text: string, start: number): Directive {
	directivePattern.lastIndex = start;
	const [, flags = "", width, precision, verb = ""] = directivePattern.exec(text) ?? [];
	if (verb === "") throw new FunctionError("the format ends in an incomplete %");
	if (verb === "*" || verb === "[") throw new FunctionError(`%${verb} is not supported in a format`);
	if (verb === "v" && flags.includes("#")) throw new FunctionError("%#v is not supported");
	const directive = { verb, width: size(width), precision: size(precision, 0) };
	if (verb === "v" && flags === "" && directive.width === undefined && directive.precision === undefined)
		return plainDirective;
	// `%+v` asks for the names of fields, which maps have anyhow.
	return { ...directive, flags: verb === "v" ? flags.replaceAll("+", "") : flags };
}

function size(digits: string | undefined, empty?: number): number | undefined {
	if (digits === undefined) return undefined;
	if (digits === "") return empty;
	if (Number(digits) > limits.output) throw new FunctionError("a width or precision is too large");
	return Number(digits);
}
