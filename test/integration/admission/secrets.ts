// References to Secrets and to keys in them that are not there, or hold what cannot be used.
import { type Fields, manifest, secret } from "../support/objects.ts";
import { backup, backupWithPod, type Rows } from "./row.ts";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Applied before the table. */
export const secretFixtures = manifest(
	secret("empty", { "Params.password": "", token: "", other: "canary-of-other" }),
	{
		...secret("bytes", {}),
		data: { "Params.password": base64(new Uint8Array([0x61, 0])), token: base64(new Uint8Array([0xff])) },
	},
	secret("large", { "Params.password": "x".repeat(100_000) }),
	secret("many", Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`Params.k${index}`, "canary"]))),
	secret("collides", {
		"Params.password": "canary",
		"Params.host": "canary",
		"Params.host.name": "canary",
		Params: "canary",
	}),
	secret("forbidden", { "Params.password": "canary", "Params.constructor": "canary", "HelmValues.image": "canary" }),
);

const vars = (secretName: string, ...importOnlyKeys: string[]) => ({
	varsSecretRef: { secretName, ...(importOnlyKeys.length === 0 ? {} : { importOnlyKeys }) },
});

const token = (tokenSecretRef: Fields): string => backup({ templateRef: { name: "reads-token" }, tokenSecretRef });

export const secretRows: Rows = {
	"varsSecretRef: more keys than may be variables": {
		input: backup(vars("many")),
		denied: [
			'spec.varsSecretRef.secretName: Secret "many" has 1001 keys that would be variables, more than 1000; name those that are variables in spec.varsSecretRef.importOnlyKeys',
		],
	},
	"varsSecretRef: no such Secret": {
		input: backup(vars("nosuch", "Params.password")),
		denied: [
			'spec.varsSecretRef.secretName: Secret "nosuch" does not exist',
			'spec.vars: template: simple:1:41: executing "simple" at <.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "simple", backup script)',
		],
	},
	"varsSecretRef: no such Secret, and paths that collide": {
		input: backup(vars("nosuch", "Params.password", "Other", "Other.x")),
		denied: [
			'spec.varsSecretRef.secretName: Secret "nosuch" does not exist',
			'spec.varsSecretRef.importOnlyKeys[2]: key "Other.x" of Secret "nosuch" lies under Other, and key "Other" of Secret "nosuch" sets it',
			'spec.vars: template: simple:1:41: executing "simple" at <.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "simple", backup script)',
		],
	},
	"varsSecretRef: no such Secret, all keys": {
		input: backup(vars("nosuch")),
		denied: [
			'spec.varsSecretRef.secretName: Secret "nosuch" does not exist',
			'spec.vars: template: simple:1:41: executing "simple" at <.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "simple", backup script)',
		],
	},
	"varsSecretRef: no such keys": {
		input: backup(vars("vars", "Params.password", "Params.user", "Params.port")),
		denied: [
			'spec.varsSecretRef.importOnlyKeys[1]: Secret "vars" has no key "Params.user"',
			'spec.varsSecretRef.importOnlyKeys[2]: Secret "vars" has no key "Params.port"',
		],
		warnings: [
			"spec.varsSecretRef.importOnlyKeys[1]: no script prints Params.user",
			"spec.varsSecretRef.importOnlyKeys[2]: no script prints Params.port",
		],
	},
	"varsSecretRef: a key that a template needs": {
		input: backup(vars("keys", "Params.password")),
		denied: [
			'spec.varsSecretRef.importOnlyKeys[0]: Secret "keys" has no key "Params.password"',
			'spec.vars: template: simple:1:41: executing "simple" at <.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "simple", backup script)',
		],
	},
	"varsSecretRef: an empty key": {
		input: backup(vars("empty", "Params.password")),
		denied: ['spec.varsSecretRef.importOnlyKeys[0]: key "Params.password" of Secret "empty" is empty'],
	},
	"varsSecretRef: an empty key among all": {
		input: backup(vars("empty")),
		denied: [
			'spec.varsSecretRef.secretName: key "Params.password" of Secret "empty" is empty; name the keys that are variables in spec.varsSecretRef.importOnlyKeys',
			'spec.varsSecretRef.secretName: key "token" of Secret "empty" is empty; name the keys that are variables in spec.varsSecretRef.importOnlyKeys',
		],
	},
	"varsSecretRef: bytes that no environment carries": {
		input: backup(vars("bytes", "Params.password")),
		denied: [
			'spec.varsSecretRef.importOnlyKeys[0]: key "Params.password" of Secret "bytes" holds a NUL byte; secrets reach the script as environment variables; mount a file by HelmValues.volumes instead',
		],
	},
	"varsSecretRef: more than an environment carries": {
		input: backup(vars("large", "Params.password")),
		denied: [
			'spec.varsSecretRef.importOnlyKeys[0]: key "Params.password" of Secret "large" has 100000 bytes, more than 98304; secrets reach the script as environment variables; mount a file by HelmValues.volumes instead',
		],
	},
	"varsSecretRef: keys that collide": {
		input: backup(vars("collides")),
		denied: [
			'spec.varsSecretRef.secretName: key "Params" of Secret "collides" would replace Params, and vars hold a map there',
			'spec.varsSecretRef.secretName: key "Params.host" of Secret "collides" lies under Params, and key "Params" of Secret "collides" sets it',
			'spec.varsSecretRef.secretName: key "Params.host.name" of Secret "collides" lies under Params.host, and vars hold a single value there',
			'spec.varsSecretRef.secretName: key "Params.password" of Secret "collides" lies under Params, and key "Params" of Secret "collides" sets it',
		],
	},
	"varsSecretRef: a key under a single value": {
		input: backup({ vars: "Params: text\n" }),
		denied: [
			'spec.varsSecretRef.importOnlyKeys[0]: key "Params.password" of Secret "vars" lies under Params, and vars hold a single value there',
			'spec.vars: template: simple:1:22: executing "simple" at <.Params.host>: can\'t evaluate field host in type interface {} (ClusterBackupProcedureTemplate "simple", backup script)',
			'spec.vars: template: simple:1:41: executing "simple" at <.Params.password>: can\'t evaluate field password in type interface {} (ClusterBackupProcedureTemplate "simple", backup script)',
		],
	},
	"varsSecretRef: keys that are no variables": {
		input: backup(vars("forbidden")),
		denied: [
			'spec.varsSecretRef.secretName: Secret "forbidden" cannot set "HelmValues.image"; of HelmValues only HelmValues.env.NAME can come from a Secret',
			'spec.varsSecretRef.secretName: key "Params.constructor" of Secret "forbidden" is no path: constructor is not allowed',
		],
	},
	"varsSecretRef: forbidden path segments": {
		input: backup(vars("vars", "Params.password", "Params.__proto__.x")),
		denied: [
			"spec.varsSecretRef.importOnlyKeys[1]: Forbidden: cannot hold a path segment named __proto__, constructor or prototype",
		],
		warnings: ["spec.varsSecretRef.importOnlyKeys[1]: no script prints Params.__proto__.x"],
	},
	"varsSecretRef: a name that no Secret can have": {
		input: backup(vars("Vars_1", "Params.password")),
		denied: [
			"spec.varsSecretRef.secretName: Invalid value: \"Vars_1\": spec.varsSecretRef.secretName in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'; use lower-case letters, digits, - and . (a DNS-1123 subdomain)",
		],
	},
	"tokenSecretRef: no such Secret": {
		input: token({ secretName: "nosuch" }),
		denied: [
			'spec.tokenSecretRef.secretName: Secret "nosuch" does not exist',
			'spec.vars: template: reads-token:1:61: executing "reads-token" at <.Repository.token>: map has no entry for key "token" (ClusterBackupProcedureTemplate "reads-token", backup script)',
		],
	},
	"tokenSecretRef: no such key": {
		input: token({ secretName: "vars" }),
		denied: [
			'spec.tokenSecretRef.tokenKey: Secret "vars" has no key "token"',
			'spec.vars: template: reads-token:1:61: executing "reads-token" at <.Repository.token>: map has no entry for key "token" (ClusterBackupProcedureTemplate "reads-token", backup script)',
		],
	},
	"tokenSecretRef: an empty key": {
		input: token({ secretName: "empty" }),
		denied: ['spec.tokenSecretRef.tokenKey: key "token" of Secret "empty" is empty'],
	},
	"tokenSecretRef: bytes that no environment carries": {
		input: token({ secretName: "bytes" }),
		denied: [
			'spec.tokenSecretRef.tokenKey: key "token" of Secret "bytes" is not valid UTF-8; secrets reach the script as environment variables; mount a file by HelmValues.volumes instead',
		],
	},
	"tokenSecretRef: a key of the GPG identity": {
		input: token({ secretName: "keys", tokenKey: "key" }),
		denied: [
			"spec.tokenSecretRef.tokenKey: Invalid value: names a data key that gpgKeySecretRef uses for the GPG identity in the same Secret",
		],
	},
	"HelmValues.envFrom: no such Secret": {
		input: backupWithPod("envFrom: [{secretRef: {name: nosuch}}]"),
		denied: ['spec.vars: HelmValues.envFrom[0]: Secret "nosuch" does not exist'],
	},
	"HelmValues.volumes: no such Secret or key": {
		input: backupWithPod(
			"volumes:",
			"  - {name: a, secret: {secretName: nosuch}}",
			"  - {name: b, secret: {secretName: vars, items: [{key: nosuch, path: x}]}}",
			"  - {name: c, projected: {sources: [{secret: {name: nosuch}}, {secret: {name: vars, items: [{key: nosuch, path: x}]}}]}}",
		),
		denied: [
			'spec.vars: HelmValues.volumes[0]: Secret "nosuch" does not exist',
			'spec.vars: HelmValues.volumes[1]: Secret "vars" has no key "nosuch"',
			'spec.vars: HelmValues.volumes[2].projected.sources[0]: Secret "nosuch" does not exist',
			'spec.vars: HelmValues.volumes[2].projected.sources[1]: Secret "vars" has no key "nosuch"',
		],
	},
};
