// docs/disaster-recovery.md, word for word: its commands are taken from the page and run with stock gpg and curl, over a key
// that the controller made. Who needs them has no second try.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { execute } from "../cluster/execute.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { codeBlocks, sectionOf } from "../docs/pages.ts";
import { stockGpg } from "../gpg/stock-gpg.ts";
import { EMAIL, ENCRYPTING_TEMPLATE, encryptedBackup, isKept, namespaceWithVars } from "./support/keys.ts";
import { manifest } from "./support/objects.ts";
import { awaitCondition, awaitReady, merge, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const PAGE = "docs/disaster-recovery.md";
const NAMESPACE = "team-a";
const SECRET = "app1-backup-key";
const BACKUP = { namespace: NAMESPACE, name: "app1" };
const DUMP = "the dump of the whole company\n";
const TOKEN = "not-a-real-token";

const session = await startSession(t);
await session.controller();
await session.apply(ENCRYPTING_TEMPLATE);

const install = async (): Promise<ScheduledBackup> => {
	await session.apply(manifest(encryptedBackup("app1", NAMESPACE, { secretName: SECRET })));
	return awaitReady(session, BACKUP);
};

/** What the Backup Repository server answers to these commands; `stored` is the latest version. */
const startServer = async (stored: () => Buffer): Promise<string> => {
	const server = createServer((request, response) => {
		if (request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end();
		const [, version] =
			/^\/api\/alpha\/repository\/collection\/[\d-]+\/(version(?:\/latest)?)$/.exec(request.url ?? "") ?? [];
		if (version === undefined) return response.writeHead(404).end();
		return response.end(version === "version" ? '{"versions": ["v1"]}\n' : stored());
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

let latest: Buffer = Buffer.alloc(0);
const url = await startServer(() => latest);
const folder = t.testdir({ "recovery-passphrase": "kept in a safe\n", token: TOKEN });

// Outside of the page's own GNUPGHOME the commands use that of HOME, and start an agent there.
t.teardown(() => execute("gpgconf", ["--kill", "gpg-agent"], { env: { HOME: folder } }));

const commandsOf = (heading: string): string => {
	const blocks = codeBlocks(sectionOf(PAGE, heading), "sh");
	if (blocks.length === 0) throw new Error(`${PAGE}: no commands under "${heading}"`);
	return blocks.join("\n");
};

/** The page's variables, with the server of this test. */
const [variables = ""] = codeBlocks(sectionOf(PAGE, "### Copy the key"), "sh");

/** The sections as one script, for the server of this test. */
const scriptOf = (headings: readonly string[]): string =>
	[`set -euo pipefail\n${variables}`, ...headings.map(commandsOf)].join("\n").replaceAll(/(?<=^URL=)\S+/gm, url);

/** Runs a script; answers what it printed. Throws where one of its commands fails. */
const runScript = async (script: string): Promise<string> => {
	const { code, stdout, stderr } = await execute("bash", ["-c", script], {
		cwd: folder,
		env: {
			PATH: `${dirname(session.plane.binaries.kubectl)}:${process.env["PATH"]}`,
			KUBECONFIG: session.plane.kubeconfig,
			HOME: folder,
			LC_ALL: "C",
		},
	});
	if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}; it printed ${stdout}`);
	return stdout;
};

/** Runs sections of the page in one shell. */
const follow = (...headings: string[]): Promise<string> => runScript(scriptOf(headings));

/** What the key's Secret carries beside its data, but for what the API server makes. */
const protection = async () => {
	const { immutable, metadata } = await session.json(`get secret -n ${NAMESPACE} ${SECRET}`);
	const ours = (from: Record<string, string> = {}) =>
		Object.fromEntries(Object.entries(from).filter(([name]) => name.startsWith("riotkit.org/")));
	return { immutable, labels: ours(metadata.labels), annotations: ours(metadata.annotations) };
};

const storedKey = async (name: string): Promise<Buffer> => {
	const path = `jsonpath={.data.${name.replace(".", "\\.")}}`;
	const args = ["get", "secret", "-n", NAMESPACE, SECRET, "-o", path];
	return Buffer.from(await mustKubectl(session, args), "base64");
};

t.test("the commands of the page", async (t) => {
	await session.apply(namespaceWithVars(NAMESPACE));
	const installed = await install();
	const fingerprint = installed.status?.gpgKey?.fingerprint ?? "";
	t.match(fingerprint, /^[0-9A-F]{40}$/);
	const key = await storedKey("key");
	await merge(session, "secret", { namespace: NAMESPACE, name: SECRET }, { immutable: true });
	const protectedBy = await protection();
	t.match(protectedBy, {
		immutable: true,
		labels: { "riotkit.org/type": "GPGSecret" },
		annotations: { "riotkit.org/gpg-fingerprint": fingerprint, "riotkit.org/e-mail": EMAIL },
	});

	await t.test("a copy that opens a backup without the cluster's help", async (t) => {
		const gpg = stockGpg();
		t.teardown(gpg.close);
		gpg.run(["--batch", "--import"], await storedKey("key.pub"));
		latest = gpg.run(["--batch", "--encrypt", "--always-trust", "--recipient", EMAIL], DUMP).stdout;
		t.notMatch(latest.toString("latin1"), DUMP);
		const printed = await follow("### Copy the key", "### Check the copy", "### Open a backup by hand");
		const [reference = "", ...lines] = printed.split("\n");
		t.match(JSON.parse(reference), { secretName: SECRET, privateKey: "key", passphraseKey: "passphrase" });
		const wanted = [fingerprint, "this copy opens backups", fingerprint];
		t.strictSame(lines.slice(0, 3), wanted, "copy and cluster name one key, and the copy opens it");
		t.match(printed, '"v1"', "the versions were listed");
		t.equal(readFileSync(join(folder, "backup"), "utf8"), DUMP);
		const copy = readFileSync(join(folder, `${NAMESPACE}-${SECRET}.yaml.gpg`), "latin1");
		t.notMatch(copy, "PGP PRIVATE KEY");
		t.notMatch(copy, key.toString("base64").slice(0, 40));
	});

	await t.test("a copy that opens nothing is noticed", async (t) => {
		const check = scriptOf(["### Check the copy"]);
		const cleanUp = `trap 'gpgconf --kill gpg-agent; rm -rf "$WORK"' EXIT\n`;
		const wrong = (from: string, to: string) => runScript(cleanUp + check.replace(from, to));
		await t.rejects(wrong("PASSPHRASE=passphrase", "PASSPHRASE=key.pub"), /decryption failed/);
		await t.rejects(wrong("PRIVATE=key ", "PRIVATE=private "), /no valid OpenPGP data found/);
	});

	await t.test("a lost key Secret", async (t) => {
		await mustKubectl(session, `delete secret -n ${NAMESPACE} ${SECRET}`);
		await awaitCondition(session, BACKUP, { type: "KeysUsable", status: "False", reason: "KeysLost" });
		await follow("### Put the key back");
		const { status } = await awaitReady(session, BACKUP);
		t.equal(status?.gpgKey?.fingerprint, fingerprint);
		t.ok(key.equals(await storedKey("key")));
		t.strictSame(await protection(), protectedBy);
		const [policy = ""] = codeBlocks(sectionOf("docs/hardening.md", "### Keep keys from being deleted"), "yaml");
		await session.apply(policy);
		await eventually(() => isKept(session, { namespace: NAMESPACE, name: SECRET }), {
			what: "the policy keeps what was put back",
		});
	});

	await t.test("a lost namespace", async (t) => {
		await mustKubectl(session, `delete namespace ${NAMESPACE}`);
		await eventually(async () => (await session.json(`get namespace ${NAMESPACE}`)) === undefined, {
			what: "the namespace is gone",
		});
		await session.apply(namespaceWithVars(NAMESPACE));
		await follow("### Put the key back");
		const { status } = await install();
		t.equal(status?.gpgKey?.fingerprint, fingerprint, "the old key is used, no other made");
		t.strictSame(await protection(), protectedBy);
		t.ok(key.equals(await storedKey("key")));
	});

	await t.test("a deleted ScheduledBackup", async (t) => {
		await mustKubectl(session, `delete scheduledbackup -n ${NAMESPACE} app1`);
		t.ok(key.equals(await storedKey("key")), "its key stays");
		t.equal((await install()).status?.gpgKey?.fingerprint, fingerprint);
	});
});
