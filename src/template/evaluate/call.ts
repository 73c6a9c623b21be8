// Calls a function of the allowlist: arguments are counted, evaluated, checked, and only then handed over.
import { FunctionError, type ParameterType, secretRefusal, type TemplateFunction } from "../functions/function.ts";
import { functionNamed } from "../functions/table.ts";
import type { CommandNode, FunctionNode, OperandNode } from "../tree.ts";
import { type Datum, isSecret, isTrue, type Known, poison, type Slot, secretOf } from "./datum.ts";
import { absent, checkType, evaluateArgument, type Final } from "./pipeline.ts";
import type { State } from "./state.ts";

export interface Call {
	readonly name: string;
	/** What an error of the function is reported at. */
	readonly node: CommandNode | FunctionNode;
	/** The arguments as written. */
	readonly words: readonly OperandNode[];
	/** The last argument, when the pipeline has one. */
	readonly final: Final;
}

/** Evaluates a call; an error is recorded and makes the result poison. */
export function callFunction(state: State, dot: Slot, call: Call): Datum {
	const called = functionNamed(call.name);
	const wrong = wrongCount(called, call);
	if (wrong !== undefined) return state.fail("execution", `wrong number of args for ${call.name}: ${wrong}`);
	const run = called.call;
	if (typeof run === "string") return decide(state, dot, call, run === "or");
	const values = call.words.map((word, index) => evaluateArgument(state, dot, word, parameterAt(called, index)));
	if (call.final !== absent) values.push(checkType(state, call.final, parameterAt(called, values.length)));
	if (values.includes(poison)) return poison;
	return invoke(state, call, () => run(accepted(state, called, values as Known[]), state.budget));
}

function wrongCount({ parameters, rest }: TemplateFunction, { words, final }: Call): string | undefined {
	const given = words.length + (final === absent ? 0 : 1);
	if (rest === undefined) return given === parameters.length ? undefined : `want ${parameters.length} got ${given}`;
	// Go counts only the written arguments in this message.
	return given < parameters.length ? `want at least ${parameters.length} got ${words.length}` : undefined;
}

function parameterAt({ parameters, rest }: TemplateFunction, index: number): ParameterType {
	return parameters[index] ?? (rest as ParameterType);
}

function decide(state: State, dot: Slot, { words, final }: Call, until: boolean): Datum {
	let value: Datum;
	for (const word of words) {
		value = evaluateArgument(state, dot, word, "any");
		if (value === poison || isTrue(value) === until) return value;
	}
	return final === absent ? value : final;
}

function invoke(state: State, call: Call, run: () => Datum): Datum {
	try {
		const result = run();
		if (typeof result === "string") state.budget.text(result.length);
		return result;
	} catch (error) {
		if (!(error instanceof FunctionError)) throw error;
		state.node = call.node;
		return state.fail(error.kind, `error calling ${call.name}: ${error.message}`);
	}
}

function accepted(state: State, { secrets }: TemplateFunction, values: readonly Known[]): readonly Known[] {
	for (const value of values) {
		if (secrets === "refused" && isSecret(value)) throw secretRefusal(secretOf(value).path);
		if (typeof value === "string") state.budget.argument(value.length);
	}
	return values;
}
