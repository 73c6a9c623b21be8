// Where Go templates differ from Go's text/template on purpose: what Go would print as a complaint, or not at all, is an error here.
import t from "tap";
import { sample } from "./cases/sample.ts";
import { outcome, tree } from "./support.ts";

const at = (place: string, context: string, message: string): string =>
	`template: t:${place}: executing "t" at <${context}>: ${message}`;

const cases: Record<string, readonly [string, string]> = {
	"null is not printed": ["{{.nothing}}", at("1:2", ".nothing", "null cannot be printed")],
	"null from a call is not printed": ['{{index .map "zz"}}', at("1:2", 'index .map "zz"', "null cannot be printed")],
	"null in a list is not printed": ["{{.holes}}", at("1:2", ".holes", "null cannot be printed")],
	"null is no argument of print": [
		"{{print nil}}",
		at("1:2", "print nil", "error calling print: null cannot be printed"),
	],
	"a template without data prints none": [
		'{{define "a"}}{{.}}{{end}}{{template "a"}}',
		'template: t:1:16: executing "a" at <.>: null cannot be printed',
	],
	"a verb that does not fit": [
		'{{printf "%d" .text}}',
		at("1:2", 'printf "%d" .text', "error calling printf: %d cannot print a value of type string"),
	],
	"an unknown verb": [
		'{{printf "%z" 1}}',
		at("1:2", 'printf "%z" 1', "error calling printf: %z cannot print a value of type int"),
	],
	"a text verb for a boolean": [
		'{{printf "%s" true}}',
		at("1:2", 'printf "%s" true', "error calling printf: %s cannot print a value of type bool"),
	],
	"a verb for floats only": [
		'{{printf "%f" 1}}',
		at("1:2", 'printf "%f" 1', "error calling printf: %f cannot print a value of type int"),
	],
	"an integer verb for a float": [
		'{{printf "%d" 1.5}}',
		at("1:2", 'printf "%d" 1.5', "error calling printf: %d cannot print a value of type float64"),
	],
	"a text under an unknown verb": [
		'{{printf "%t" "x"}}',
		at("1:2", 'printf "%t" "x"', "error calling printf: %t cannot print a value of type string"),
	],
	"a float with a sharp flag": [
		'{{printf "%#g" 1.5}}',
		at("1:2", 'printf "%#g" 1.5', "error calling printf: %g cannot print a value of type float64"),
	],
	"a float in hexadecimal": [
		'{{printf "%x" 1.5}}',
		at("1:2", 'printf "%x" 1.5', "error calling printf: %x cannot print a value of type float64"),
	],
	"an argument too few": [
		'{{printf "%s %s" "a"}}',
		at("1:2", 'printf "%s %s" "a"', "error calling printf: no argument is left for %s"),
	],
	"an argument too many": [
		'{{printf "%s" 1 2 | len}}'.replace("1 2", '"a" 2'),
		at("1:2", 'printf "%s" "a" 2', "error calling printf: 1 more arguments than the format uses"),
	],
	"an incomplete directive": [
		'{{printf "100%"}}',
		at("1:2", 'printf "100%"', "error calling printf: the format ends in an incomplete %"),
	],
	"a directive of two points": [
		'{{printf "%..s" "a"}}',
		at("1:2", 'printf "%..s" "a"', "error calling printf: the format ends in an incomplete %"),
	],
	"a width from an argument": [
		'{{printf "%*d" 5 1}}',
		at("1:2", 'printf "%*d" 5 1', "error calling printf: %* is not supported in a format"),
	],
	"an argument by number": [
		'{{printf "%[1]d" 5}}',
		at("1:2", 'printf "%[1]d" 5', "error calling printf: %[ is not supported in a format"),
	],
	"Go syntax": ['{{printf "%#v" 5}}', at("1:2", 'printf "%#v" 5', "error calling printf: %#v is not supported")],
	"a width too large": [
		'{{printf "%9999999d" 5}}',
		at("1:2", 'printf "%9999999d" 5', "error calling printf: a width or precision is too large"),
	],
	"half a character": [
		'{{slice "é" 1}}',
		at("1:2", 'slice "é" 1', "error calling slice: the slice cuts a character in two"),
	],
	"half a character at the end": [
		'{{slice "aé" 0 2}}',
		at("1:2", 'slice "aé" 0 2', "error calling slice: the slice cuts a character in two"),
	],
	"lists are not compared, and not shown": [
		"{{eq .list .list}}",
		at("1:2", "eq .list .list", "error calling eq: non-comparable type: []interface {}"),
	],
	"maps are not compared": [
		"{{eq .map .map}}",
		at("1:2", "eq .map .map", "error calling eq: non-comparable type: map[string]interface {}"),
	],
	"a map and a list are not compared": [
		"{{ne .map .list}}",
		at("1:2", "ne .map .list", "error calling ne: non-comparable types: map[string]interface {}, []interface {}"),
	],
	"a range over what cannot be printed": ["{{range .yes}}{{end}}", at("1:8", ".yes", "range can't iterate over true")],
	"slice takes an index from the data": ["{{slice .text .one}}", "ello world"],
	"indentation without end": [
		"{{indent 99999999 .text}}",
		at("1:2", "indent 99999999 .text", "error calling indent: too many spaces"),
	],
	call: ["{{call .text}}", 'template: t:1: function "call" not defined'],
	"complex numbers": ["{{1i}}", "template: t:1: complex numbers are not supported"],
	"complex sums": ["{{1+2i}}", "template: t:1: complex numbers are not supported"],
	"unsigned literals": ["{{18446744073709551615}}", "template: t:1: 18446744073709551615 overflows int"],
	"a long hexadecimal float": [
		"{{0x1.fffffffffffffffp1}}",
		'template: t:1: illegal number syntax: "0x1.fffffffffffffffp1"',
	],
	"bytes that are no text": ['{{"\\xff"}}', "template: t:1: invalid syntax"],
	recursion: ['{{define "a"}}{{template "a" .}}{{end}}', 'template: t:1: template "a" calls itself'],
	"recursion of a block": ['a\n{{block "b" .}}{{template "b" .}}{{end}}', 'template: t:2: template "b" calls itself'],
	"recursion round about": [
		'{{define "a"}}\n{{if .}}{{else}}{{template "b" .}}{{end}}{{end}}{{define "b"}}\n{{range .}}{{template "a"}}{{end}}{{end}}',
		'template: t:3: template "a" calls itself',
	],
	"recursion of the template itself": [
		'a{{with .}}{{template "t" .}}{{end}}',
		'template: t:1: template "t" calls itself',
	],
	"a token in a template": ["a\nb @BMC{x}@", "template: t:2: @BMC{ is reserved: it stands for secrets in scripts"],
};

for (const [name, [template, expected]] of Object.entries(cases))
	t.test(name, async (t) => t.equal(outcome(template, sample), expected));

t.test("a token pieced together from texts", async (t) => {
	t.equal(
		outcome('a{{print "@BM" "C{"}}', tree({})),
		"template: t: the output contains @BMC{, which is reserved: it stands for secrets in scripts",
	);
});
