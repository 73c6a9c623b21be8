// One object for each mistake that docs/checks.md and README name, so that a test can hold their words against what is
// really said. Only what can be told offline; rights and dependents are the integration tests'.
import type { KubernetesObject } from "../../src/api/kubernetes.ts";

type Fields = Record<string, unknown>;

export const VARS = 'Params: {hostname: h, port: 5432, db: d, user: u}\nRepository: {url: "http://x"}\n';

const object = (kind: string, name: string, rest: Fields): KubernetesObject =>
	({
		apiVersion: kind === "Secret" ? "v1" : "riotkit.org/v1alpha1",
		kind,
		metadata: { name },
		...rest,
	}) as KubernetesObject;

const secret = (name: string, stringData: Fields, rest: Fields = {}): KubernetesObject =>
	object("Secret", name, { stringData, ...rest });

const script = (name: string, backup: string): KubernetesObject =>
	object("ClusterBackupProcedureTemplate", name, { spec: { image: "x:1", backup, restore: "" } });

/** The Secrets and templates that the cases refer to. */
export const world = (
	identity: { publicKey: string; privateKey: string },
	template: KubernetesObject,
): KubernetesObject[] => [
	template,
	script("onlybackup", "echo hi"),
	script("joins", "echo {{ .x.a }}{{ .x.b }}"),
	script("conditional", "{{ if .backUp }}pg_dump{{ end }}"),
	object("ClusterBackupProcedureTemplate", "old", { spec: { image: "https://x/Y", backup: "echo", restore: "" } }),
	script("nul", 'echo {{ printf "%c" 0 }}'),
	script("repeats", `echo ${"{{ .big }}".repeat(6)}`),
	secret("backup-keys", { token: "t", "Params.password": "p" }),
	secret("gpg", { key: identity.privateKey, "key.pub": identity.publicKey, passphrase: "p" }),
	secret("swapped", { key: identity.publicKey, "key.pub": identity.privateKey, passphrase: "p" }),
	secret("partial", { key: "x" }),
	secret("noarmor", { key: "x", "key.pub": "y", passphrase: "p" }),
	secret("empty", { token: "", "Params.password": "" }),
	secret("collide", { "Params.a": "x", "Params.a.b": "y", "Params.password": "p" }),
	secret("helm", { "HelmValues.image": "x", "HelmValues.env.A": "y", "Params.password": "p" }),
	secret("frozen", {}, { immutable: true }),
	object("Secret", "sealed", {
		metadata: { name: "sealed", ownerReferences: [{ kind: "SealedSecret", name: "sealed", controller: true }] },
	}),
	object("Secret", "binary", { data: { "Params.password": Buffer.from([65, 0, 66]).toString("base64") } }),
	secret("many", Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`Params.k${index}`, "x"]))),
	secret("large", { "Params.password": "x".repeat(98_305) }),
];

const backup = (change: (spec: Fields) => void): KubernetesObject => {
	const spec: Fields = {
		operation: "backup",
		cronJob: {},
		collectionId: "c1",
		gpgKeySecretRef: { secretName: "new-keys", createIfNotExists: true, email: "a@example.org" },
		tokenSecretRef: { secretName: "backup-keys" },
		templateRef: { name: "pg13" },
		varsSecretRef: { secretName: "backup-keys", importOnlyKeys: ["Params.password"] },
		vars: VARS,
	};
	change(spec);
	return object("ScheduledBackup", "try", { spec });
};

const withVars = (vars: string): KubernetesObject =>
	backup((spec) => {
		spec["vars"] = vars;
	});

const more = (text: string): KubernetesObject => withVars(`${VARS}${text}`);
const pod = (text: string): KubernetesObject => more(`HelmValues:\n${text.replaceAll(/^/gm, "  ")}`);
const repository = (text: string): string => VARS.replace('url: "http://x"', `url: "http://x", ${text}`);

const withField = (field: string, change: Fields): KubernetesObject =>
	backup((spec) => {
		spec[field] = { ...(spec[field] as Fields | undefined), ...change };
	});

const withKeys = (reference: Fields, vars = VARS): KubernetesObject =>
	backup((spec) => {
		spec["gpgKeySecretRef"] = reference;
		spec["vars"] = vars;
	});

const template = (spec: Fields): KubernetesObject => object("ClusterBackupProcedureTemplate", "t1", { spec });
const action = (spec: Fields): KubernetesObject => object("RequestedBackupAction", "a1", { spec });

export const cases: Readonly<Record<string, KubernetesObject>> = {
	"no YAML": withVars("Params:\n  a: [1, 2\n"),
	"no map": withVars("- a"),
	"too large": withVars(`a: ${"x".repeat(262_145)}`),
	"duplicate key": withVars("Params: {a: 1, a: 2}"),
	"many aliases": withVars(`a: &a [x,x]\nb: [${"*a,".repeat(21)}]`),
	"key that is no text": more("1: x"),
	"long key": more(`${"k".repeat(600)}: x`),
	"forbidden key": more("__proto__: {}"),
	"second document": more("---\na: 1"),
	"token in vars": more("x: '@BMC{x}@'"),
	"no map of Repository": withVars("Params: {hostname: h, port: 1, db: d, user: u}\nRepository: x"),
	"unknown pod option": pod("imge: x:1"),
	"host network": pod("hostNetwork: true"),
	"host path": pod("volumes: [{name: a, hostPath: {path: /}}]"),
	privileged: pod("securityContext: {privileged: true}"),
	"added capability": pod("securityContext: {capabilities: {add: [NET_ADMIN]}}"),
	"projected token": pod("volumes: [{name: a, projected: {sources: [{serviceAccountToken: {path: x}}]}}]"),
	"wrong type": pod("backoffLimit: two"),
	"more than the limit": pod("resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}"),
	"reserved mount": pod("volumes: [{name: a, emptyDir: {}}]\nvolumeMounts: [{name: a, mountPath: /mnt/secrets}]"),
	"system mount": pod("volumes: [{name: a, emptyDir: {}}]\nvolumeMounts: [{name: a, mountPath: /bin}]"),
	"root that is not root": pod("securityContext: {runAsUser: 0, runAsNonRoot: true}"),
	"many Secrets": pod(
		`envFrom: [${Array.from({ length: 40 }, (_, index) => `{secretRef: {name: s${index}, optional: true}}`).join(", ")}]`,
	),
	"shell syntax in env": pod('env: {A: "$(cat /x)"}'),
	"reserved env": pod("env: {RESTORE_VERSION: v1}"),
	"list in env": pod("env: {A: [1]}"),
	"missing envFrom": pod("envFrom: [{secretRef: {name: nope}}]"),
	"HelmValues from a Secret": withField("varsSecretRef", {
		secretName: "helm",
		importOnlyKeys: ["HelmValues.image", "Params.password"],
	}),
	"missing template": withField("templateRef", { name: "nope" }),
	"unknown internal": withField("templateRef", { kind: "internal", name: "mysql" }),
	"missing variable": withVars('Params: {hostname: h, port: 1, user: u}\nRepository: {url: "http://x"}'),
	"no script": backup((spec) => {
		spec["templateRef"] = { name: "onlybackup" };
		spec["operation"] = "restore";
	}),
	"script that does nothing": backup((spec) => {
		spec["templateRef"] = { name: "conditional" };
		spec["vars"] = `${VARS}backUp: false\n`;
	}),
	"old image": withField("templateRef", { name: "old" }),
	"many keys": withField("varsSecretRef", { secretName: "many", importOnlyKeys: undefined }),
	"forged token": backup((spec) => {
		spec["templateRef"] = { name: "joins" };
		spec["vars"] = `${VARS}x: {a: "@", b: "BMC{"}\n`;
	}),
	"NUL in a script": withField("templateRef", { name: "nul" }),
	"script too large": backup((spec) => {
		spec["templateRef"] = { name: "repeats" };
		spec["vars"] = `${VARS}big: ${"ä".repeat(100_000)}\n`;
	}),
	"missing Secret": withField("varsSecretRef", { secretName: "nope" }),
	"missing key": withField("tokenSecretRef", { tokenKey: "jwt" }),
	"empty key": withField("tokenSecretRef", { secretName: "empty" }),
	"colliding paths": backup((spec) => {
		spec["varsSecretRef"] = { secretName: "collide" };
	}),
	"NUL byte": withField("varsSecretRef", { secretName: "binary" }),
	"value too large": withField("varsSecretRef", { secretName: "large" }),
	"missing GPG Secret": withKeys({ secretName: "nope", email: "a@example.org" }),
	"missing GPG key": withKeys({ secretName: "backup-keys", email: "a@example.org" }),
	"half an identity": withField("gpgKeySecretRef", { secretName: "partial" }),
	"no armor": withKeys({ secretName: "noarmor", email: "a@example.org" }),
	"wrong kind of armor": withKeys({ secretName: "swapped", email: "a@example.org" }),
	"immutable GPG Secret": withField("gpgKeySecretRef", { secretName: "frozen" }),
	"controlled GPG Secret": withField("gpgKeySecretRef", { secretName: "sealed" }),
	"no e-mail": withField("gpgKeySecretRef", { email: "nobody" }),
	"missing e-mail": backup((spec) => {
		spec["gpgKeySecretRef"] = { secretName: "new-keys", createIfNotExists: true };
		spec["vars"] = repository("recipient: a@example.org");
	}),
	"other recipient": withKeys({ secretName: "gpg" }, repository("recipient: other@example.org")),
	"other passphrase": withKeys({ secretName: "gpg", email: "a@example.org" }, repository("passphrase: q")),
	"two-line passphrase": withKeys(
		{ secretName: "new-keys", createIfNotExists: true, email: "a@example.org" },
		repository('passphrase: "p\\n"'),
	),
	"computed passphrase": withKeys(
		{ secretName: "new-keys", createIfNotExists: true, email: "a@example.org" },
		repository('passphrase: "$(cat /x)"'),
	),
	"empty passphrase": withKeys(
		{ secretName: "new-keys", createIfNotExists: true, email: "a@example.org" },
		repository("passphrase: ''"),
	),
	"quote in the passphrase": withKeys(
		{ secretName: "new-keys", createIfNotExists: true, email: "a@example.org" },
		repository("passphrase: it's"),
	),
	"quote in the recipient": withKeys({ secretName: "gpg" }, repository("recipient: o'hara@example.org")),
	"token key of the identity": backup((spec) => {
		spec["gpgKeySecretRef"] = {
			secretName: "backup-keys",
			createIfNotExists: true,
			email: "a@example.org",
			passphraseKey: "token",
		};
	}),
	"bad schedule": withField("cronJob", { scheduleEvery: "61 * * * *" }),
	"four fields": withField("cronJob", { scheduleEvery: "0 0 * *" }),
	"zone in the schedule": withField("cronJob", { scheduleEvery: "TZ=UTC 0 0 * * *" }),
	"unknown time zone": withField("cronJob", { timeZone: "Europe/Warsawa" }),
	"line break in the collection": backup((spec) => {
		spec["collectionId"] = "a\nb";
	}),
	"unknown operation": backup((spec) => {
		spec["operation"] = "bakcup";
	}),
	"unknown field": backup((spec) => {
		spec["scheduleEvery"] = "@daily";
	}),
	"unclosed action": template({ image: "x:1", backup: "echo {{ .Params.x", restore: "" }),
	"unknown function": template({ image: "x:1", backup: "{{ nope 1 }}", restore: "" }),
	partial: template({ image: "x:1", templateLanguage: "Handlebars", backup: "{{> x}}", restore: "" }),
	"image that is none": template({ image: "https://example.org/Tools:1", backup: "echo", restore: "" }),
	"token in a template": template({ image: "x:1", backup: "echo '@BMC{x}@'", restore: "" }),
	"no script at all": template({ image: "x:1", backup: "", restore: "" }),
	"dangling action": action({ action: "backup", scheduledBackupRef: { name: "nope" } }),
	"action without script": action({ action: "restore", scheduledBackupRef: { name: "small" } }),
	"action that does nothing": action({ action: "backup", scheduledBackupRef: { name: "idle" } }),
	"version of a backup": action({ action: "backup", targetVersion: "v1", scheduledBackupRef: { name: "small" } }),
	"bad version": action({ action: "restore", targetVersion: "v1; rm", scheduledBackupRef: { name: "nope" } }),
	"literal secret": withVars(VARS.replace("user: u", "user: u, password: x")),
	"number format": more("n: {a: 1.10}"),
	"date format": more("n: {c: 2026-01-02}"),
	"file mode": pod("volumes: [{name: a, secret: {secretName: backup-keys, defaultMode: 0400}}]"),
	"other collection": withVars(repository("collectionId: other")),
	"key path in vars": withVars(repository("encryptionKeyPath: /x")),
	"no encryption": backup((spec) => {
		spec["gpgKeySecretRef"] = undefined;
		spec["templateRef"] = { kind: "internal", name: "postgres" };
	}),
	"never fires": withField("cronJob", { scheduleEvery: "0 0 31 2 *" }),
	"more often than once a minute": withField("cronJob", { scheduleEvery: "@every 10s" }),
	"restores at once": backup((spec) => {
		spec["operation"] = "restore";
		spec["cronJob"] = { concurrencyPolicy: "Allow" };
	}),
	"restore that is tried again": backup((spec) => {
		spec["operation"] = "restore";
		spec["vars"] = `${VARS}HelmValues: {backoffLimit: 2}\n`;
	}),
	"named paths that collide": withField("varsSecretRef", {
		secretName: "nope",
		importOnlyKeys: ["Params.a", "Params.a.b"],
	}),
	"image without tag": pod("image: foo/bar"),
	"image latest": pod("image: foo/bar:latest"),
	"missing pull secret": pod("imagePullSecrets: [{name: nope}]"),
	"unused import": withField("templateRef", { name: "onlybackup" }),
	"blank scripts": template({ image: "x:1", backup: " ", restore: "" }),
};

/** What the actions of the cases refer to. */
export const idle = object("ScheduledBackup", "idle", {
	spec: { operation: "restore", collectionId: "c", templateRef: { name: "conditional" }, vars: "backUp: false" },
});
export const small = object("ScheduledBackup", "small", {
	spec: { operation: "backup", collectionId: "c", templateRef: { name: "onlybackup" } },
});
