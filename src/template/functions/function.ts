// What a template function is: a pure function over evaluated values, with the types that Go would check.
import type { Budget } from "../evaluate/budget.ts";
import type { Datum, Known } from "../evaluate/datum.ts";

/** `any` takes everything, null too; `string` and `int` are checked as Go checks them. */
export type ParameterType = "any" | "string" | "int";

export interface TemplateFunction {
	readonly parameters: readonly ParameterType[];
	/** The type of any number of further arguments. */
	readonly rest?: ParameterType;
	/** Whether a secret may be an argument; what refuses it never sees it. */
	readonly secrets: "passed" | "refused";
	/** @throws FunctionError, LimitFailure */
	readonly call: Call | ShortCircuit;
}

export type Call = (values: readonly Known[], budget: Budget) => Datum;

/** No function at all: its arguments are evaluated only until one decides. */
export type ShortCircuit = "and" | "or";

/** What a function says is wrong with its arguments. */
export class FunctionError extends Error {
	readonly kind: "execution" | "secret";

	constructor(message: string, kind: "execution" | "secret" = "execution") {
		super(message);
		this.kind = kind;
	}
}

/** The refusal of a secret where its value would be needed: only the pod knows it. */
export function secretRefusal(path: string): FunctionError {
	const uses =
		"it can be printed, quoted (shellQuote, quote, squote, b64enc, urlquery), given a default, or tested for presence";
	return new FunctionError(`${path} is a secret, its value is not known here: ${uses}`, "secret");
}
