// The package that `npm pack` makes, installed into an empty folder without network: every command works, and reads nothing
// but the package and the files that it is given.
import { globSync, readFileSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { OLDEST_NODE } from "../../src/nodeversion.ts";
import { compileCache } from "../runner/compilecache.ts";
import { installPackage, type Ran, runClean, runNode } from "./installed.ts";
import { findOldestNode } from "./oldestnode.ts";

t.setTimeout(180_000);

const MEBIBYTE = 1024 * 1024;
const installed = await installPackage();
t.teardown(() => installed.remove());
const { folder, root, command } = installed;
const manifest = JSON.parse(await readFile("package.json", "utf8"));
const program = join(root, "lib/bmc.js");

const WRONG =
	"apiVersion: riotkit.org/v1alpha1\nkind: ScheduledBackup\nmetadata: {name: a}\nspec: {operation: never}\n";
await writeFile(join(folder, "wrong.yaml"), WRONG);
const GOOD = ["examples/template-pg13.yaml", "examples/secret.yaml", "examples/app1.yaml"];

/** What the sources say to the same arguments. */
const fromSources = (args: readonly string[]): Ran => {
	const { status, stdout, stderr } = runClean(folder, compileCache(), [
		process.execPath,
		join(process.cwd(), "src/cli.ts"),
		...args,
	]);
	return { code: status, out: stdout, error: stderr };
};

// Before the first test: while nothing of tap is under way, waiting for the disk can end the whole.
const oldest = await findOldestNode();

t.test("the command is on PATH, and tells its version", (t) => {
	const env = { PATH: `${join(command, "..")}:${process.env["PATH"]}` };
	const { stdout } = runClean(folder, env, ["bmc", "--version"]);
	t.equal(stdout, `${manifest.version}\n`);
	t.end();
});

const rows: Record<string, [args: string[], code: number]> = {
	version: [["--version"], 0],
	help: [["--help"], 0],
	"lint of good manifests": [["lint", ...GOOD], 0],
	"lint of wrong ones": [["lint", "-o", "json", "wrong.yaml", ...GOOD], 1],
	"lint of nothing": [["lint", "nowhere.yaml"], 2],
	render: [["render", ...GOOD], 0],
	crds: [["crds"], 0],
	"completion bash": [["completion", "bash"], 0],
	"a wrong flag": [["run", "--namespce=x"], 2],
};

const expected = Object.fromEntries(Object.entries(rows).map(([row, [args]]) => [row, fromSources(args)]));

const everyCommand = (name: string, node: string) =>
	t.test(`every command answers as the sources do, on ${name}`, (t) => {
		for (const [row, [args, code]] of Object.entries(rows)) {
			const ran = runNode(installed, node, [program, ...args]);
			t.strictSame(ran, expected[row], row);
			t.equal(ran.code, code, `${row}: exit code`);
		}
		// All of the controller is loaded before the kubeconfig is read.
		const run = ["run", "--standalone", "--webhook-url=https://127.0.0.1:9443", "--kubeconfig=nowhere"];
		const addresses = ["--health-probe-bind-address=0", "--metrics-bind-address=0"];
		const { code, out } = runNode(installed, node, [program, ...run, ...addresses]);
		t.equal(code, 1);
		t.match(JSON.parse(out.split("\n")[0] ?? ""), { msg: "could not start", err: { cause: { code: "ENOENT" } } });
		t.end();
	});

everyCommand(`Node.js ${process.version}`, process.execPath);
if (oldest === undefined) t.comment(`Node.js ${OLDEST_NODE} is not published for this machine: not tried`);
else everyCommand(`the oldest Node.js, ${OLDEST_NODE}`, oldest);

t.test("the OpenPGP thread runs from the package", (t) => {
	const text = `
		const { Worker } = require("node:worker_threads");
		const worker = new Worker(${JSON.stringify(join(root, "lib/worker.js"))});
		worker.on("message", (reply) => { console.log(JSON.stringify(reply)); worker.unref(); });
		worker.postMessage({ method: "inspectPublicKey", argument: "no key" });`;
	const { out, error } = runNode(installed, process.execPath, ["--eval", text]);
	t.match(JSON.parse(out), { answer: { userIds: [] } }, error);
	t.end();
});

t.test("package.json: what npm, search and users read", (t) => {
	t.match(manifest, {
		bin: { bmc: "lib/bmc.js" },
		license: "Apache-2.0",
		repository: { type: "git", url: /github\.com\/riotkit-org\/backup-maker-controller/ },
		engines: { node: `>=${OLDEST_NODE}` },
	});
	t.ok(manifest.keywords.length > 3);
	t.notOk("private" in manifest);
	t.notOk("dependencies" in manifest, "everything is in the bundle");
	t.end();
});

t.test("files: the bundle with its source maps, the CRDs and the texts", async (t) => {
	const files = (await readdir(root, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
	const crds = globSync("crds/*.yaml");
	const texts = ["CHANGELOG.md", "LICENSE", "README.md", "lib/THIRD-PARTY-LICENSES.txt", "package.json"];
	const code = files.filter((file) => /^lib\/[\w-]+\.js(\.map)?$/.test(file));
	t.same(files.toSorted(), [...code, ...crds, ...texts, "lib/openpgp.min.mjs"].toSorted());
	for (const file of code.filter((name) => name.endsWith(".js"))) t.ok(code.includes(`${file}.map`), `map of ${file}`);
	const { sources } = JSON.parse(await readFile(join(root, "lib/bmc.js.map"), "utf8"));
	t.ok(sources.includes("../src/cli.ts"), "the map names the files of the tree");
	const sizes = await Promise.all(files.map(async (file) => (await stat(join(root, file))).size));
	t.ok(installed.packedBytes < 3 * MEBIBYTE, `${installed.packedBytes} bytes packed`);
	t.ok(sizes.reduce((sum, size) => sum + size) < 10 * MEBIBYTE, "bytes unpacked");
	const licenses = await readFile(join(root, "lib/THIRD-PARTY-LICENSES.txt"), "utf8");
	for (const name of ["fastify", "openpgp", "handlebars", "@kubernetes/client-node"])
		t.match(licenses, new RegExp(`^${name} \\d+\\.`, "m"), `license of ${name}`);
});

/** Seconds of user and system time for a whole process, by the shell that starts it. */
const cpuSeconds = (args: readonly string[]): number => {
	const script = 'TIMEFORMAT="%3U %3S"; { time "$@" >/dev/null 2>&1; } 2>&1';
	const { stdout } = runClean(folder, {}, ["bash", "-c", script, "bash", ...args]);
	const [user = Number.NaN, system = Number.NaN] = stdout.trim().split(" ").map(Number);
	return user + system;
};

t.test("lint takes at most 0.35 s of CPU as a whole process", (t) => {
	// The least of several: what else the machine does can only add to it.
	const seconds = Math.min(
		...Array.from({ length: 5 }, () => cpuSeconds([process.execPath, program, "lint", ...GOOD])),
	);
	t.ok(seconds > 0 && seconds <= 0.35, `${seconds} s`);
	t.end();
});

/** The files of the package that a command opens. */
const opened = (args: readonly string[]): string[] => {
	const hooks = `
		import { registerHooks } from "node:module";
		registerHooks({ load: (url, context, next) => { if (url.includes("/lib/")) console.error(url.replace(/.*\\//, "lib/")); return next(url, context); } });`;
	const preload = `--import=data:text/javascript,${encodeURIComponent(hooks)}`;
	const { stderr } = runClean(folder, {}, [process.execPath, preload, program, ...args]);
	return stderr.split("\n").filter((line) => line.startsWith("lib/"));
};

const bytesOf = (files: readonly string[]): number =>
	files.map((file) => readFileSync(join(root, file)).length).reduce((sum, size) => sum + size, 0);

t.test("a command loads what it needs", (t) => {
	const lint = opened(["lint", ...GOOD]);
	t.ok(lint.includes("lib/bmc.js") && bytesOf(lint) < 1.2 * MEBIBYTE, `lint: ${lint.join(" ")}`);
	t.notOk(
		lint.some((file) => /main-|providers-|openpgp|terminal-|connection-/.test(file)),
		"lint: nothing of run",
	);
	const version = opened(["--version"]);
	t.ok(version.includes("lib/bmc.js") && bytesOf(version) < 0.1 * MEBIBYTE, `--version: ${version.join(" ")}`);
	t.end();
});

const SERVER = { server: "https://127.0.0.1:1" };
const kubeconfigOf = (user: object): string =>
	JSON.stringify({
		"current-context": "c",
		clusters: [{ name: "k", cluster: SERVER }],
		users: [{ name: "u", user }],
		contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
	});

t.test("the chunk with client-node is opened for an auth-provider alone", async (t) => {
	const users: Record<string, [user: object, opens: boolean]> = {
		token: [{ token: "t" }, false],
		"auth-provider": [{ "auth-provider": { name: "gcp", config: { "access-token": "t" } } }, true],
	};
	for (const [name, [user, opens]] of Object.entries(users)) {
		await writeFile(join(folder, "kubeconfig"), kubeconfigOf(user));
		const run = ["run", "--standalone", "--webhook-url=https://127.0.0.1:9443", "--kubeconfig=kubeconfig"];
		const files = opened([...run, "--health-probe-bind-address=0", "--metrics-bind-address=0"]);
		t.ok(
			files.some((file) => file.startsWith("lib/main-")),
			`${name}: it began`,
		);
		t.equal(
			files.some((file) => file.startsWith("lib/providers-")),
			opens,
			name,
		);
		t.notOk(
			files.some((file) => /terminal-|connection-/.test(file)),
			`${name}: neither Redis nor a terminal`,
		);
	}
});
