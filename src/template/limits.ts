// How much a template may cost. Templates are run inside a webhook that many users share: none may hold it.

export const limits = {
	/** Characters of a template: more than an object of the API server can hold. */
	text: 1024 * 1024,
	/** Characters of a Handlebars template: its parser is not ours, and slow. */
	handlebarsText: 64 * 1024,
	/** Blocks, parentheses and template calls inside one another. */
	depth: 200,
	/** Variables that are declared at one time: they are searched by name. */
	variables: 1000,
	/**
	 * Units of work of one rendering: one for each node walked, for each 64 characters made, and for each 4 characters
	 * that a function is given, since some look at every one. All of it is done in about 0.1 s.
	 */
	work: 200_000,
	/** Characters of the output, and of any text made on the way to it: what a ConfigMap can hold. */
	output: 1024 * 1024,
	/** Errors reported for one rendering: more would not be read. */
	errors: 50,
} as const;

/** The start of the text that stands for a secret in a script; no template and no variable may contain it. */
export const TOKEN_START = "@BMC{";
