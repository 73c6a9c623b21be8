// Mistakes in `spec.vars` and in the pod options that it holds.
import { backup, backupWithPod, backupWithVars, type Rows } from "./row.ts";

const bomb = [
	"a: &a [x,x,x,x,x,x,x,x,x]",
	..."bcdefgh".split("").map((name, index) => {
		const before = "abcdefg"[index];
		return `${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`;
	}),
];

export const varsRows: Rows = {
	"vars: no YAML": {
		input: backup({ vars: "Params:\n  host: a\n host: b\n" }),
		denied: [
			"spec.vars: not valid YAML at line 3, column 2: bad indentation of a mapping entry; check the indentation, and put a value in quotes where it begins with a special character or contains `: `",
		],
	},
	"vars: tabs": {
		input: backup({ vars: "Params:\n\thost: a\n" }),
		denied: [
			"spec.vars: not valid YAML at line 2, column 1: tab characters must not be used in indentation; check the indentation, and put a value in quotes where it begins with a special character or contains `: `",
		],
	},
	"vars: an unclosed quote": {
		input: backup({ vars: 'Params:\n  host: "canary\n' }),
		denied: [
			"spec.vars: not valid YAML at line 3, column 1: deficient indentation; check the indentation, and put a value in quotes where it begins with a special character or contains `: `",
		],
	},
	"vars: a list": {
		input: backup({ vars: "- a\n- b\n" }),
		denied: [
			"spec.vars: not a map of variables; write names at the beginning of the line, such as `Params:`, and what belongs to them indented below",
		],
	},
	"vars: text": {
		input: backup({ vars: "hello" }),
		denied: [
			"spec.vars: not a map of variables; write names at the beginning of the line, such as `Params:`, and what belongs to them indented below",
		],
	},
	"vars: two documents": {
		input: backupWithVars("---", "a: 1"),
		denied: ["spec.vars: a second YAML document begins at line 3, column 1: only one is allowed"],
	},
	"vars: the same key twice": {
		input: backupWithVars("Repository: {}", "Repository: {}"),
		denied: ["spec.vars: Repository (line 3, column 1): the key is there twice"],
	},
	"vars: the same key twice, and a variable that is missing": {
		input: backup({ vars: "Params: {a: 1, a: 2}\n" }),
		denied: [
			"spec.vars: Params.a (line 1, column 16): the key is there twice",
			'spec.vars: template: simple:1:22: executing "simple" at <.Params.host>: map has no entry for key "host" (ClusterBackupProcedureTemplate "simple", backup script)',
		],
	},
	"vars: too many characters": {
		input: backupWithVars(`x: "${"x".repeat(262_144)}"`),
		args: "create -f -",
		denied: ["spec.vars: Too long: may not be more than 262144 bytes"],
	},
	"vars: too many bytes": {
		input: backupWithVars(`x: "${"é".repeat(140_000)}"`),
		args: "create -f -",
		denied: ["spec.vars: larger than 256 KiB"],
	},
	"vars: an alias bomb": {
		input: backupWithVars(...bomb),
		denied: [
			"spec.vars: 63 aliases, more than 20 (line 5, column 14)",
			"spec.vars: h[0] (line 9, column 8): aliases expand to more than 1 MiB",
		],
	},
	"vars: few aliases that grow": {
		input: backupWithVars(`a: &a "${"x".repeat(100_000)}"`, `b: [${Array(15).fill("*a").join(",")}]`),
		denied: ["spec.vars: b[0] (line 3, column 5): aliases expand to more than 1 MiB"],
	},
	"vars: too deep": {
		input: backupWithVars(`a: ${"[".repeat(70)}${"]".repeat(70)}`),
		denied: [
			"spec.vars: a[0][0][0][0][0][0][0][0][0][0][0][0][0]…[0][0][0][0][0][0][0][0][0][0][0][0][0] (line 2, column 67): nested deeper than 64 levels",
		],
	},
	"vars: forbidden path segments": {
		input: backupWithVars("Other: {__proto__: {a: 1}, constructor: 2}", "prototype: 3"),
		denied: [
			"spec.vars: Other.__proto__ (line 2, column 9): the key is not allowed",
			"spec.vars: Other.constructor (line 2, column 28): the key is not allowed",
			"spec.vars: prototype (line 3, column 1): the key is not allowed",
		],
	},
	"vars: what marks secrets in scripts": {
		input: backupWithVars('Other: "@BMC{x}@"'),
		denied: [
			"spec.vars: Other (line 2, column 8): @BMC{ is how the controller marks secrets in scripts and cannot be used",
		],
	},
	"HelmValues: an unknown option": {
		input: backupWithPod("resource: {}"),
		denied: ["spec.vars: HelmValues.resource: unknown key; did you mean resources?"],
	},
	"HelmValues: wrong types": {
		input: backupWithPod("image: 5", "resources: {limits: {memory: lots, cpu: true}}", "tolerations: {}"),
		denied: [
			"spec.vars: HelmValues.image: must be text; put it in quotes",
			"spec.vars: HelmValues.resources.limits.memory: must be a quantity such as 500m, 1.5 or 2Gi",
			"spec.vars: HelmValues.resources.limits.cpu: must be text; put it in quotes",
			"spec.vars: HelmValues.tolerations: must be a list",
		],
	},
	"HelmValues: no map": {
		input: backupWithVars("HelmValues: []"),
		denied: ["spec.vars: HelmValues: must be a map of pod options"],
	},
	"HelmValues: what a backup never needs": {
		input: backupWithPod(
			"volumes: [{name: host, hostPath: {path: /etc}}]",
			"securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}",
			"hostNetwork: true",
			"hostPID: true",
		),
		denied: [
			"spec.vars: HelmValues.hostNetwork: is not allowed; the pod of a backup never uses the node's namespaces",
			"spec.vars: HelmValues.hostPID: is not allowed; the pod of a backup never uses the node's namespaces",
			"spec.vars: HelmValues.securityContext.privileged: is not allowed in this installation; whoever runs the controller decides whether backups may have it",
			"spec.vars: HelmValues.securityContext.capabilities.add: is not allowed in this installation; whoever runs the controller decides whether backups may have it",
			"spec.vars: HelmValues.volumes[0].hostPath: is not allowed in this installation; whoever runs the controller decides whether backups may have it",
		],
	},
	"HelmValues: a mount without its volume": {
		input: backupWithPod("volumeMounts: [{name: data, mountPath: /data}]"),
		denied: ["spec.vars: HelmValues.volumeMounts[0].name: is no name of HelmValues.volumes"],
	},
	"HelmValues: a token of a service account in a projected volume": {
		input: backupWithPod("volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}]"),
		denied: [
			"spec.vars: HelmValues.volumes[0].projected.sources[0].serviceAccountToken: is not allowed; a token for the API server is there where HelmValues.serviceAccountName is set",
		],
	},
	"HelmValues.env: shell syntax": {
		input: backupWithPod("env:", '  A: "$(cat /etc/passwd)"', '  B: "${HOME}"', "  C: $HOME"),
		denied: [
			'spec.vars: HelmValues.env.A: $(…) and ${…} are not evaluated here; put the value into the Secret of varsSecretRef, under the key "HelmValues.env.A"',
			'spec.vars: HelmValues.env.B: $(…) and ${…} are not evaluated here; put the value into the Secret of varsSecretRef, under the key "HelmValues.env.B"',
		],
	},
	"HelmValues.env: names and values": {
		input: backupWithPod("env:", "  1A: x", "  B: [x]", "  C:", "  BMC_X: x", "  RESTORE_VERSION: x"),
		denied: [
			"spec.vars: HelmValues.env.1A: must be called like an environment variable: letters, digits, `_`, `-` and `.`, no digit first",
			"spec.vars: HelmValues.env.B: must be text, a number or a boolean, no list",
			'spec.vars: HelmValues.env.C: has no value; write "" for an empty one',
			"spec.vars: HelmValues.env.BMC_X: the name is reserved for the controller",
			"spec.vars: HelmValues.env.RESTORE_VERSION: the name is reserved for the controller",
		],
	},
	"HelmValues.env: no map": {
		input: backupWithPod("env: [A]"),
		denied: ["spec.vars: HelmValues.env: must be a map of names and values"],
	},
	"pod: a mount over what every script needs": {
		input: backupWithPod("volumes: [{name: a, emptyDir: {}}]", "volumeMounts: [{name: a, mountPath: /usr/lib}]"),
		denied: [
			"spec.vars: HelmValues.volumeMounts[0].mountPath: would hide /usr/lib, without which no script runs; take another path, such as /mnt/data",
		],
	},
	"pod: root that must not be root": {
		input: backupWithPod("podSecurityContext: {runAsNonRoot: true, runAsUser: 0}"),
		denied: [
			"spec.vars: HelmValues.podSecurityContext.runAsUser: is root (0), and runAsNonRoot is true: it would never start; name another user, or set runAsNonRoot: false",
		],
	},
	"pod: more Secrets than may be named": {
		input: backupWithPod(
			`envFrom: [${Array.from({ length: 31 }, (_, index) => `{secretRef: {name: s${index}, optional: true}}`).join(", ")}]`,
		),
		denied: ["spec.vars: the object names 33 Secrets, more than 32; put what the pod needs into fewer Secrets"],
	},
	"a collection with a line break": {
		input: backup({ collectionId: "a\nb" }),
		denied: ['spec.collectionId: Invalid value: "a\\nb": cannot hold control characters (line breaks, tabs …)'],
	},
};
