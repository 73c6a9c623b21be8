// Error messages quote the part of the template that failed, the way Go prints it: from the tree, not from the text.
import { goQuote } from "./quote.ts";
import type { CommandNode, ExpressionNode, OperandNode, PipeNode } from "./tree.ts";

/** Prints an expression as Go's `Node.String()` does: `printf "%s" .Params.x`. */
export function describe(node: ExpressionNode): string {
	if (node.source !== undefined) return node.source;
	switch (node.kind) {
		case "template":
			return `{{template ${goQuote(node.name)}${node.pipe === undefined ? "" : ` ${describePipe(node.pipe)}`}}}`;
		case "command":
			return describeCommand(node);
		default:
			return describeOperand(node);
	}
}

function describeOperand(node: OperandNode): string {
	switch (node.kind) {
		case "pipe":
			return describePipe(node);
		case "field":
			return node.names.map((name) => `.${name}`).join("");
		case "variable":
			return node.names.join(".");
		case "chain":
			return `${parenthesized(node.operand)}.${node.names.join(".")}`;
		case "function":
			return node.name;
		case "dot":
			return ".";
		case "nil":
			return "nil";
		case "bool":
			return String(node.value);
		case "string":
			return node.quoted;
		case "number":
			return node.text;
	}
}

function describePipe(pipe: PipeNode): string {
	const names = pipe.declarations.map(describe).join(", ");
	const declares = names === "" ? "" : `${names} ${pipe.assigns ? "=" : ":="} `;
	return declares + pipe.commands.map(describeCommand).join(" | ");
}

function describeCommand(command: CommandNode): string {
	return command.words.map(parenthesized).join(" ");
}

function parenthesized(node: OperandNode): string {
	return node.kind === "pipe" ? `(${describePipe(node)})` : describeOperand(node);
}
