// Templates, for everyone else: parse once, render often, all errors at once.
import { Budget, LimitFailure } from "./evaluate/budget.ts";
import type { Slot } from "./evaluate/datum.ts";
import { Output } from "./evaluate/output.ts";
import { State } from "./evaluate/state.ts";
import { walkList } from "./evaluate/walk.ts";
import { ParseFailure } from "./failure.ts";
import { print } from "./functions/printf.ts";
import { parseGoTemplate } from "./gotemplate/parse.ts";
import { parseHandlebars } from "./handlebars/parse.ts";
import { limits, TOKEN_START } from "./limits.ts";
import { placeAt } from "./position.ts";
import type {
	ParseResult,
	RenderOptions,
	RenderResult,
	Template,
	TemplateError,
	TemplateLanguage,
} from "./template.ts";
import type { ListNode, Program } from "./tree.ts";
import type { Value } from "./value.ts";

export { limits, TOKEN_START } from "./limits.ts";
export type * from "./template.ts";
export * from "./value.ts";

const reserved = "is reserved: it stands for secrets in scripts";
const parsers = { GoTemplate: parseGoTemplate, Handlebars: parseHandlebars };

/**
 * Parses a template.
 * @param name what messages call it: the name of the object that holds it
 * @returns the template, or the one error that ended parsing
 */
export function parseTemplate(language: TemplateLanguage, name: string, text: string): ParseResult {
	try {
		checkText(text);
		return { template: { name, language, root: parsers[language](name, text) }, errors: [] };
	} catch (error) {
		if (!(error instanceof ParseFailure)) throw error;
		return { template: undefined, errors: [parseError(name, error)] };
	}
}

function checkText(text: string): void {
	if (text.length > limits.text) throw new ParseFailure(1, `longer than ${limits.text} characters`);
	const token = text.indexOf(TOKEN_START);
	if (token >= 0) throw new ParseFailure(placeAt(text, token).line, `${TOKEN_START} ${reserved}`);
}

function parseError(name: string, { line, message }: ParseFailure): TemplateError {
	return { kind: "parse", line, message: `template: ${name}:${line}: ${message}` };
}

/**
 * Renders a template over the variable tree, and goes on after an error to find them all.
 * @returns the output, or every error; the first is the one that Go's text/template would have stopped at
 */
export function renderTemplate(template: Template, data: Value, options: RenderOptions): RenderResult {
	const program = template.root as Program;
	const output = new Output(options.token);
	const root = { name: "$", value: data, boxed: false };
	const state = new State(program, [root], output);
	const limit = run(state, program);
	const errors = [...state.errors.values(), ...limit];
	if (errors.length > 0) return { output: undefined, errors, secrets: output.secrets };
	const text = output.finish();
	return text === undefined
		? { output: undefined, errors: [forgedError(program)], secrets: [] }
		: { output: text, errors, secrets: output.secrets };
}

function run(state: State, program: Program): TemplateError[] {
	try {
		walkList(state, state.variables[0] as Slot, program.bodies.get(program.name) as ListNode);
		return [];
	} catch (error) {
		if (!(error instanceof LimitFailure)) throw error;
		return error.message === "" ? [] : [limitError(state, error.message)];
	}
}

function forgedError({ name }: Program): TemplateError {
	return {
		kind: "secret",
		line: 1,
		message: `template: ${name}: the output contains ${TOKEN_START}, which ${reserved}`,
	};
}

function limitError(state: State, message: string): TemplateError {
	const { name, text } = state.program;
	const { line, column } = placeAt(text, state.node.position);
	return { kind: "limit", line, column, message: `template: ${name}:${line}:${column}: ${message}` };
}

/** A value as `{{.}}` prints it (numbers as Go prints them); undefined when it cannot be printed without a secret or a null. */
export function printedValue(value: Value): string | undefined {
	try {
		const text = print([value], new Budget());
		return typeof text === "string" ? text : undefined;
	} catch {
		return undefined;
	}
}
