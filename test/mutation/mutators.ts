// What can be changed in a file so that its tests ought to notice: the usual set of mutation operators, each on the syntax tree.
// https://stryker-mutator.io/docs/mutation-testing-elements/supported-mutators/ describes the same set for other languages too.
import { ASSIGNMENTS, METHODS, OPERATORS, REMOVED_METHODS } from "./operators.ts";
import { type Node, nodesOf, type Visited } from "./syntax.ts";

/** One change of a file. */
export interface Mutant {
	readonly mutator: string;
	/** Offsets of what is replaced, in UTF-16 code units. */
	readonly start: number;
	readonly end: number;
	readonly replacement: string;
	/** Offset of what is run where this matters; `start` where absent. */
	readonly runs?: number;
}

interface Place extends Visited {
	readonly text: string;
}

type Mutator = (place: Place) => Omit<Mutant, "mutator">[];

const replaced = ({ start, end }: Node, replacement: string) => ({ start, end, replacement });
const nodeOf = (node: Node, field: string): Node => node[field] as Node;
const codeOf = (text: string, { start, end }: Node): string => text.slice(start, end);
const parentOf = ({ ancestors }: Visited): Node | undefined => ancestors[0];
const isType = (node: Node | undefined, ...types: string[]): boolean => node !== undefined && types.includes(node.type);

/** Where the operator between two operands stands. */
const operatorPlace = (text: string, left: Node, right: Node, operator: string) => {
	const start = text.indexOf(operator, left.end);
	return start < right.start ? { start, end: start + operator.length } : undefined;
};

const isText = (node: Node): boolean => isType(node, "StringLiteral", "TemplateLiteral");
/** Whether `+` certainly joins texts; numbers alone can be subtracted. */
const joinsText = ({ type, operator, left, right }: Node): boolean =>
	type === "BinaryExpression" &&
	operator === "+" &&
	[left as Node, right as Node].some((side) => isText(side) || joinsText(side));

const operators: Mutator = ({ node, text }) => {
	if (!isType(node, "BinaryExpression", "LogicalExpression") || joinsText(node)) return [];
	const operator = node["operator"] as string;
	const place = operatorPlace(text, nodeOf(node, "left"), nodeOf(node, "right"), operator);
	return place === undefined
		? []
		: (OPERATORS[operator] ?? []).map((replacement) => ({ ...place, replacement, runs: node.start }));
};

const assignments: Mutator = ({ node, text }) => {
	if (node.type !== "AssignmentExpression") return [];
	const operator = node["operator"] as string;
	const replacement = ASSIGNMENTS[operator];
	const right = nodeOf(node, "right");
	const place = operatorPlace(text, nodeOf(node, "left"), right, operator);
	return replacement === undefined || place === undefined || isText(right)
		? []
		: [{ ...place, replacement, runs: node.start }];
};

const CONDITIONS = ["IfStatement", "ConditionalExpression", "WhileStatement", "DoWhileStatement", "ForStatement"];
const BOOLEAN_OPERATORS = ["===", "!==", "<", "<=", ">", ">=", "in", "instanceof"];

/** Conditions become true and false; so do comparisons within a larger expression. A loop is not made endless. */
const conditions: Mutator = ({ node }) => {
	const test = CONDITIONS.includes(node.type) ? (node["test"] as Node | null) : null;
	if (test !== null && test.type !== "BooleanLiteral")
		return (
			node.type.endsWith("IfStatement") || node.type === "ConditionalExpression" ? ["true", "false"] : ["false"]
		).map((replacement) => replaced(test, replacement));
	if (node.type === "LogicalExpression" && node["operator"] !== "??")
		return ["left", "right"]
			.map((field) => nodeOf(node, field))
			.filter((side) => side.type !== "LogicalExpression")
			.map((side) => replaced(side, node["operator"] === "&&" ? "true" : "false"));
	return [];
};

/** A comparison that is the result of a function. */
const comparisons: Mutator = (place) => {
	const { node } = place;
	const parent = parentOf(place);
	const isResult =
		isType(parent, "ReturnStatement") || (isType(parent, "ArrowFunctionExpression") && parent?.["body"] === node);
	if (!isResult || node.type !== "BinaryExpression") return [];
	if (!BOOLEAN_OPERATORS.includes(node["operator"] as string)) return [];
	return ["true", "false"].map((replacement) => replaced(node, replacement));
};

const negations: Mutator = ({ node, text }) =>
	node.type === "UnaryExpression" && ["!", "-"].includes(node["operator"] as string)
		? [replaced(node, codeOf(text, nodeOf(node, "argument")))]
		: [];

const updates: Mutator = ({ node, text }) =>
	node.type === "UpdateExpression"
		? [
				replaced(
					node,
					codeOf(text, node).replace(/\+\+|--/, (found) => (found === "++" ? "--" : "++")),
				),
			]
		: [];

const booleans: Mutator = ({ node }) =>
	node.type === "BooleanLiteral" ? [replaced(node, node["value"] === true ? "false" : "true")] : [];

/** A name in quotes is no value. */
const isName = (node: Node, parent: Node | undefined): boolean =>
	(isType(parent, "ObjectProperty", "ClassProperty") && parent?.["key"] === node && parent["computed"] !== true) ||
	isType(parent, "ImportExpression", "ExportNamedDeclaration", "Directive", "ImportAttribute");

const texts: Mutator = (place) => {
	const { node } = place;
	const parent = parentOf(place);
	if (node.type === "StringLiteral" && !isName(node, parent)) {
		if (isType(parent, "CallExpression") && (parent?.["callee"] as Node | undefined)?.type === "Import") return [];
		return [replaced(node, node["value"] === "" ? '"mutated"' : '""')];
	}
	if (node.type === "TemplateLiteral" && !isType(parent, "TaggedTemplateExpression")) return [replaced(node, '""')];
	return [];
};

const arrays: Mutator = ({ node }) =>
	node.type === "ArrayExpression"
		? [replaced(node, (node["elements"] as unknown[]).length === 0 ? '["mutated"]' : "[]")]
		: [];

/** From the end of the element before, or to the start of the one after: a comma goes too. */
const withoutElement = (elements: readonly Node[], index: number) => {
	const element = elements[index] as Node;
	const [before, after] = [elements[index - 1], elements[index + 1]];
	if (after !== undefined) return { start: element.start, end: after.start, replacement: "" };
	return { start: before?.end ?? element.start, end: element.end, replacement: "" };
};

const properties: Mutator = ({ node }) => {
	if (node.type !== "ObjectExpression") return [];
	const found = node["properties"] as Node[];
	return found.map((_property, index) => withoutElement(found, index));
};

/** An argument less, where there are several. */
const callArguments: Mutator = ({ node }) => {
	if (!isType(node, "CallExpression", "OptionalCallExpression", "NewExpression")) return [];
	const found = node["arguments"] as Node[];
	return found.length < 2 ? [] : [withoutElement(found, found.length - 1)];
};

const methods: Mutator = ({ node, text }) => {
	if (!isType(node, "CallExpression", "OptionalCallExpression")) return [];
	const callee = nodeOf(node, "callee");
	if (!isType(callee, "MemberExpression", "OptionalMemberExpression") || callee["computed"] === true) return [];
	const property = nodeOf(callee, "property");
	const name = property["name"] as string;
	const other = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
	if (other !== undefined) return [{ ...replaced(property, other), runs: node.start }];
	return REMOVED_METHODS.has(name) ? [replaced(node, codeOf(text, nodeOf(callee, "object")))] : [];
};

const chains: Mutator = ({ node, text }) => {
	if (!isType(node, "OptionalMemberExpression", "OptionalCallExpression") || node["optional"] !== true) return [];
	const object = nodeOf(node, node.type === "OptionalCallExpression" ? "callee" : "object");
	const start = text.indexOf("?.", object.end);
	const isIndex = node.type === "OptionalCallExpression" || node["computed"] === true;
	return [{ start, end: start + 2, replacement: isIndex ? "" : ".", runs: node.start }];
};

const REMOVED_STATEMENTS = ["ExpressionStatement", "ThrowStatement", "BreakStatement", "ContinueStatement"];

/** A statement less; a result less. */
const statements: Mutator = (place) => {
	const { node } = place;
	if (REMOVED_STATEMENTS.includes(node.type)) return [replaced(node, ";")];
	if (node.type === "ReturnStatement") return [replaced(node, node["argument"] === null ? ";" : "return undefined;")];
	return [];
};

/** The result of an arrow function without a block. */
const results: Mutator = ({ node, text }) => {
	const body = node.type === "ArrowFunctionExpression" ? nodeOf(node, "body") : undefined;
	if (body === undefined || body.type === "BlockStatement") return [];
	const code = codeOf(text, body);
	return code === "undefined" || code === "{}" ? [] : [{ ...wrapped(text, body), replacement: "undefined" }];
};

/** With the parentheses that an object needs there. */
const wrapped = (text: string, { start, end }: Node) =>
	text[start - 1] === "(" && text[end] === ")" ? { start: start - 1, end: end + 1 } : { start, end };

const patterns: Mutator = ({ node }) => {
	if (node.type !== "RegExpLiteral") return [];
	const [pattern, flags] = [node["pattern"] as string, node["flags"] as string];
	const changes = [
		pattern.startsWith("^") ? pattern.slice(1) : undefined,
		pattern.endsWith("$") && !pattern.endsWith("\\$") ? pattern.slice(0, -1) : undefined,
	];
	return changes
		.filter((changed) => changed !== undefined && changed !== "")
		.map((changed) => replaced(node, `/${changed}/${flags}`));
};

/** By name, as they are reported. */
export const mutators: Readonly<Record<string, Mutator>> = {
	operator: operators,
	assignment: assignments,
	condition: conditions,
	comparison: comparisons,
	negation: negations,
	update: updates,
	boolean: booleans,
	text: texts,
	array: arrays,
	property: properties,
	argument: callArguments,
	method: methods,
	chain: chains,
	statement: statements,
	result: results,
	pattern: patterns,
};

/**
 * Every mutant of a file, in the order of its text, each change once.
 * @param text of a TypeScript module.
 * @throws SyntaxError where it is not one.
 */
export const mutantsOf = (text: string): Mutant[] => {
	const found = new Map<string, Mutant>();
	for (const visited of nodesOf(text))
		for (const [mutator, mutate] of Object.entries(mutators))
			for (const change of mutate({ ...visited, text })) {
				const key = `${change.start} ${change.end} ${change.replacement}`;
				if (change.replacement !== text.slice(change.start, change.end) && !found.has(key))
					found.set(key, { mutator, ...change });
			}
	return [...found.values()].sort((one, other) => one.start - other.start || one.end - other.end);
};

/** The file with the change. */
export const mutated = (text: string, { start, end, replacement }: Mutant): string =>
	text.slice(0, start) + replacement + text.slice(end);
