// Mistakes that lie in, or beside, a secret value: whoever tells them must not tell the value. Each has its own marked
// values, so that one that is found somewhere says which mistake let it out.

import { type Canary, canaryOf, canaryOfKey, marked } from "./canary.ts";
import { EMAIL, freshKey } from "./keys.ts";
import { type Fields, manifest, namespace, scheduledBackup, template } from "./objects.ts";

export interface Mistake {
	/** Also its namespace's name. */
	name: string;
	/** Data of the Secret `vars`, besides `Params.password`. */
	vars?: Record<string, string | Buffer>;
	/** Data of the Secret `keys`; there is none without. */
	keys?: Record<string, string | Buffer>;
	spec?: Fields;
	/** Backup script of its template. */
	script?: string;
	/** Values in `spec.vars`: their author shows them to whoever reads the object, but to nobody else. */
	literals?: readonly string[];
}

const KIB = 1024;
const gpg = (more: Fields = {}) => ({
	gpgKeySecretRef: { secretName: "keys", email: EMAIL, createIfNotExists: true, ...more },
});
const every = { varsSecretRef: { secretName: "vars" } };
const armor = (kind: string, body: string) =>
	`-----BEGIN PGP ${kind} BLOCK-----\n\n${body}\n-----END PGP ${kind} BLOCK-----\n`;
const varsText = (params: string, more = "") => ({
	vars: `Params:\n  host: db\n  ${params}\nRepository: {url: 'https://b'}\n${more}`,
	varsSecretRef: undefined,
});

/** What a script may not do with a secret. */
const MISUSES: Record<string, string> = {
	compared: '{{ if eq .Params.password "x" }}y{{ end }}',
	measured: "{{ len .Params.password }}",
	indexed: "{{ index .Params.password 0 }}",
	formatted: '{{ printf "%d" .Params.password }}',
	ranged: "{{ range .Params.password }}x{{ end }}",
	entered: "{{ .Params.password.inner }}",
	looked: "{{ index .Params .Params.password }}",
	sliced: "{{ slice .Params.password 99 }}",
	less: "{{ lt .Params.password 3 }}",
	indented: "{{ indent .Params.password .Params.host }}",
};

const misuses = (): Mistake[] =>
	Object.entries(MISUSES).flatMap(([name, script]) => {
		const value = marked(`literal-${name}`);
		return [
			{ name: `secret-${name}`, script },
			{ name: `literal-${name}`, script, spec: varsText(`password: ${value}`), literals: [value] },
		];
	});

/** `@` stands for the value. */
const TEXTS: Record<string, [params: string, more?: string]> = {
	unclosed: ['password: "@'],
	reserved: ["password: `@"],
	escape: ['password: "@\\q"'],
	tag: ["password: !secret @"],
	twice: ["password: @\n  password: @"],
	"not-a-map": ["password: {@}"],
	"key-as-value": ["? [@]\n  : x"],
	tabbed: ["password: @\n\t  user: @"],
	number: ["password: 0@"],
	unknown: ["user: u", "HelmValues: {password: @}\n"],
	shell: ["user: u", 'HelmValues: {env: {A: "$(echo @)"}}\n'],
	"env-list": ["user: u", "HelmValues: {env: {A: [@]}}\n"],
	"env-name": ["user: u", "HelmValues: {env: {'a b': @}}\n"],
	quantity: ["user: u", "HelmValues: {resources: {limits: {memory: @}}}\n"],
	token: ["password: '@BMC{@'"],
};

const texts = (): Mistake[] =>
	Object.entries(TEXTS).map(([name, [params, more = ""]]) => {
		const value =
			name === "number" ? marked(name).replace(/\D/g, "").padEnd(16, "7").slice(0, 16) : marked(`text-${name}`);
		const fill = (text: string) => text.replaceAll(/@(?!BMC)/g, value);
		return { name: `text-${name}`, spec: varsText(fill(params), fill(more)), literals: [value] };
	});

/** Values that the user's Secrets hold: each may be found there and nowhere else. */
export const makeMistakes = async (): Promise<Mistake[]> => {
	const [own, other] = [await freshKey(EMAIL, marked("right")), await freshKey(EMAIL, marked("other"))];
	const sums = Array.from({ length: 6 }, (_, index) => `sum${index}`);
	return [
		{ name: "nul", vars: { "Params.nul": `${marked("nul")}\0` }, spec: every, script: "{{ .Params.nul }}" },
		{
			name: "not-utf8",
			vars: { "Params.raw": Buffer.concat([Buffer.from(marked("raw")), Buffer.from([0xff])]) },
			spec: every,
			script: "{{ .Params.raw }}",
		},
		{
			name: "large",
			vars: { "Params.large": marked("large").padEnd(97 * KIB, "x") },
			spec: every,
			script: "{{ .Params.large }}",
		},
		{
			name: "sum",
			vars: Object.fromEntries(sums.map((name) => [`Params.${name}`, marked(name).padEnd(90 * KIB, "x")])),
			spec: every,
			script: sums.map((name) => `{{ .Params.${name} | shellQuote }}`).join(" "),
		},
		{ name: "env-nul", vars: { "HelmValues.env.A": `${marked("env")}\0` }, spec: every },
		{ name: "env-reserved", vars: { "HelmValues.env.BMC_A": marked("reserved") }, spec: every },
		{ name: "pod-option", vars: { "HelmValues.image": marked("image") }, spec: every },
		{ name: "collision", vars: { Params: marked("collision") }, spec: every },
		{ name: "forbidden", vars: { "__proto__.x": marked("forbidden") }, spec: every },
		{ name: "recipient", vars: { "Repository.recipient": marked("recipient") }, spec: { ...every, ...gpg() } },
		{
			name: "token-nul",
			vars: { token: `${marked("token")}\0` },
			spec: { tokenSecretRef: { secretName: "vars" } },
			script: "{{ .Repository.token }}",
		},
		{ name: "no-armor", keys: { key: marked("key"), "key.pub": marked("pub") }, spec: gpg() },
		{
			name: "bad-armor",
			keys: { key: armor("PRIVATE KEY", marked("key")), "key.pub": armor("PUBLIC KEY", marked("pub")) },
			spec: gpg(),
		},
		{ name: "swapped", keys: { key: own.publicKey, "key.pub": own.privateKey, passphrase: marked("p") }, spec: gpg() },
		{ name: "half", keys: { key: own.privateKey, passphrase: marked("p") }, spec: gpg() },
		{
			name: "wrong-pair",
			keys: { key: other.privateKey, "key.pub": own.publicKey, passphrase: marked("p") },
			spec: gpg(),
		},
		{
			name: "wrong-passphrase",
			keys: { key: own.privateKey, "key.pub": own.publicKey, passphrase: marked("p") },
			spec: gpg(),
		},
		{ name: "two-lines", keys: { passphrase: `${marked("line")}\n${marked("line")}\n` }, spec: gpg() },
		{
			name: "two-passphrases",
			vars: { "Repository.passphrase": marked("p") },
			keys: { key: own.privateKey, "key.pub": own.publicKey, passphrase: marked("p") },
			spec: { ...every, ...gpg() },
		},
		...misuses(),
		...texts(),
	];
};

const secretObject = (name: string, at: string, data: Record<string, string | Buffer>) => ({
	apiVersion: "v1",
	kind: "Secret",
	metadata: { name, namespace: at },
	data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
});

/** The Secrets' contents by namespace and name, with the password that every mistake has beside it. */
export const secretsOf = ({ name, vars = {}, keys }: Mistake): Map<string, Record<string, string | Buffer>> =>
	new Map([
		[`${name}/vars`, { "Params.password": marked(name), ...vars }],
		...(keys === undefined ? [] : ([[`${name}/keys`, keys]] as const)),
	]);

/** What may be found in those Secrets alone. */
export const canariesOf = (secrets: ReadonlyMap<string, Record<string, string | Buffer>>): Canary[] =>
	[...secrets]
		.flatMap(([where, data]) =>
			Object.entries(data).map(([key, value]) => {
				const text = value.toString();
				return text.includes("PRIVATE KEY") && !text.includes("canary-")
					? canaryOfKey(`${where} ${key}`, text)
					: canaryOf(`${where} ${key}`, text);
			}),
		)
		.filter(({ pieces }) => pieces.length > 0 && !pieces.some((piece) => piece.includes("BEGIN PGP")));

/** Namespace, Secrets and template of a mistake. */
export const surroundings = (
	{ name, script }: Mistake,
	secrets: ReadonlyMap<string, Record<string, string | Buffer>>,
): string =>
	manifest(
		namespace(name),
		...[...secrets].map(([where, data]) => secretObject(where.split("/")[1] ?? "", name, data)),
		...(script === undefined ? [] : [template(name, { backup: `${script}\n` })]),
	);

/** The ScheduledBackup that has the mistake. */
export const mistaken = ({ name, spec = {}, script }: Mistake): string =>
	manifest(
		scheduledBackup(
			"app",
			{ ...(script === undefined ? {} : { templateRef: { name } }), ...spec },
			{ namespace: name },
		),
	);
