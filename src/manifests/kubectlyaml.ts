// Manifests are read as kubectl reads them: its YAML is between 1.1 and 1.2 (`no` is false, `0100` is 64, `12:30` is text).
// `spec.vars` is read by our own rules, in kubectl and here.
import { boolYaml11Tag, CORE_SCHEMA, defineScalarTag, mergeTag, NOT_RESOLVED } from "js-yaml";

const DECIMAL = /^[-+]?[0-9]+$/;
const OTHER_BASES: readonly [pattern: RegExp, base: number][] = [
	[/^[-+]?0b([01]+)$/, 2],
	[/^[-+]?0o?([0-7]+)$/, 8],
	[/^[-+]?0x([0-9a-fA-F]+)$/, 16],
];

/** As go-yaml resolves a plain integer: with underscores anywhere, `0100` and `0o100` in octal, no base 60. */
const integer = (source: string): number | undefined => {
	const text = source.replaceAll("_", "");
	if (text === "" || source.startsWith("_")) return undefined;
	const sign = text.startsWith("-") ? -1 : 1;
	for (const [pattern, base] of OTHER_BASES) {
		const digits = pattern.exec(text)?.[1];
		if (digits !== undefined) return sign * Number.parseInt(digits, base);
	}
	return DECIMAL.test(text) ? Number(text) : undefined;
};

const integerTag = defineScalarTag("tag:yaml.org,2002:int", {
	implicit: true,
	implicitFirstChars: [..."-+0123456789"],
	resolve: (source) => integer(source) ?? NOT_RESOLVED,
	identify: () => false,
});

/** The schema of manifests. */
export const KUBECTL_SCHEMA = CORE_SCHEMA.withTags(mergeTag, boolYaml11Tag, integerTag);
