// One row of the table of checks: what a user gives to kubectl, and everything that kubectl prints.
import { type Fields, manifest, scheduledBackup, secret, template } from "../support/objects.ts";

export interface Row {
	/** The manifest, on kubectl's stdin. */
	input: string;
	/** Words after `kubectl`; by default `apply -f -` for what is denied, and the same as a dry run for what is not. */
	args?: string;
	/** What the object is called in kubectl's words; by default `ScheduledBackup "app"`. */
	object?: string;
	/** Every cause of the denial, `path: message`; absent where it is allowed. */
	denied?: string[];
	/** Every warning. */
	warnings?: string[];
	/** By default what `apply --dry-run=server` says of a ScheduledBackup `app`. */
	stdout?: string;
}

export type Rows = Readonly<Record<string, Row>>;

/** A manifest of a ScheduledBackup without a flaw, but for these fields of its spec. */
export const backup = (spec: Fields = {}, metadata: Fields = {}): string =>
	manifest(scheduledBackup("app", { gpgKeySecretRef: { secretName: "keys" }, ...spec }, metadata));

/** A manifest of it with these vars: a text, or further lines after those that it needs. */
export const backupWithVars = (...lines: string[]): string =>
	backup({ vars: ["Params: {host: db.example.org}", ...lines, ""].join("\n") });

/** A manifest of it with these pod options. */
export const backupWithPod = (...lines: string[]): string =>
	backupWithVars("HelmValues:", ...lines.map((line) => `  ${line}`));

/** Everything that `backup` refers to; the key is made by the test. */
export const fixtures = (key: { publicKey: string; privateKey: string }, passphrase: string): string =>
	manifest(
		template("simple"),
		template("plain", { backup: "echo backup\n", restore: "echo restore\n" }),
		template("reads-token", {
			backup: "echo {{ .Params.host }} {{ .Params.password }} {{ .Repository.token }}\n",
			restore: "echo {{ .Params.password }} {{ .Repository.token }}\n",
		}),
		secret("vars", { "Params.password": "canary-of-the-password", "Params.unused": "canary" }),
		secret("keys", { key: key.privateKey, "key.pub": key.publicKey, passphrase }),
	);

/** What kubectl prints to stderr. */
export const stderrOf = ({ object = 'ScheduledBackup "app"', denied = [], warnings = [] }: Row): string => {
	const [only, ...more] = denied;
	const causes = more.length === 0 ? [only] : ["", ...denied.map((cause) => `* ${cause}`)];
	return [
		...warnings.map((warning) => `Warning: ${warning}`),
		...(only === undefined ? [] : `The ${object} is invalid: ${causes.join("\n")}`.split("\n")),
		"",
	].join("\n");
};
