// Texts and objects that nobody means well with, each as a function of its length. What is written here has either held
// the webhook once, or is the kind of input that does.

/** A text of at least so many characters. */
export type Text = (length: number) => string;

const repeated =
	(unit: string, start = "", end = ""): Text =>
	(length) =>
		start + unit.repeat(Math.ceil(length / unit.length)) + end;

const counted =
	(unit: (index: number) => string, start = "", end = ""): Text =>
	(length) => {
		const count = Math.ceil(length / unit(1000).length);
		return start + Array.from({ length: count }, (_, index) => unit(index)).join("") + end;
	};

/** Texts of `spec.vars`. */
export const vars: Readonly<Record<string, Text>> = {
	"a key of digits": repeated("0", '? "', 'x"\n: 1'),
	"a key of small and large letters": repeated("aA", "? ", "\n: 1"),
	"a long key over many numbers": (length) => `? ${"k".repeat(500)}\n: [${"01,".repeat(length / 3)}]`,
	"a key and its value as long as each other": (length) =>
		`? a${"0".repeat(length / 2)}b\n: [${"01,".repeat(length / 6)}]`,
	"mistakes below a long key": (length) => `? ${"k".repeat(length / 2)}\n: {${"a: 1,".repeat(length / 10)}}`,
	"keys that are too long": counted((index) => `${"k".repeat(513)}${index}: 1\n`),
	digits: repeated("9", "a: "),
	"digits with underscores": repeated("1_", "a: ", "x"),
	zeros: repeated("0", "a: ", "1"),
	"a fraction": repeated("9", "a: 1."),
	"hexadecimal digits": repeated("f", "a: 0x"),
	"blanks in a date": repeated(" ", "a: 2026-01-02", "x"),
	"many keys": counted((index) => `k${index}: 1\n`),
	"one key again and again": repeated("a: 1\n"),
	"one map again and again": repeated("a: {b: 1}\n"),
	"a list of numbers": repeated("01,", "a: [", "]"),
	"a flow map": counted((index) => `k${index}: 1, `, "a: {", "}"),
	"lists in lists": repeated("[", "a: "),
	"maps in maps": repeated("{a: ", "a: "),
	dashes: repeated("- "),
	"question marks": repeated("? "),
	blanks: repeated(" "),
	"line breaks": repeated("\n"),
	"comments behind a value": repeated("# x\n", "a: 1\n"),
	anchors: counted((index) => `k${index}: &a${index} 1\n`),
	aliases: repeated("*a,", "a: &a 1\nb: [", "]"),
	"aliases of nothing": repeated("*x,", "b: [", "]"),
	tags: repeated("- !!int x\n"),
	"%TAG directives": counted((index) => `%TAG !a${index}! x\n`, "", "---\na: 1"),
	documents: repeated("---\na: 1\n"),
	escapes: repeated("\\x41", 'a: "', '"'),
	"a text without its end": repeated("x\n ", 'a: "'),
	"a folded text": repeated(" x\n", "a: >\n"),
	merges: repeated("<<: *a,", "a: &a {b: 1}\nc: {", "}"),
	"merges of a list": repeated("*a,", "a: &a {b: 1}\nc: {<<: [", "]}"),
	"marks of secrets": counted((index) => `"@BMC{${index}": 1\n`),
	"NUL characters": counted((index) => `k${index}: "\\0"\n`),
	"begins of private keys": repeated("-----BEGIN A ", "a: '", "'"),
	"many passwords": counted((index) => `password${index}: x\n`),
	"a list of passwords": repeated("a,", "password: [", "]"),
	"an environment": counted((index) => `    A${index}: x\n`, "HelmValues:\n  env:\n"),
	"an environment of lists": counted((index) => `    A${index}: [1]\n`, "HelmValues:\n  env:\n"),
	"unknown options of the pod": counted((index) => `  imagee${index}: x\n`, "HelmValues:\n"),
	"Secrets of the pod": counted((index) => `  - {secretRef: {name: a${index}}}\n`, "HelmValues:\n  envFrom:\n"),
	volumes: counted((index) => `{name: a${index}, emptyDir: {}}, `, "HelmValues: {volumes: [", "]}"),
	"an image of marks": repeated("@", "HelmValues: {image: '", "\\n'}"),
	"an image of colons": repeated("a:", "HelmValues: {image: '", "'}"),
	"a quantity": repeated("1", "HelmValues: {resources: {requests: {cpu: '", "x'}}}"),
	"a mount path": repeated("/a/..", "HelmValues: {volumeMounts: [{name: a, mountPath: '", "'}]}"),
	"shell syntax": repeated("$(", "HelmValues: {env: {A: '", "'}}"),
	"a recipient of brackets": repeated("<", "Repository: {recipient: '", "'}"),
	"a recipient of addresses": repeated("a@", "Repository: {recipient: '", "'}"),
};

/** Go templates. */
export const goTemplates: Readonly<Record<string, Text>> = {
	actions: repeated("{{.a}}"),
	"begins of actions": repeated("{{"),
	comments: repeated("{{/* */}}"),
	"comments without their end": repeated("{{/*"),
	trims: repeated("  {{-"),
	parentheses: repeated("(", "{{"),
	pipes: repeated("|print", "{{1", "}}"),
	arguments: repeated(" 1", "{{print", "}}"),
	fields: repeated(".a", "{{", "}}"),
	"a number": repeated("1", "{{", "}}"),
	"a number with underscores": repeated("1_", "{{", "}}"),
	"a number that ends in an underscore": repeated("1", "{{", "_}}"),
	"a text without its end": repeated("a", '{{"'),
	"uses of variables": (length) =>
		Array.from({ length: 1000 }, (_, index) => `{{$a${index} := 1}}`).join("") + "{{$a900}}".repeat(length / 9),
	"variables that are declared": counted((index) => `{{$a${index} := 1}}`),
	"conditions without their end": repeated("{{if 1}}"),
	"conditions in a row": repeated("{{else if 0}}", "{{if 0}}", "{{end}}"),
	definitions: counted((index) => `{{define "a${index}"}}x{{end}}`),
	"definitions that call the next": counted((index) => `{{define "a${index}"}}{{template "a${index + 1}"}}{{end}}`),
	"errors in many lines": repeated("{{.nope}}\n"),
	"a directive of zeros": repeated("0", '{{printf "%', '..1d" 1}}'),
	directives: repeated("%d", '{{printf "', '"}}'),
};

/** Handlebars templates. */
export const handlebars: Readonly<Record<string, Text>> = {
	mustaches: repeated("{{a}}"),
	"begins of mustaches": repeated("{{"),
	"escaped mustaches": repeated("\\{{"),
	backslashes: repeated("\\", "", "{{a}}"),
	comments: repeated("{{!-- a --}}"),
	"empty comments": repeated("{{!----}}"),
	"comments without their end": repeated("{{!-- "),
	"blocks without their end": repeated("{{#if a}}"),
	arguments: repeated(" b", "{{a", "}}"),
	"a path": repeated("a.", "{{", "a}}"),
	"parents in a path": repeated("../", "{{", "a}}"),
	zeros: repeated("0", "{{a ", "x}}"),
	"conditions in a row": repeated("{{else if a}}", "{{#if a}}", "{{/if}}"),
	blanks: repeated(" ", "", "{{~a~}}"),
};

/** Texts for any field of the spec. */
export const texts: Readonly<Record<string, Text>> = {
	letters: repeated("a", "", "!"),
	digits: repeated("0", "", "a"),
	dashes: repeated("-", "", "a"),
	"dots and dashes": repeated(".-", "", "!"),
	labels: repeated("a."),
	slashes: repeated("/", "", "a"),
	ats: repeated("a@"),
	blanks: repeated(" ", "0 0 * *", "!"),
	"steps of a schedule": repeated("*/1,", "0 0 * * "),
	"hours of an interval": repeated("1h", "@every "),
	"two-unit characters": repeated("\u{1F600}"),
	"line breaks": repeated("\n", "", "a"),
};

/** A list of so many items. */
export type List = (length: number) => unknown[];

/** Lists for `importOnlyKeys`. */
export const lists: Readonly<Record<string, List>> = {
	"different keys": (length) => Array.from({ length }, (_, index) => `k${index}`),
	"one key": (length) => Array.from({ length }, () => "a"),
	"keys that collide": (length) => Array.from({ length }, (_, index) => (index % 2 === 0 ? "a" : "a.b")),
	"empty keys": (length) => Array.from({ length }, () => ""),
	"no text": (length) => Array.from({ length }, () => 1),
};
