// What is allowed, but worth a warning; and what is allowed without a word.
import { action, manifest, template } from "../support/objects.ts";
import { backup, backupWithPod, backupWithVars, type Rows } from "./row.ts";

const templateOf = (image: string): string => manifest(template("image", { image }));

export const warningRows: Rows = {
	"nothing to warn of": { input: backup(), warnings: [] },
	"warned: literal secrets in vars": {
		input: backupWithVars(
			"Repository:",
			"  passphraseFile: x",
			"  token: canary-1",
			"Other: {apiKey: canary-2, list: [{password: canary-3}]}",
		),
		warnings: [
			"Repository.token is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
			"Other.apiKey is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
			"Other.list[0].password is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
		],
	},
	"warned: shell syntax is no literal secret": {
		input: backupWithVars('Other: {password: "$(cat /run/secret)"}'),
		warnings: [],
	},
	"warned: collection ids that differ": {
		input: backupWithVars("Repository: {collectionId: another}"),
		warnings: ['Repository.collectionId "another" in vars differs from spec.collectionId, and wins'],
	},
	"warned: numbers that do not print as typed": {
		input: backupWithVars(
			"Other:",
			"  version: 1.10",
			"  float: 1e3",
			"  hex: 0x1F",
			"  mode: 0777",
			"  thousand: 1_000",
			"  date: 2026-01-01",
			"  port: 5432",
		),
		warnings: [
			'Other.version (vars line 3) prints as 1.1; to keep it write "1.10"',
			'Other.float (vars line 4) prints as 1000; to keep it write "1e3"',
			'Other.hex (vars line 5) prints as 31; to keep it write "0x1F"',
			'Other.mode (vars line 6) prints as 777; to keep it write "0777"',
			'Other.thousand (vars line 7) is text, no number or date; to say so write "1_000"',
			'Other.date (vars line 8) is text, no number or date; to say so write "2026-01-01"',
		],
	},
	"warned: no encryption": {
		input: backup({ gpgKeySecretRef: undefined }),
		warnings: ["spec.gpgKeySecretRef is not set: backups are not encrypted"],
	},
	"warned: a schedule that never fires": {
		input: backup({ cronJob: { scheduleEvery: "0 0 31 2 *" } }),
		warnings: ['spec.cronJob.scheduleEvery: "0 0 31 2 *" never fires: there is no such date'],
	},
	"warned: an image without a tag": {
		input: backupWithPod("image: example.org:5000/tool"),
		warnings: ['HelmValues.image: image "example.org:5000/tool" has no tag; name a fixed version'],
	},
	"warned: an image tagged latest": {
		input: backupWithPod("image: example.org/tool:latest"),
		warnings: ['HelmValues.image: image "example.org/tool:latest" is tagged latest; name a fixed version'],
	},
	"warned: an image by digest is fine": {
		input: backupWithPod(`image: example.org/tool@sha256:${"0".repeat(64)}`),
		warnings: [],
	},
	"warned: a template's image without a tag": {
		input: templateOf("example.org/tool"),
		warnings: ['spec.image: image "example.org/tool" has no tag; name a fixed version'],
		stdout: "clusterbackupproceduretemplate.riotkit.org/image created (server dry run)\n",
	},
	"warned: a template's image tagged latest": {
		input: templateOf("tool:latest"),
		warnings: ['spec.image: image "tool:latest" is tagged latest; name a fixed version'],
		stdout: "clusterbackupproceduretemplate.riotkit.org/image created (server dry run)\n",
	},
	"warned: a variable that no script prints": {
		input: backup({ varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.password", "Params.unused"] } }),
		warnings: ["spec.varsSecretRef.importOnlyKeys[1]: no script prints Params.unused"],
	},
	"warned: an action on what is not Ready": {
		input: manifest(action("now", "waits", {}, { namespace: "waiting" })),
		warnings: ['ScheduledBackup "waits" is not Ready: the action waits until it is'],
		stdout: "requestedbackupaction.riotkit.org/now created (server dry run)\n",
	},
	"warned: a pull secret that does not exist": {
		input: backupWithPod("imagePullSecrets: [{name: nosuch}]"),
		warnings: ['HelmValues.imagePullSecrets[0]: Secret "nosuch" does not exist'],
	},
	"warned: a missing Secret that is optional": {
		input: backupWithPod("envFrom: [{secretRef: {name: nosuch, optional: true}}]"),
		warnings: [],
	},
	"an empty importOnlyKeys means all keys": {
		input: backup({ varsSecretRef: { secretName: "vars", importOnlyKeys: [] } }),
		warnings: [],
	},
	"no vars at all": {
		input: backup({ templateRef: { name: "plain" }, vars: undefined, varsSecretRef: undefined }),
		warnings: [],
	},
};
