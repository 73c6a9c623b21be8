// The resources that kubectl commands in a text are about.

/** Verbs behind which resources are named; `create` and `apply` take files, or kinds of Kubernetes itself. */
const VERBS = new Set(["get", "delete", "describe", "annotate", "label", "patch", "edit", "wait", "explain", "events"]);
/** Options whose value is a word of its own. */
const WITH_VALUE =
	/^(?:-[nolfpcL]|--(?:namespace|output|selector|field-selector|context|type|for|timeout|as|filename))$/;

/** The words of a shell command, without its comment; what stands in quotes is one word. */
const wordsOf = (command: string): string[] =>
	[...command.matchAll(/'[^']*'|"[^"]*"|#.*|(?:[^\s'"|;&)]|"[^"]*"|'[^']*')+|[|;&)]/g)].map(([word]) => word);

/** The words of a command up to where another begins, without options and their values. */
const operands = (words: readonly string[]): string[] => {
	const end = words.findIndex((word) => /^(?:[|;&)]|#.*)$/.test(word));
	const own = words.slice(0, end < 0 ? undefined : end);
	return own.filter((word, index) => !word.startsWith("-") && !WITH_VALUE.test(own[index - 1] ?? ""));
};

const resourcesOf = (command: string): string[] => {
	const [verb = "", ...rest] = operands(wordsOf(command));
	const isQuestion = verb === "auth" && rest[0] === "can-i";
	const named = isQuestion ? rest.slice(2, 3) : rest.filter((word, index) => index === 0 || word.includes("/"));
	return isQuestion || VERBS.has(verb)
		? named.flatMap((word) => word.split(",")).map((word) => word.replace(/\/.*$/, ""))
		: [];
};

/** Every resource that a kubectl command in the text names, as it is written there, with its group where it has one. */
export const kubectlResources = (text: string): string[] =>
	[...text.matchAll(/\bkubectl (?=([^`\n]*))/g)].flatMap(([, command = ""]) => resourcesOf(command));
