// The contract between templates and everything that uses them: parse once, render often, collect every error.
import type { SecretTransform, SecretValue, Value } from "./value.ts";

export type TemplateLanguage = "GoTemplate" | "Handlebars";

/** One mistake in a template or in the variables it is rendered over. */
export interface TemplateError {
	/** As Go prints it: `template: pg13:7:46: executing "pg13" at <.Params.password>: map has no entry for key "password"`. */
	message: string;
	/** The same without a value that Go's words show: values may be secret. Absent where the message shows none. */
	withoutValue?: string;
	/** From 1. */
	line: number;
	/** As Go counts it for execution errors (from 0, in bytes); absent where Go gives none (parse errors). */
	column?: number;
	/** Which check refused it; `secret` is a use of a secret value that cannot be a token. */
	kind: "parse" | "missingKey" | "secret" | "limit" | "execution";
}

/** A parsed template, opaque to callers. */
export interface Template {
	readonly name: string;
	readonly language: TemplateLanguage;
	readonly root: unknown;
}

export type ParseResult = { template: Template; errors: [] } | { template: undefined; errors: TemplateError[] };

export interface RenderOptions {
	/**
	 * Turns a secret into the text that stands for it in the script.
	 * `transforms` is what the pipeline did to it, in order.
	 */
	token: (secret: SecretValue, transforms: readonly SecretTransform[]) => string;
}

export interface RenderResult {
	/** Undefined when there are errors. */
	output: string | undefined;
	/** All that a dry run found; the first equals Go's. */
	errors: TemplateError[];
	/** Every secret that was printed, once each, in order of first use. */
	secrets: SecretValue[];
}

/** Implemented by src/template/index.ts: `parseTemplate(language, name, text)` and `renderTemplate(template, data, options)`. */
export type ParseTemplate = (language: TemplateLanguage, name: string, text: string) => ParseResult;
export type RenderTemplate = (template: Template, data: Value, options: RenderOptions) => RenderResult;
