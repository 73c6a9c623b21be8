// What a run really does: the pod that the cluster holds is run on this machine, and its script must see the secrets'
// exact bytes, whatever they are, and nobody else anything of them.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { action, type Fields, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { jobPod, type PodRun, runPod, scheduledPod } from "./support/pod.ts";
import { awaitReady, merge, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();

/** By name; each is a key `Params.<name>` of the Secret. */
const HOSTILE: Record<string, string> = {
	plain: "pass word",
	quotes: `it's "quoted" 'twice' \\' \\" \`id\``,
	shell: "$(touch /tmp/pwned) ${HOME} `id` $HOME $$ $1 !! ; rm -rf / & | > < * ? [a] ~ # \\",
	newlines: "\n\none\ntwo\r\nthree\n\n",
	ampersand: "a&b&&c\\&d",
	backslashes: "\\ \\\\ \\n \\0 \\x41 %s %d %%",
	token: "@BMC{BMC_PARAMS_PLAIN_0123456789abcdef}@",
	unclosed: "@BMC{ }@ @BMC{x",
	multibyte: "pässwörd 密码 🔐 \u00a0\u202e\ufeff",
	controls: "\u0001\u0007\b\u000b\f\u001b[31m\u007f\t",
	here: "EOF\nEOT\n'EOF'",
	large: `${"0123456789abcde\n".repeat(6 * 1024 - 1)}${"z".repeat(16)}`,
	dash: "-n -e --help",
	spaces: "   ",
};
const NAMES = Object.keys(HOSTILE);

const shown = (name: string): string => `show {{ .Params.${name} | shellQuote }} {{ .Params.${name} | b64enc }}`;

const SHOW = [
	"#!/bin/bash",
	"set -euo pipefail",
	'show() { printf \'%s\\0%s\\0\' "$1" "$2"; }',
	...NAMES.map(shown),
	'printf \'%s\\0\' "$0" "$LINENO" "$TEAM" "$IMPORTED" "${!BMC_*}"',
	"cat /proc/$$/environ\n",
].join("\n");

await session.apply(
	manifest(
		template("show", {
			backup: SHOW,
			restore: 'printf \'%s\\0\' "${RESTORE_VERSION:-latest}" {{ .Params.plain | shellQuote }} "$0"\n',
		}),
		template("here", {
			backup: "cat <<'END-OF-SECRET'\n{{ .Params.quotes }}{{ .Params.shell }}\nEND-OF-SECRET\n",
			restore: "echo {{ .Params.plain }}\n",
		}),
		template("bare", { backup: "printf '%s\\0' no secret \"$0\"\n", restore: "exit 3\n" }),
	),
);

const installed = async (at: string, templateName: string, spec: Fields = {}): Promise<void> => {
	const stringData = Object.fromEntries(Object.entries(HOSTILE).map(([name, value]) => [`Params.${name}`, value]));
	const vars = "Params: {host: db}\nRepository: {url: 'https://b'}\nHelmValues: {env: {TEAM: \"it's $ours\"}}\n";
	const object = scheduledBackup(
		"app",
		{ templateRef: { name: templateName }, vars, varsSecretRef: { secretName: "hostile" }, ...spec },
		{ namespace: at },
	);
	const values = { ...stringData, "HelmValues.env.IMPORTED": HOSTILE["shell"] ?? "" };
	await session.apply(manifest(namespace(at)));
	// Not by `apply`, which would keep a second copy in an annotation.
	await mustKubectl(session, "create -f -", manifest(secret("hostile", values, { namespace: at })));
	await session.apply(manifest(object));
	await awaitReady(session, { namespace: at, name: "app" });
};

const words = ({ stdout }: PodRun): string[] => stdout.toString().split("\0");

t.test("the script sees the exact values", async (t) => {
	await installed("exact", "show");
	const run = await runPod({ session, namespace: "exact" }, await scheduledPod(session, "exact", "app"));
	t.equal(run.stderr, "");
	t.equal(run.code, 0);
	const found = words(run);
	for (const [index, name] of NAMES.entries()) {
		const [value, base64] = found.slice(2 * index);
		t.equal(value, HOSTILE[name], name);
		t.equal(Buffer.from(base64 ?? "", "base64").toString(), HOSTILE[name], `${name}, in Base64`);
	}
	const [self, line, team, imported, ours, ...environment] = found.slice(2 * NAMES.length);
	t.equal(self, "/usr/backup-maker/backup.sh", "under the path that it always had");
	t.ok(Number(line) > NAMES.length, "with line numbers of its own");
	t.equal(team, "it's $ours", "a literal of HelmValues.env is as written");
	t.equal(imported, HOSTILE["shell"], "HelmValues.env.NAME of the Secret too");
	t.equal(ours, "", "no variable of ours is left");
	t.notMatch(environment.join("\n"), /^BMC_/m, "nor in the environment of the process");
	t.equal(environment.filter((entry) => entry.includes("pass word")).length, 0);
});

t.test("a value is printed as is where the template does not quote it", async (t) => {
	await installed("asis", "here");
	const run = await runPod({ session, namespace: "asis" }, await scheduledPod(session, "asis", "app"));
	t.equal(run.stdout.toString(), `${HOSTILE["quotes"]}${HOSTILE["shell"]}\n`);
	t.equal(run.code, 0);
});

t.test("a script without secrets runs straight from its mount, with its exit code", async (t) => {
	await installed("bare", "bare", { varsSecretRef: undefined });
	const pod = await scheduledPod(session, "bare", "app");
	t.same(pod.containers[0]?.command, ["/bin/bash", "/usr/backup-maker/backup.sh"]);
	t.same(words(await runPod({ session, namespace: "bare" }, pod)), ["no", "secret", "/usr/backup-maker/backup.sh", ""]);
});

t.test("a rotated value is what the next run sees; nothing is written for it", async (t) => {
	await installed("rotated", "show");
	const before = await session.json("get cronjobs,configmaps -n rotated");
	await merge(
		session,
		"secret",
		{ namespace: "rotated", name: "hostile" },
		{ stringData: { "Params.plain": "rotated" } },
	);
	const run = await runPod({ session, namespace: "rotated" }, await scheduledPod(session, "rotated", "app"));
	t.equal(words(run)[0], "rotated");
	t.same((await session.json("get cronjobs,configmaps -n rotated")).items, before.items);
});

t.test("a run whose key is gone does not start, rather than run without its secret", async (t) => {
	await installed("gone", "show");
	await merge(session, "secret", { namespace: "gone", name: "hostile" }, { data: { "Params.plain": null } });
	const pod = await scheduledPod(session, "gone", "app");
	await t.rejects(runPod({ session, namespace: "gone" }, pod), /couldn't find key Params.plain in Secret "hostile"/);
});

t.test("a restore's Job runs the restore script, with the version that was asked for", async (t) => {
	await installed("restore", "show");
	for (const [name, spec, version] of [
		["one", { targetVersion: "v7" }, "v7"],
		["two", {}, "latest"],
	] as const) {
		const object = action(name, "app", { action: "restore", ...spec }, { namespace: "restore" });
		await mustKubectl(session, "create -f -", manifest(object));
		const jobName = await eventually(
			async () => (await session.json(`get requestedbackupaction -n restore ${name}`)).status?.jobName as string,
			{ what: `action ${name} has a Job` },
		);
		const run = await runPod({ session, namespace: "restore" }, await jobPod(session, "restore", jobName));
		t.same(words(run), [version, "pass word", "/usr/backup-maker/restore.sh", ""]);
		await mustKubectl(session, `delete requestedbackupaction -n restore ${name}`);
	}
});
