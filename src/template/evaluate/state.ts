// What changes while a template runs: variables, the node being evaluated (for messages), errors and output.
import { describe } from "../describe.ts";
import { limits } from "../limits.ts";
import { placeAt } from "../position.ts";
import { goQuote } from "../quote.ts";
import type { TemplateError } from "../template.ts";
import type { ExpressionNode, Program } from "../tree.ts";
import { Budget, LimitFailure } from "./budget.ts";
import { type Datum, poison } from "./datum.ts";
import type { Output } from "./output.ts";

export interface Variable {
	readonly name: string;
	value: Datum;
	boxed: boolean;
}

export class State {
	readonly program: Program;
	readonly output: Output;
	readonly budget = new Budget();
	/** By place and message, so that a loop says the same only once. */
	readonly errors = new Map<string, TemplateError>();
	/** Name of the body that runs: the template's, or one that `define` made. */
	body: string;
	/** The node that Go would name in an error. */
	node: ExpressionNode = { kind: "dot", position: 0 };
	variables: Variable[];

	constructor(program: Program, root: Variable[], output: Output) {
		this.program = program;
		this.output = output;
		this.body = program.name;
		this.variables = root;
	}

	/**
	 * Records an error at the current node and goes on: what depends on the value is skipped in silence.
	 * @param withoutValue the message in other words, where it shows a value
	 * @throws LimitFailure when there are more errors than anyone would read
	 */
	fail(kind: TemplateError["kind"], message: string, withoutValue?: string): typeof poison {
		const { node } = this;
		const key = `${node.position} ${message}`;
		if (!this.errors.has(key)) this.errors.set(key, this.#error(kind, [message, withoutValue], node));
		if (this.errors.size >= limits.errors) throw new LimitFailure("");
		return poison;
	}

	#error(
		kind: TemplateError["kind"],
		[message, told]: [string, string | undefined],
		node: ExpressionNode,
	): TemplateError {
		const { name, text } = this.program;
		const { line, column } = placeAt(text, node.position);
		const where = `template: ${name}:${line}:${column}: executing ${goQuote(this.body)} at <${describe(node)}>`;
		const error = { kind, line, column, message: `${where}: ${message}` };
		return told === undefined ? error : { ...error, withoutValue: `${where}: ${told}` };
	}

	/** The variable of that name that was declared last. */
	variable(name: string): Variable | undefined {
		return this.variables.findLast((variable) => variable.name === name);
	}
}
