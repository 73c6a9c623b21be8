// The functions that templates may call: this list and nothing else. None does I/O, reads a clock or sees a secret's value.
import { isTrue } from "../evaluate/datum.ts";
import { index, length, slice } from "./collections.ts";
import { equal, less, lessOrEqual } from "./compare.ts";
import { html, js, shellQuote, urlQuery } from "./escape.ts";
import type { Call, ParameterType, ShortCircuit, TemplateFunction } from "./function.ts";
import { hasItems, isPresent } from "./handlebars.ts";
import { print, printFormatted, printLine } from "./printf.ts";
import * as text from "./text.ts";

function fixed(parameters: readonly ParameterType[], call: Call): TemplateFunction {
	return { parameters, secrets: "refused", call };
}

function variadic(parameters: readonly ParameterType[], rest: ParameterType, call: Call): TemplateFunction {
	return { parameters, rest, secrets: "refused", call };
}

function passing(definition: TemplateFunction): TemplateFunction {
	return { ...definition, secrets: "passed" };
}

function deciding(call: ShortCircuit): TemplateFunction {
	return { parameters: ["any"], rest: "any", secrets: "passed", call };
}

const functions: ReadonlyMap<string, TemplateFunction> = new Map([
	["and", deciding("and")],
	["or", deciding("or")],
	["not", passing(fixed(["any"], ([value]) => !isTrue(value)))],
	["eq", variadic(["any"], "any", equal)],
	["ne", fixed(["any", "any"], (values) => !equal(values))],
	["lt", fixed(["any", "any"], less)],
	["le", fixed(["any", "any"], lessOrEqual)],
	["gt", fixed(["any", "any"], (values) => !lessOrEqual(values))],
	["ge", fixed(["any", "any"], (values) => !less(values))],
	["len", fixed(["any"], length)],
	["index", variadic(["any"], "any", index)],
	["slice", variadic(["any"], "any", slice)],
	["print", passing(variadic([], "any", print))],
	["printf", passing(variadic(["string"], "any", printFormatted))],
	["println", passing(variadic([], "any", printLine))],
	["html", variadic([], "any", html)],
	["js", variadic([], "any", js)],
	["urlquery", passing(variadic([], "any", urlQuery))],
	["default", passing(fixed(["any", "any"], text.defaultTo))],
	["required", passing(fixed(["string", "any"], text.required))],
	["quote", passing(variadic([], "any", text.quote))],
	["squote", passing(variadic([], "any", text.singleQuote))],
	["shellQuote", passing(fixed(["any"], shellQuote))],
	["b64enc", passing(fixed(["string"], text.base64))],
	["upper", fixed(["string"], text.upper)],
	["lower", fixed(["string"], text.lower)],
	["trim", fixed(["string"], text.trim)],
	["replace", fixed(["string", "string", "string"], text.replace)],
	["indent", fixed(["int", "string"], text.indent)],
	["nindent", fixed(["int", "string"], text.newlineIndent)],
	["join", fixed(["string", "any"], text.join)],
]);

/** What Handlebars' own blocks ask; no template can name them. */
const internal: ReadonlyMap<string, TemplateFunction> = new Map([
	["#if", passing(fixed(["any"], ([value]) => isPresent(value)))],
	["#unless", passing(fixed(["any"], ([value]) => !isPresent(value)))],
	["#with", passing(fixed(["any"], ([value]) => hasItems(value)))],
]);

/** Whether templates may call a function of this name. */
export function isFunction(name: string): boolean {
	return functions.has(name);
}

/** The function of a name that a parser has accepted. */
export function functionNamed(name: string): TemplateFunction {
	return (functions.get(name) ?? internal.get(name)) as TemplateFunction;
}
