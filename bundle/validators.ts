// Compiles the JSON schemas when the bundle is built, not at every start of the program: a plugin of esbuild that replaces
// the modules which compile them with the code that ajv generates. https://ajv.js.org/standalone.html
import { dirname } from "node:path";
import { _, type Ajv, type CodeOptions } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { type Plugin, transform } from "esbuild";
import { createCompiler as createApiCompiler } from "../src/api/validators.ts";
import { createCompiler as createHelmValuesCompiler } from "../src/domain/helmvalues/validators.ts";

interface Replaced {
	/** Of the module's path. */
	filter: RegExp;
	createCompiler: (code: CodeOptions) => Ajv;
	/** Names of the schemas, which are also the keys of the module's `validators`. */
	names: readonly string[];
	/** Declares `formats`, from the module's own neighbour. */
	formats: string;
}

const REPLACED: readonly Replaced[] = [
	{
		filter: /[\\/]src[\\/]api[\\/]validators\.ts$/,
		createCompiler: createApiCompiler,
		names: ["ScheduledBackup", "RequestedBackupAction", "ClusterBackupProcedureTemplate"],
		formats: 'import { FORMATS as formats } from "./formats.ts";',
	},
	{
		filter: /[\\/]src[\\/]domain[\\/]helmvalues[\\/]validators\.ts$/,
		createCompiler: createHelmValuesCompiler,
		names: ["helmValues"],
		formats:
			'import { FORMATS } from "./formats.ts";\n' +
			"const formats = Object.fromEntries(Object.entries(FORMATS).map(([name, { test }]) => [name, test]));",
	},
];

const generate = standalone as unknown as (ajv: Ajv, exported: Record<string, string>) => string;

const codeOf = ({ createCompiler, names, formats }: Replaced): string => {
	const ajv = createCompiler({ source: true, esm: true, formats: _`formats` });
	const code = generate(ajv, Object.fromEntries(names.map((name) => [name, name])));
	return `${formats}\n${code}\nexport const validators = { ${names.join(", ")} };\n`;
};

/** The plugin. The modules it makes export `validators` and nothing else. */
export const compiledValidators = (): Plugin => ({
	name: "compiled validators",
	setup: (build) => {
		for (const replaced of REPLACED)
			build.onLoad({ filter: replaced.filter }, async ({ path }) => ({
				// Half a megabyte otherwise; no person reads it.
				contents: (await transform(codeOf(replaced), { minify: true })).code,
				resolveDir: dirname(path),
				loader: "js",
			}));
	},
});
