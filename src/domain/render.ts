// Renders both scripts of a procedure over a variable tree. A dry render in admission and the real one are the same call.
import { parseTemplate, renderTemplate } from "../template/index.ts";
import type { ParseResult, TemplateError } from "../template/template.ts";
import type { SecretValue, ValueMap } from "../template/value.ts";
import type { Operation } from "./operation.ts";
import type { Procedure } from "./procedure.ts";
import { tokenFor } from "./script/token.ts";

/** What came of one script. */
export interface ScriptResult {
	/** Undefined where there are errors. */
	text: string | undefined;
	errors: readonly TemplateError[];
	/** Every secret that was printed, also where there are errors. */
	secrets: readonly SecretValue[];
}

const LIMIT = 64;
const recent = new Map<string, ParseResult>();

/** Parsing depends on nothing but its arguments, and a template serves many objects: the last 64 texts are kept. */
const parsed = (procedure: Procedure, operation: Operation): ParseResult => {
	const key = `${procedure.language}\n${procedure.name}\n${procedure[operation]}`;
	const known = recent.get(key);
	if (known !== undefined) return known;
	const result = parseTemplate(procedure.language, procedure.name, procedure[operation]);
	recent.set(key, result);
	for (const oldest of recent.keys()) {
		if (recent.size <= LIMIT) break;
		recent.delete(oldest);
	}
	return result;
};

/** What is wrong with the text of a script, whatever it is rendered over. */
export const parseErrors = (procedure: Procedure, operation: Operation): readonly TemplateError[] =>
	parsed(procedure, operation).errors;

/** Renders one script; one that holds nothing but white space becomes the empty text: there is no such script. */
export const renderScript = (procedure: Procedure, operation: Operation, tree: ValueMap): ScriptResult => {
	const { template, errors } = parsed(procedure, operation);
	if (template === undefined) return { text: undefined, errors, secrets: [] };
	const result = renderTemplate(template, tree, { token: tokenFor });
	const text = result.output?.trim() === "" ? "" : result.output;
	return { text, errors: result.errors, secrets: result.secrets };
};
