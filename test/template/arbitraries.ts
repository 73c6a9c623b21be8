// Generators: variables, Go templates that mostly parse, and heaps of words that mostly do not.
import fc from "../property.ts";
import { tree } from "./support.ts";

const keys = ["a", "b", "c", "x"] as const;
const texts = fc.constantFrom("", "a", "word", "it's", 'q"t', "é😀", "two words", "l1\nl2", " pad ", "<&>", "10", "%d");
const scalars = fc.oneof(
	texts,
	fc.string({ unit: "binary", maxLength: 6 }).map((text) => text.toWellFormed()),
	fc.integer({ min: -3, max: 12 }),
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
	fc.constantFrom(0.5, -1.25, 1e21 + 0.5, 1e-7, 3.14),
	fc.boolean(),
	fc.constant(null),
);

/** A map of few keys, so that templates find some of them. */
export const variables = fc
	.letrec((tie) => ({
		value: fc.oneof(
			{ maxDepth: 3, withCrossShrink: true },
			scalars,
			fc.array(tie("value"), { maxLength: 3 }),
			tie("map"),
		),
		map: fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 4, noNullPrototype: true }),
	}))
	.map.map(tree);

const path = fc
	.tuple(fc.constantFrom("", "$", "$v", "$i"), fc.array(fc.constantFrom(...keys), { maxLength: 2 }))
	.map(([variable, names]) =>
		variable === "" && names.length === 0 ? "." : variable + names.map((name) => `.${name}`).join(""),
	);
const literal = fc.constantFrom(
	"1",
	"0",
	"-2",
	"1.5",
	'"a"',
	'"é\\n"',
	"`raw`",
	"true",
	"false",
	"nil",
	"'x'",
	"0x1F",
	"1e3",
);
const unary = fc.constantFrom(
	"not",
	"len",
	"print",
	"html",
	"js",
	"urlquery",
	"quote",
	"squote",
	"upper",
	"lower",
	"trim",
	"b64enc",
	"shellQuote",
	"println",
);
const binary = fc.constantFrom(
	"eq",
	"ne",
	"lt",
	"le",
	"gt",
	"ge",
	"index",
	"and",
	"or",
	"print",
	"default",
	"join",
	"indent",
	"required",
);
const format = fc
	.tuple(
		fc.constantFrom("", "-", "+", "0", "#", " "),
		fc.constantFrom("", "5", "12", ".2", "6.1"),
		fc.constantFrom(..."vsdqxXfegotcU"),
	)
	.map((parts) => `printf "%${parts.join("")}"`)
	.filter((text) => !/#.*[vfeg]"/.test(text));

const { expression } = fc.letrec<{ expression: string; operand: string; command: string }>((tie) => ({
	operand: fc.oneof(
		{ maxDepth: 3, withCrossShrink: true },
		path,
		literal,
		tie("expression").map((inner) => `(${inner})`),
		fc.tuple(tie("expression"), fc.constantFrom(...keys)).map(([inner, key]) => `(${inner}).${key}`),
	),
	command: fc.oneof(
		{ maxDepth: 3, withCrossShrink: true },
		tie("operand"),
		fc.tuple(unary, tie("operand")).map((words) => words.join(" ")),
		fc.tuple(binary, tie("operand"), tie("operand")).map((words) => words.join(" ")),
		// Go's slice refuses an index that comes from a map or list as it is; ours takes it.
		fc.tuple(tie("operand"), tie("operand")).map(([item, index]) => `slice ${item} (${index})`),
		fc.tuple(format, tie("operand")).map((words) => words.join(" ")),
	),
	expression: fc.oneof(
		{ maxDepth: 3, withCrossShrink: true },
		tie("command"),
		fc.tuple(tie("command"), fc.oneof(unary, format)).map((stages) => stages.join(" | ")),
		fc.tuple(tie("command"), binary, tie("operand")).map(([first, name, operand]) => `${first} | ${name} ${operand}`),
	),
}));

const open = fc.constantFrom("{{", "{{- ", "{{ ");
const close = fc.constantFrom("}}", " -}}", " }}");
const text = fc.constantFrom("", " ", "\n", "text", "é ", "  \n  ");

const blockName = fc.constantFrom("b1", "b2", "b3");
/** What may stand at the end of a block and then, mostly, is a mistake. */
const ending = fc.oneof({ weight: 18, arbitrary: fc.constant("") }, fc.constantFrom("{{else}}", "{{break}}"));
const { body } = fc.letrec<{ body: string; node: string }>((tie) => {
	const block = (head: fc.Arbitrary<string>): fc.Arbitrary<string> =>
		fc
			.tuple(
				open,
				head,
				close,
				tie("body"),
				fc.constantFrom("", "{{else}}", "{{else if .a}}", "{{break}}"),
				tie("body"),
			)
			.map(([start, words, end, list, middle, rest]) => `${start}${words}${end}${list}${middle}${rest}{{end}}`);
	const action = fc.tuple(open, expression, close).map((parts) => parts.join(""));
	return {
		node: fc.oneof(
			{ maxDepth: 4, withCrossShrink: true },
			text,
			action,
			expression.map((value) => `{{$v := ${value}}}{{$i := $v}}`),
			expression.map((value) => `{{$v = ${value}}}`),
			block(expression.map((value) => `if ${value}`)),
			block(expression.map((value) => `with ${value}`)),
			block(path.map((value) => `range $i, $v := ${value}`)),
			block(path.map((value) => `range ${value}`)),
			// A block sees no variables of what is around it: it begins with its own.
			fc
				.tuple(open, blockName, expression, close, tie("body"), ending)
				.map(([start, name, value, end, list, last]) =>
					[`${start}block "${name}" ${value}${end}`, "{{$v := .}}{{$i := 0}}", list, last, "{{end}}"].join(""),
				),
			expression.map((value) => `{{template "named" ${value}}}`),
		),
		body: fc.array(tie("node"), { maxLength: 4 }).map((nodes) => nodes.join("")),
	};
});

/** Templates that mostly parse; `$v` and `$i` exist from the start. */
export const templates = body.map(
	(text) => `{{define "named"}}{{$v := .}}{{$i := 0}}<{{$v}}>{{end}}{{$v := 1}}{{$i := 2}}${text}`,
);

const words = [
	..."{{ }} {{- -}} {{/* */}} ( ) | := = , . $ .a $v \" ` ' 1 0x 1.5e -1 + nil true if else end range with define block template break continue print len é € [".split(
		" ",
	),
	" ",
	"\n",
	"text",
	'"named"',
	"{{.a}}",
	"{{end}}",
	"{{if .a}}",
	"{{else}}",
	"{{range $v := .b}}",
];

/** Heaps of words: mostly parse errors. */
export const scraps = fc
	.array(fc.constantFrom(...words), { maxLength: 14 })
	.map((heap) => `{{$v := 1}}${heap.join("")}`);
