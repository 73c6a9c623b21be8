// A round trip with stock gpg over what the cluster holds: what a backup encrypts today, a restore must open on another
// day, in another pod, with nothing but the Secret.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { importPrivateKey, stockGpg } from "../gpg/stock-gpg.ts";
import { encryptedBackup, namespaceWithVars, PASSWORD } from "./support/keys.ts";
import { action, type Fields, manifest, secret, template } from "./support/objects.ts";
import { jobPod, runPod, scheduledPod } from "./support/pod.ts";
import { awaitReady, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();

// Both scripts do what backup-maker does, in a home of their own: import the mounted key, then encrypt or decrypt.
const HOME = "export GNUPGHOME={{ .Params.home | shellQuote }}\n";
const SAY = "printf '%s\\0' {{ .Repository.passphrase | shellQuote }} {{ .Repository.recipient | shellQuote }}\n";
await session.apply(
	manifest(
		template("gpg", {
			backup:
				`${HOME}gpg --batch --quiet --import {{ .Repository.encryptionKeyPath }} || exit 10\n` +
				"printf 'the dump of %s' {{ .Params.password | shellQuote }} |\n" +
				"gpg --batch --quiet --encrypt --always-trust --recipient {{ .Repository.recipient | shellQuote }}\n",
			restore:
				`${HOME}gpg --quiet --passphrase-fd 0 --pinentry-mode loopback --import {{ .Repository.encryptionKeyPath }} ` +
				"<<<{{ .Repository.passphrase | shellQuote }} || exit 11\n" +
				"gpg --batch --quiet --pinentry-mode loopback --passphrase {{ .Repository.passphrase | shellQuote }} --decrypt {{ .Params.home | shellQuote }}/backup.gpg\n",
		}),
		template("say", { backup: SAY, restore: SAY }),
	),
);

const vars = (home: string, repository: Fields) =>
	JSON.stringify({ Params: { home }, Repository: { url: "https://backups.example.org", ...repository } });

/** A passphrase that a shell, gpg or YAML could spoil; single quotes are refused, since backup-maker's command has them. */
const HOSTILE = `riot kit "$(x)" \`é\` & \\ @BMC{ %s`;

interface Case {
	name: string;
	keys: Fields;
	repository: Fields;
	stored?: Record<string, string>;
	importOnlyKeys?: string[];
	/** What `gpg --recipient` is called with. */
	recipients: string[];
	passphrase: RegExp | string;
}

const CASES: Case[] = [
	{ name: "random", keys: {}, repository: {}, recipients: ["team@example.org"], passphrase: /^[A-Za-z0-9][\w-]{42}$/ },
	{
		name: "seed",
		keys: { email: "example@example.org", privateKey: "private", publicKey: "public" },
		repository: { recipient: "test@riotkit.org", passphrase: "riotkit" },
		recipients: ["example@example.org", "test@riotkit.org"],
		passphrase: "riotkit",
	},
	{
		name: "imported",
		keys: { email: "example@example.org" },
		repository: {},
		stored: { "Repository.recipient": "test@riotkit.org" },
		importOnlyKeys: ["Params.password", "Repository.recipient"],
		recipients: ["example@example.org", "test@riotkit.org"],
		passphrase: /^[A-Za-z0-9][\w-]{42}$/,
	},
	{
		name: "hostile",
		keys: { email: "example@example.org" },
		repository: { recipient: "test@riotkit.org" },
		stored: { "Repository.passphrase": HOSTILE },
		importOnlyKeys: ["Params.password", "Repository.passphrase"],
		recipients: ["example@example.org", "test@riotkit.org"],
		passphrase: HOSTILE,
	},
];

/** The pod of a restore that was requested of ScheduledBackup `app`. */
const restorePod = async (namespace: string) => {
	const object = action("restore", "app", { action: "restore" }, { namespace });
	await mustKubectl(session, "create -f -", manifest(object));
	const job = await eventually(
		async () => (await session.json(`get requestedbackupaction -n ${namespace} restore`)).status?.jobName as string,
		{ what: "the restore has a Job" },
	);
	return jobPod(session, namespace, job);
};

const install = async (
	namespace: string,
	{ keys, repository, stored = {}, importOnlyKeys = Object.keys(PASSWORD) }: Case,
	home: string,
	name: string,
) => {
	const spec = {
		templateRef: { name },
		vars: vars(home, repository),
		varsSecretRef: { secretName: "vars", importOnlyKeys },
	};
	await session.apply(namespaceWithVars(namespace));
	await session.apply(manifest(secret("vars", { ...PASSWORD, ...stored }, { namespace })));
	await session.apply(manifest(encryptedBackup("app", namespace, keys, spec)));
	await awaitReady(session, { namespace, name: "app" });
};

for (const scenario of CASES) {
	t.test(
		`${scenario.name}: gpg encrypts for every address with the public key, and opens all with the private one`,
		async (t) => {
			const namespace = `say-${scenario.name}`;
			await install(namespace, scenario, "/none", "say");
			const said = (await runPod({ session, namespace }, await restorePod(namespace))).stdout.toString().split("\0");
			const [passphrase = "", recipient = ""] = said;
			t.match(passphrase, scenario.passphrase, "the pod's passphrase");
			t.equal(recipient, scenario.recipients.at(-1));

			const read = async (key: string): Promise<string> => {
				const path = `jsonpath={.data.${key.replace(".", "\\.")}}`;
				const text = await mustKubectl(session, ["get", "secret", "-n", namespace, "keys", "-o", path]);
				return Buffer.from(text, "base64").toString();
			};
			const { publicKey = "key.pub", privateKey = "key" } = scenario.keys as Record<string, string>;
			const folder = t.testdir({ public: await read(publicKey), private: await read(privateKey) });
			t.equal(await read("passphrase"), passphrase, "and the stored one");

			const [backup, restore] = [stockGpg(), stockGpg()];
			t.teardown(backup.close);
			t.teardown(restore.close);
			t.equal(backup.run(["--batch", "--import", join(folder, "public")]).status, 0);
			const imported = importPrivateKey(restore, join(folder, "private"), passphrase);
			t.equal(imported.status, 0, imported.stderr);
			for (const address of scenario.recipients) {
				const encrypt = ["--batch", "--encrypt", "--always-trust", "--recipient", address];
				const encrypted = backup.run(encrypt, `for ${address}`);
				t.equal(encrypted.status, 0, encrypted.stderr);
				const decrypt = ["--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase, "--decrypt"];
				const decrypted = restore.run(decrypt, encrypted.stdout);
				t.equal(decrypted.stdout.toString(), `for ${address}`, decrypted.stderr);
			}
		},
	);

	t.test(`${scenario.name}: what the scheduled pod encrypts, the restore's pod opens`, async (t) => {
		const namespace = `gpg-${scenario.name}`;
		const [backup, restore] = [stockGpg(), stockGpg()];
		t.teardown(backup.close);
		t.teardown(restore.close);
		await install(namespace, scenario, backup.home, "gpg");
		const options = { session, namespace, image: { HOME: "/tmp", LC_ALL: "C" } };
		const made = await runPod(options, await scheduledPod(session, namespace, "app"));
		t.equal(made.code, 0, made.stderr);
		t.notMatch(made.stdout.toString("latin1"), "the dump of", "what leaves the pod is encrypted");
		// The scripts' home is a variable: another one, for a restore that has nothing of the backup's pod.
		const spec = { spec: { vars: vars(restore.home, scenario.repository) } };
		await mustKubectl(session, [
			"patch",
			"scheduledbackup",
			"-n",
			namespace,
			"app",
			"--type=merge",
			"-p",
			JSON.stringify(spec),
		]);
		await awaitReady(session, { namespace, name: "app" });
		await writeFile(join(restore.home, "backup.gpg"), made.stdout);
		const opened = await runPod(options, await restorePod(namespace));
		t.equal(opened.stdout.toString(), `the dump of ${PASSWORD["Params.password"]}`, opened.stderr);
		t.equal(opened.code, 0);
	});
}

t.test("a wrong passphrase opens nothing: the check is worth its name", async (t) => {
	const folder = await mkdtemp("/tmp/gpg-");
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	const text = await mustKubectl(session, [
		"get",
		"secret",
		"-n",
		"say-seed",
		"keys",
		"-o",
		"jsonpath={.data.private}",
	]);
	await writeFile(join(folder, "private"), Buffer.from(text, "base64"));
	const gpg = stockGpg();
	t.teardown(gpg.close);
	importPrivateKey(gpg, join(folder, "private"), "riotkit2");
	t.not(gpg.run(["--batch", "--list-secret-keys", "test@riotkit.org"]).status, 0);
});
