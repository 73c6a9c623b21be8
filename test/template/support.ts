// What the template tests share: data written as plain objects, and rendering in one call.
import {
	parseTemplate,
	type RenderOptions,
	type RenderResult,
	renderTemplate,
	type SecretTransform,
	type SecretValue,
	type TemplateLanguage,
	type Value,
} from "../../src/template/index.ts";

/** Plain data as a variable tree; integers of JavaScript become BigInt, a fraction stays a number, what is a Value already is kept. */
export function tree(data: unknown): Value {
	if (typeof data === "number") return Number.isSafeInteger(data) ? BigInt(data) : data;
	if (Array.isArray(data)) return data.map(tree);
	if (data !== null && typeof data === "object" && Object.getPrototypeOf(data) === Object.prototype)
		return new Map(Object.entries(data).map(([key, value]) => [key, tree(value)]));
	return data as Value;
}

/** Shows what became of a secret: `@BMC{Params.password:quote,b64enc}@`. */
export const options: RenderOptions = {
	token: (secret: SecretValue, transforms: readonly SecretTransform[]) =>
		`@BMC{${[secret.path, ...transforms].join(":")}}@`,
};

/** Parses and renders; parse errors come back as if rendering had found them. */
export function render(text: string, data: Value, language: TemplateLanguage = "GoTemplate", name = "t"): RenderResult {
	const parsed = parseTemplate(language, name, text);
	if (parsed.template === undefined) return { output: undefined, errors: parsed.errors, secrets: [] };
	return renderTemplate(parsed.template, data, options);
}

/** The output, or the message of the first error. */
export function outcome(text: string, data: unknown = {}, language: TemplateLanguage = "GoTemplate"): string {
	const { output, errors } = render(text, tree(data), language);
	return output ?? (errors[0]?.message as string);
}
