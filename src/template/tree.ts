// The one tree that both template languages become. It is kept small, so that one evaluator can walk it and nothing in
// a template can mean more than what is listed here.

/** A position is an index into the template's text (UTF-16 units); line and byte column are computed for errors only. */
interface Located {
	readonly position: number;
	/** How the node was written, where the front end keeps it (Handlebars); Go nodes are printed again from their parts. */
	readonly source?: string;
}

export interface TextNode extends Located {
	readonly kind: "text";
	readonly text: string;
}

export interface ActionNode extends Located {
	readonly kind: "action";
	readonly pipe: PipeNode;
}

export interface BranchNode extends Located {
	readonly kind: "if" | "with";
	readonly pipe: PipeNode;
	readonly list: ListNode;
	readonly otherwise: ListNode | undefined;
}

export interface RangeNode extends Located {
	readonly kind: "range";
	readonly pipe: PipeNode;
	readonly list: ListNode;
	readonly otherwise: ListNode | undefined;
	/** Handlebars' `@index`, `@key`, `@first`, `@last`, and maps in the order in which they were written. */
	readonly loop?: LoopNames;
}

/** The names under which one Handlebars loop declares what changes with each turn. */
export interface LoopNames {
	readonly item: string;
	readonly index: string;
	readonly key: string;
	readonly first: string;
	readonly last: string;
}

export interface TemplateNode extends Located {
	readonly kind: "template";
	readonly name: string;
	readonly pipe: PipeNode | undefined;
}

export interface JumpNode extends Located {
	readonly kind: "break" | "continue";
}

export interface ListNode extends Located {
	readonly kind: "list";
	readonly nodes: readonly StatementNode[];
}

export type StatementNode = TextNode | ActionNode | BranchNode | RangeNode | TemplateNode | JumpNode;

export interface PipeNode extends Located {
	readonly kind: "pipe";
	readonly declarations: readonly VariableNode[];
	/** `=` rather than `:=`. */
	readonly assigns: boolean;
	readonly commands: readonly CommandNode[];
}

export interface CommandNode extends Located {
	readonly kind: "command";
	readonly words: readonly OperandNode[];
}

export interface FieldNode extends Located {
	readonly kind: "field";
	readonly names: readonly string[];
}

export interface VariableNode extends Located {
	readonly kind: "variable";
	/** The variable's own name first (with its `$` in Go), then fields. */
	readonly names: readonly string[];
	/** Handlebars' paths also reach into lists: `items.0`, `items.length`. */
	readonly intoLists?: boolean;
}

export interface ChainNode extends Located {
	readonly kind: "chain";
	readonly operand: OperandNode;
	readonly names: readonly string[];
}

export interface FunctionNode extends Located {
	readonly kind: "function";
	readonly name: string;
}

export interface DotNode extends Located {
	readonly kind: "dot";
}

export interface NilNode extends Located {
	readonly kind: "nil";
}

export interface BoolNode extends Located {
	readonly kind: "bool";
	readonly value: boolean;
}

export interface StringNode extends Located {
	readonly kind: "string";
	readonly quoted: string;
	readonly text: string;
}

export interface NumberNode extends Located {
	readonly kind: "number";
	readonly text: string;
	/** What the literal is where nothing asks for another type: an integer, or a float by its spelling. */
	readonly value: bigint | number;
	/** The literal as an integer where a function asks for one (`1.0` may be); absent where it has a fraction. */
	readonly integer: bigint | undefined;
}

export type OperandNode =
	| FieldNode
	| VariableNode
	| ChainNode
	| FunctionNode
	| DotNode
	| NilNode
	| BoolNode
	| StringNode
	| NumberNode
	| PipeNode;

export type ExpressionNode = OperandNode | CommandNode | TemplateNode;

/** What a parsed template is: its text (for positions) and the bodies by name, its own among them. */
export interface Program {
	readonly name: string;
	readonly text: string;
	readonly bodies: ReadonlyMap<string, ListNode>;
}
