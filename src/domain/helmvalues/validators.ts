// The schema of the pod options as a function, compiled when it is first asked for; in the bundle, a module with the code
// that ajv generated at build time takes the place of this one (bundle/validators.ts).
import { Ajv, type CodeOptions, type ValidateFunction } from "ajv";
import { once } from "../../api/once.ts";
import { FORMATS } from "./formats.ts";
import { helmValuesSchema } from "./schema.ts";

/**
 * The compiler with our formats, and the schema under the name `helmValues`.
 * @param code how the generated code is written
 */
export const createCompiler = (code: CodeOptions = {}): Ajv => {
	const ajv = new Ajv({ strict: true, allErrors: true, verbose: true, ownProperties: true, code });
	for (const [name, { test }] of Object.entries(FORMATS)) ajv.addFormat(name, test);
	return ajv.addSchema(helmValuesSchema, "helmValues");
};

const compiled = once(() => createCompiler().compile(helmValuesSchema));

/** By the name of the schema. */
export const validators: Readonly<{ helmValues: ValidateFunction }> = {
	get helmValues() {
		return compiled();
	},
};
