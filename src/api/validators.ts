// The CRDs' schemas as functions. Each is compiled when it is first asked for; in the bundle, a module with the code that
// ajv generated at build time takes the place of this one (bundle/validators.ts), because compiling costs 0.1 s of CPU.
import { Ajv, type CodeOptions, type ValidateFunction } from "ajv";
import { FORMATS } from "./formats.ts";
import { once } from "./once.ts";
import { schemas } from "./schemas.ts";

/**
 * The compiler with our keywords and formats, and the schema of each kind under the kind's name.
 * @param code how the generated code is written
 */
export const createCompiler = (code: CodeOptions = {}): Ajv => {
	const ajv = new Ajv({ strict: true, allErrors: true, verbose: true, code });
	for (const keyword of ["x-kubernetes-validations", "x-kubernetes-list-type", "x-kubernetes-list-map-keys"])
		ajv.addKeyword(keyword);
	for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
	for (const [kind, schema] of Object.entries(schemas)) ajv.addSchema(schema, kind);
	return ajv;
};

const compiler = once(createCompiler);
/** ajv keeps what it has compiled. */
const properties = Object.entries(schemas).map(([kind, schema]) => [
	kind,
	{ enumerable: true, get: () => compiler().compile(schema) },
]);

/** By kind. */
export const validators: Readonly<Record<string, ValidateFunction>> = Object.defineProperties(
	{},
	Object.fromEntries(properties),
);
