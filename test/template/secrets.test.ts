// What a template may do with a value that it cannot see, and what it is told when it tries more.
import t from "tap";
import { SecretValue, type Value } from "../../src/template/index.ts";
import { outcome, render, tree } from "./support.ts";

const password = new SecretValue("Params.password", "backup-keys", "Params.password");
const token = new SecretValue("Repository.token", "backup-keys", "token");
const data = {
	Params: { user: "riotkit", password, port: 5432 },
	Repository: { token },
	list: ["a", password],
	empty: "",
};

const allowed: Record<string, readonly [string, string]> = {
	printed: ["pw={{.Params.password}}", "pw=@BMC{Params.password}@"],
	print: ['{{print .Params.user ":" .Params.password}}', "riotkit:@BMC{Params.password}@"],
	"print with numbers": ["{{print 1 .Params.password 2 3}}", "1@BMC{Params.password}@2 3"],
	println: ['{{println .Params.password "x"}}', "@BMC{Params.password}@ x\n"],
	"printf %s": ['{{printf "<%s>" .Params.password}}', "<@BMC{Params.password}@>"],
	"printf %v": [
		'{{printf "%v%v" .Params.password .Repository.token}}',
		"@BMC{Params.password}@@BMC{Repository.token}@",
	],
	"printf in a pipeline": ['{{.Params.password | printf "%s-%s" "a"}}', "a-@BMC{Params.password}@"],
	default: ['{{.Params.password | default "x"}}', "@BMC{Params.password}@"],
	"default of something empty": ["{{default .Params.password .empty}}", "@BMC{Params.password}@"],
	required: ['{{required "no" .Params.password}}', "@BMC{Params.password}@"],
	shellQuote: ["{{.Params.password | shellQuote}}", "@BMC{Params.password:shellQuote}@"],
	quote: ["{{quote .Params.password}}", "@BMC{Params.password:quote}@"],
	"quote of several": ['{{quote "a" .Params.password nil}}', '"a" @BMC{Params.password:quote}@'],
	squote: ["{{squote .Params.password}}", "@BMC{Params.password:squote}@"],
	b64enc: ["{{b64enc .Params.password}}", "@BMC{Params.password:b64enc}@"],
	urlquery: ["{{urlquery .Params.password}}", "@BMC{Params.password:urlquery}@"],
	"transforms in order": [
		"{{.Params.password | b64enc | urlquery | quote}}",
		"@BMC{Params.password:b64enc:urlquery:quote}@",
	],
	"a transformed secret through print": [
		"{{print (b64enc .Params.password) | shellQuote}}",
		"@BMC{Params.password:b64enc:shellQuote}@",
	],
	"shellQuote of a longer text quotes each part": [
		`{{printf "it's %s!" .Params.password | shellQuote}}`,
		`'it'\\''s '@BMC{Params.password:shellQuote}@'!'`,
	],
	"urlquery of a longer text": [
		'{{print "a b=" .Params.password | urlquery}}',
		"a+b%3D@BMC{Params.password:urlquery}@",
	],
	"texts with secrets in texts": [
		'{{$both := print .Params.password "/" .Repository.token}}{{printf "%s;%s" $both "x"}}',
		"@BMC{Params.password}@/@BMC{Repository.token}@;x",
	],
	"presence with if": ["{{if .Params.password}}yes{{end}}", "yes"],
	"presence with with": ["{{with .Params.password}}{{.}}{{end}}", "@BMC{Params.password}@"],
	"presence with and, or, not": [
		'{{and .Params.password "x"}}{{or .Params.password "y"}}{{not .Params.password}}',
		"x@BMC{Params.password}@false",
	],
	"presence of a text with a secret": ['{{if print "a" .Params.password}}yes{{end}}', "yes"],
	"in a variable": ["{{$x := .Params.password}}{{$x}}", "@BMC{Params.password}@"],
	"by index": [
		'{{index .Params "password"}}{{index .list 1}}{{len .list}}',
		"@BMC{Params.password}@@BMC{Params.password}@2",
	],
	"in a slice of a list": ["{{index (slice .list 1) 0}}", "@BMC{Params.password}@"],
	"in a range": ["{{range .list}}{{.}},{{end}}", "a,@BMC{Params.password}@,"],
	"in a list that is printed whole": ["{{.list}}", "[a @BMC{Params.password}@]"],
	"in a map that is printed whole": ["{{.Repository}}", "map[token:@BMC{Repository.token}@]"],
	"its type": ['{{printf "%T" .Params.password}}', "string"],
};

for (const [name, [template, expected]] of Object.entries(allowed))
	t.test(name, async (t) => t.equal(outcome(template, data), expected));

const uses =
	"it can be printed, quoted (shellQuote, quote, squote, b64enc, urlquery), given a default, or tested for presence";
const refused: Record<string, string> = {
	eq: '{{eq .Params.password "x"}}',
	ne: '{{ne "x" .Params.password}}',
	lt: '{{lt .Params.password "x"}}',
	len: "{{len .Params.password}}",
	"index of a secret": "{{index .Params.password 0}}",
	"index by a secret": "{{index .Params .Params.password}}",
	slice: "{{slice .Params.password 1}}",
	upper: "{{upper .Params.password}}",
	"lower in a pipeline": "{{.Params.password | lower}}",
	trim: "{{trim .Params.password}}",
	replace: '{{replace "a" "b" .Params.password}}',
	"replace by a secret": '{{replace "a" .Params.password "a"}}',
	indent: "{{indent 2 .Params.password}}",
	nindent: "{{nindent 2 .Params.password}}",
	"join by a secret": "{{join .Params.password .list}}",
	"join of a list with a secret": '{{join "," .list}}',
	html: "{{html .Params.password}}",
	"html of a list with a secret": "{{html .list}}",
	js: "{{js .Params.password}}",
	"printf with a secret format": "{{printf .Params.password}}",
	"printf %q": '{{printf "%q" .Params.password}}',
	"printf with a width": '{{printf "%10s" .Params.password}}',
	"printf with a precision": '{{printf "%.1s" .Params.password}}',
	"printf with a flag": '{{printf "%-s" .Params.password}}',
	"printf %v with a width": '{{printf "%10v" .Params.password}}',
	"printf %v with a precision": '{{printf "%.1v" .Params.password}}',
	"printf %v with a precision of nothing": '{{printf "%.0v" .Params.password}}',
	"printf %d": '{{printf "%d" .Params.password}}',
	"printf %X": '{{printf "%X" .Params.password}}',
	"printf %x": '{{printf "%x" .Params.password}}',
	"quote of a longer text": '{{print "a" .Params.password | quote}}',
	"squote of a longer text": '{{print .Params.password "a" | squote}}',
	"b64enc of a longer text": '{{print "a" .Params.password | b64enc}}',
	"upper of a longer text": '{{print "a" .Params.password | upper}}',
	"quote of a list with a secret": "{{quote .list}}",
	"a required message": '{{required .Params.password ""}}',
};

for (const [name, template] of Object.entries(refused)) {
	t.test(`refused: ${name}`, async (t) => {
		const { output, errors } = render(template, tree(data));
		t.equal(output, undefined);
		t.equal(errors.length, 1);
		t.equal(errors[0]?.kind, "secret");
		const message = errors[0]?.message as string;
		t.ok(message.endsWith(`Params.password is a secret, its value is not known here: ${uses}`), message);
	});
}

t.test("a field of a secret, and a loop over one", async (t) => {
	t.match(outcome("{{.Params.password.x}}", data), /can't evaluate field x in type interface \{\}$/);
	t.match(outcome("{{range .Params.password}}{{end}}", data), /range can't iterate over the secret Params.password$/);
	t.match(outcome("{{indent .Params.password .empty}}", data), /wrong type for value; expected int; got string$/);
});

t.test("lists every secret that is printed, once, in order of first use", async (t) => {
	const text = "{{.Repository.token}}{{.Params.password}}{{.Repository.token | quote}}{{if .list}}{{end}}";
	const { secrets } = render(text, tree(data));
	t.strictSame(secrets, [token, password]);
	t.strictSame(render("{{if .Params.password}}x{{end}}", tree(data)).secrets, []);
});

t.test("the same key under two paths is one secret", async (t) => {
	const again = new SecretValue("Other.password", "backup-keys", "Params.password");
	const { secrets } = render(
		"{{.a}}{{.b}}",
		new Map<string, Value>([
			["a", password],
			["b", again],
		]),
	);
	t.strictSame(secrets, [password]);
});
