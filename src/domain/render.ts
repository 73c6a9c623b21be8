// Renders both scripts of a procedure over a variable tree. A dry render in admission and the real one are the same call.
import { parseTemplate, renderTemplate } from "../template/index.ts";
import type { ParseResult, TemplateError } from "../template/template.ts";
import type { SecretValue, ValueMap } from "../template/value.ts";
import { forgetful, type Memory } from "./memory.ts";
import type { Operation } from "./operation.ts";
import type { Procedure } from "./procedure.ts";
import { isBlankScript } from "./script/blank.ts";
import { tokenFor } from "./script/token.ts";

/** What came of one script. */
export interface ScriptResult {
	/** Undefined where there are errors. */
	text: string | undefined;
	errors: readonly TemplateError[];
	/** Every secret that was printed, also where there are errors. */
	secrets: readonly SecretValue[];
}

/** A template serves many objects. */
const parsed = (procedure: Procedure, operation: Operation, memory: Memory): ParseResult => {
	const { language, name } = procedure;
	const text = procedure[operation];
	return memory("template", `${language}\n${name}\n${text}`, () => parseTemplate(language, name, text));
};

/** What is wrong with the text of a script, whatever it is rendered over. */
export const parseErrors = (
	procedure: Procedure,
	operation: Operation,
	memory: Memory = forgetful,
): readonly TemplateError[] => parsed(procedure, operation, memory).errors;

/** Renders one script; one of which nothing would run becomes the empty text: there is no such script. */
export const renderScript = (
	procedure: Procedure,
	operation: Operation,
	tree: ValueMap,
	memory: Memory,
): ScriptResult => {
	const { template, errors } = parsed(procedure, operation, memory);
	if (template === undefined) return { text: undefined, errors, secrets: [] };
	const result = renderTemplate(template, tree, { token: tokenFor });
	const text = result.output !== undefined && isBlankScript(result.output) ? "" : result.output;
	return { text, errors: result.errors, secrets: result.secrets };
};
