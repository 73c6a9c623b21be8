// What the action for GitHub runs: its inputs as the arguments of `npx`, without a shell in between.

/** The inputs, by the names that action.yml gives their variables. */
export type Inputs = Readonly<Record<string, string | undefined>>;

/** A version or a tag of npm. Anything else could be another package: `file:…`, `git+https:…`. */
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.-]*$/;

const oneOf = (inputs: Inputs, variable: string, allowed: readonly string[]): string => {
	const value = inputs[variable] ?? "";
	if (allowed.includes(value)) return value;
	const name = variable.replace("INPUT_", "").toLowerCase().replaceAll("_", "-");
	throw new Error(`${name}: Unsupported value: "${value}": supported values: ${allowed.join(", ")}`);
};

/**
 * The arguments of `npx`.
 * @param ownVersion the version to run where the input `version` is empty
 * @throws Error that names the input that is wrong
 */
export const npxArguments = (inputs: Inputs, ownVersion: string): string[] => {
	const version = inputs["INPUT_VERSION"]?.trim() || ownVersion;
	if (!VERSION.test(version)) throw new Error(`version: Invalid value: "${version}": must be such as 0.1.0`);
	const paths = (inputs["INPUT_PATHS"] ?? "").split("\n").map((path) => path.trim());
	const given = paths.filter((path) => path !== "");
	if (given.length === 0) throw new Error("paths: Required value: name files or folders, one per line");
	const missing = oneOf(inputs, "INPUT_MISSING_REFERENCES", ["deny", "warn"]);
	const output = oneOf(inputs, "INPUT_OUTPUT", ["text", "json", "yaml"]);
	return [
		...["--yes", `--package=backup-maker-controller@${version}`, "--", "bmc", "lint"],
		...[`--missing-references=${missing}`, `--output=${output}`, "--", ...given],
	];
};
