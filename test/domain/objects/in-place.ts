// What a completed script is compared with: the same template, rendered with the values in place.
import { environmentName, tokenFor } from "../../../src/domain/script/token.ts";
import {
	parseTemplate,
	type RenderOptions,
	renderTemplate,
	type SecretTransform,
	SecretValue,
	type Value,
} from "../../../src/template/index.ts";
import { goQuote } from "../../../src/template/quote.ts";

/** Lets the script end at its first line, so that what follows may be any text. */
export const STOP = "exit 0\n";
/** An environment variable that a token may name. */
export const NAME = "BMC_A_0123456789abcdef";
/** The token of that variable. */
export const token = (...transforms: string[]) => `@BMC{${[NAME, ...transforms].join(":")}}@`;

/** What Go's functions make of a text, as the engine does it for literal values. */
export const REFERENCE: Record<SecretTransform, (text: string) => string> = {
	shellQuote: (text) => `'${text.replaceAll("'", "'\\''")}'`,
	quote: (text) => goQuote(text),
	squote: (text) => `'${text}'`,
	b64enc: (text) => Buffer.from(text).toString("base64"),
	urlquery: (text) =>
		new URLSearchParams([["", text]]).toString().slice(1).replaceAll("*", "%2A").replaceAll("%7E", "~"),
};

/** Renders a template with the values in place. */
export const renderInPlace = (template: string, values: Record<string, string>): string => {
	const secrets = Object.keys(values).map((key): [string, Value] => [key, new SecretValue(key, "keys", key)]);
	return render(template, new Map(secrets), (secret, transforms) =>
		transforms.reduce((text, transform) => REFERENCE[transform](text), values[secret.key] as string),
	);
};

/** Renders a template with tokens for the values, and gives the environment that belongs to them. */
export const renderTokens = (template: string, values: Record<string, string>) => {
	const secrets = Object.keys(values).map((key): [string, Value] => [key, new SecretValue(key, "keys", key)]);
	const environment = Object.entries(values).map(([key, value]) => [environmentName("keys", key), value]);
	return { script: render(template, new Map(secrets)), environment: Object.fromEntries(environment) };
};

const render = (text: string, data: Value, token: RenderOptions["token"] = tokenFor): string => {
	const { template, errors } = parseTemplate("GoTemplate", "test", text);
	if (template === undefined) {
		throw new Error(errors[0]?.message);
	}
	const result = renderTemplate(template, data, { token });
	if (result.output === undefined) {
		throw new Error(result.errors[0]?.message);
	}
	return result.output;
};
