import t from "tap";
import { COMMANDS } from "../src/config/flags.ts";
import { DEFAULT_BACKUP_MAKER_IMAGE, parseConfiguration, type RunConfig } from "../src/config.ts";
import { LEASE_TIMING } from "../src/locks/lease/rules.ts";

const env = { HOME: "/home/me" };
const standalone = ["--standalone", "--webhook-url", "https://127.0.0.1:9443"];
const settings = {
	backupMakerImage: DEFAULT_BACKUP_MAKER_IMAGE,
	missingReferences: "deny",
	allowPrivilegedPods: false,
} as const;

const selfManaged = [
	"--namespace=backups",
	"--certs-secret=bmc-ca",
	"--webhook-service=bmc-webhook",
	"--webhook-configuration=bmc",
];

const run = (...flags: string[]) => parseConfiguration(["run", ...standalone, ...flags], env);

t.test("run, with nothing said", (t) => {
	t.strictSame(parseConfiguration(["run", "--certs-dir=/certs"], env), {
		command: "run",
		logLevel: "info",
		namespace: undefined,
		kubeconfig: "/home/me/.kube/config",
		kubeconfigSource: "--kubeconfig (default)",
		inClusterServer: undefined,
		webhookBindAddress: { port: 9443 },
		webhookClientAuthority: undefined,
		metricsBindAddress: { port: 8080 },
		healthProbeBindAddress: { port: 8081 },
		certsDir: "/certs",
		selfManaged: undefined,
		watchNamespaces: [],
		settings,
		jobDefaults: undefined,
		requireRestoreRight: true,
		templatesDir: undefined,
		installation: "",
		standalone: undefined,
		identity: "backup-maker-controller",
		leaderElection: undefined,
		redis: undefined,
	});
	t.end();
});

const LEASE = { lease: "backup-maker-controller", timing: LEASE_TIMING };
const REDIS = {
	hosts: [{ host: "redis", port: 6379 }],
	username: undefined,
	password: undefined,
	database: 0,
	tls: undefined,
	sentinel: undefined,
};
const accepted: [flags: string[], wanted: Partial<RunConfig>][] = [
	[[], { standalone: { webhookUrl: "https://127.0.0.1:9443", cleanup: false }, certsDir: undefined }],
	[
		["--cleanup", "--debug"],
		{ standalone: { webhookUrl: "https://127.0.0.1:9443", cleanup: true }, logLevel: "debug" },
	],
	[["--webhook-url=https://a:1/x/"], { standalone: { webhookUrl: "https://a:1/x", cleanup: false } }],
	[["--kubeconfig", "/k"], { kubeconfig: "/k" }],
	[["--webhook-bind-address=127.0.0.1:0"], { webhookBindAddress: { host: "127.0.0.1", port: 0 } }],
	[["--metrics-bind-address", "[::1]:80"], { metricsBindAddress: { host: "::1", port: 80 } }],
	[["--webhook-client-ca-file=/clients/ca.crt"], { webhookClientAuthority: "/clients/ca.crt" }],
	[["--metrics-bind-address", "0"], { metricsBindAddress: undefined }],
	[["--health-probe-bind-address=0"], { healthProbeBindAddress: undefined }],
	[["--watch-namespaces", "a, b-1,a,"], { watchNamespaces: ["a", "b-1"] }],
	[["--watch-namespaces="], { watchNamespaces: [] }],
	[["--missing-references=warn"], { settings: { ...settings, missingReferences: "warn" } }],
	[
		["--backup-maker-image=x:1", "--allow-privileged-pods"],
		{ settings: { ...settings, backupMakerImage: "x:1", allowPrivilegedPods: true } },
	],
	[["--backup-maker-image="], { settings }],
	[
		["--disable-redis", "--redis-host=", "--redis-port=6379", "--leader-elect=false"],
		{ redis: undefined, leaderElection: undefined },
	],
	[["--disable-redis", "--redis-host=redis", "--redis-port=x", "--redis-ca-file=/ca"], { redis: undefined }],
	[["--redis-port=6379"], { redis: undefined }],
	[["--redis-host=redis"], { redis: REDIS }],
	[["--redis-host=redis", "--redis-port=1"], { redis: { ...REDIS, hosts: [{ host: "redis", port: 1 }] } }],
	[["--redis-host=redis:2", "--redis-port=1"], { redis: { ...REDIS, hosts: [{ host: "redis", port: 2 }] } }],
	[["--redis-host=[::1]"], { redis: { ...REDIS, hosts: [{ host: "::1", port: 6379 }] } }],
	[["--redis-host=[::1]:3"], { redis: { ...REDIS, hosts: [{ host: "::1", port: 3 }] } }],
	[["--redis-host=redis", "--redis-database=7"], { redis: { ...REDIS, database: 7 } }],
	[["--redis-host=redis", "--redis-tls"], { redis: { ...REDIS, tls: { caFile: undefined } } }],
	[["--redis-host=redis", "--redis-tls", "--redis-ca-file=/ca"], { redis: { ...REDIS, tls: { caFile: "/ca" } } }],
	[
		["--redis-host=a, b:1", "--redis-sentinel-master=main"],
		{
			redis: {
				...REDIS,
				hosts: [
					{ host: "a", port: 26_379 },
					{ host: "b", port: 1 },
				],
				sentinel: { master: "main", password: undefined },
			},
		},
	],
	[["--leader-elect", "--namespace=backups"], { leaderElection: LEASE }],
	[
		["--leader-elect", "--namespace=backups", "--redis-host=redis", "--disable-redis"],
		{ leaderElection: LEASE, redis: undefined },
	],
	[["--debug=true", "--debug=false"], { logLevel: "info" }],
	[["--log-level=warn"], { logLevel: "warn" }],
	[["--log-level=error", "--debug"], { logLevel: "debug" }],
	[["--require-restore-right=false"], { requireRestoreRight: false }],
	[["--require-restore-right"], { requireRestoreRight: true }],
	[["--templates-dir=/templates", "--job-defaults", "/d.yaml"], { templatesDir: "/templates", jobDefaults: "/d.yaml" }],
	[["--templates-dir=", "--job-defaults="], { templatesDir: undefined, jobDefaults: undefined }],
	[["--namespace=backups"], { namespace: "backups", installation: "backups" }],
	[["--namespace=backups", "--installation="], { installation: "backups" }],
	[["--namespace=backups", "--installation=backups.bmc"], { namespace: "backups", installation: "backups.bmc" }],
	[[`--installation=${"A".repeat(63)}`], { installation: "A".repeat(63) }],
];
for (const [flags, wanted] of accepted)
	t.test(`run ${flags.join(" ")}`, (t) => {
		t.match(run(...flags), wanted);
		t.end();
	});

t.test("run, with certificates of its own", (t) => {
	const parsed = {
		secret: "bmc-ca",
		service: "bmc-webhook",
		configuration: "bmc",
		hosts: [] as string[],
		authoritySeconds: 365 * 86_400,
		leafSeconds: 7 * 86_400,
		trustDelay: 60_000,
	};
	const own = (environment: Record<string, string>, ...flags: string[]) =>
		parseConfiguration(["run", ...flags], { ...env, ...environment }) as RunConfig;
	const plain = own({ POD_NAMESPACE: "elsewhere" }, ...selfManaged);
	t.match(plain, { namespace: "backups", certsDir: undefined, standalone: undefined });
	t.strictSame(plain.selfManaged, parsed);
	t.match(own({ POD_NAMESPACE: "elsewhere" }, ...selfManaged.slice(1)), { namespace: "elsewhere" });
	t.strictSame(
		own(
			{},
			...selfManaged,
			"--webhook-hosts=127.0.0.1, ::1,a.example",
			"--certs-authority-duration=1h30m",
			"--certs-leaf-duration=90m",
		).selfManaged,
		{ ...parsed, hosts: ["127.0.0.1", "::1", "a.example"], authoritySeconds: 5400, leafSeconds: 5400 },
	);
	t.end();
});

const refused: [argv: string[], message: string | RegExp][] = [
	[[], /^a command is needed\n\nUsage: /],
	[["rnu"], /^unknown command "rnu"; did you mean run\?/],
	[["help", "rnu"], /^unknown command "rnu"; did you mean run\?\n\nUsage: bmc COMMAND/],
	[["help", "launch-rocket"], /^unknown command "launch-rocket"\n/],
	[["help", "lint", "run"], 'help takes one command, but got "run" too'],
	[["help", "--output=json"], "unknown flag --output"],
	[["launch-rocket"], /^unknown command "launch-rocket"\n/],
	[["run"], "run needs --certs-secret, --certs-dir with tls.crt and tls.key, or --standalone with --webhook-url"],
	[["run", "--certs-dir=/c", "--cleanup"], "--cleanup needs --standalone"],
	[["run", "--certs-dir=/c", "--webhook-url=https://x"], "--webhook-url needs --standalone"],
	[["run", "--standalone"], /^--standalone needs --webhook-url/],
	[["run", "--standalone", "--webhook-url=http://x"], /^--webhook-url is a URL such as https/],
	[["run", "--standalone", "--webhook-url=https://a:b@x"], /^--webhook-url is a URL/],
	[["run", "--standalone", "--webhook-url=x"], /^--webhook-url is a URL/],
	[["run", "--redis-host=redis", "--redis-port=0"], '--redis-port: a port is a number from 1 to 65535, not "0"'],
	[["run", "--redis-host=redis:65536"], '--redis-host: a port is a number from 1 to 65535, not "65536"'],
	[["run", "--redis-host=a,b"], "--redis-host: several hosts are sentinels, and need --redis-sentinel-master"],
	[["run", "--redis-host=redis://:hunter2@redis"], /^--redis-host is HOST, HOST:PORT or \[IPV6\]:PORT, [^2]*$/],
	[["run", "--redis-host=redis", "--redis-database=a"], '--redis-database is a number from 0, not "a"'],
	[["run", "--redis-host=redis", "--redis-username=me"], /^--redis-username needs a password .* REDIS_PASSWORD$/],
	[["run", "--redis-host=redis", "--redis-ca-file=/ca"], "--redis-ca-file needs --redis-tls"],
	[["run", "--redis-tls"], "--redis-tls needs --redis-host"],
	[["run", "--redis-sentinel-master=main"], "--redis-sentinel-master needs --redis-host"],
	[["run", ...standalone, "--leader-elect"], /^--leader-elect needs --namespace, or POD_NAMESPACE/],
	[["run", ...standalone, "--leader-elect", "--namespace=a", "--leader-elect-lease=A_b"], /"A_b" is no name/],
	[
		["run", ...standalone, "--leader-elect", "--namespace=a", "--redis-host=redis"],
		/^--leader-elect and --redis-host exclude each other/,
	],
	[["run", "--metrics-bind-addres=:1"], "unknown flag --metrics-bind-addres; did you mean --metrics-bind-address?"],
	[["run", "--no-such-thing-at-all"], "unknown flag --no-such-thing-at-all"],
	[["run", "-x"], "unknown flag -x"],
	[["run", "--constructor"], "unknown flag --constructor"],
	[["run", "file.yaml"], 'run takes no arguments, but got "file.yaml"'],
	[["run", ...standalone, "--log-level=loud"], '--log-level is debug or info or warn or error, not "loud"'],
	[["run", ...standalone, "--namespace=A"], '--namespace: "A" is no namespace name'],
	[["run", ...standalone, "--namespace=a,b"], "--namespace is one namespace"],
	[["run", ...standalone, "--webhook-service=a"], "--webhook-service needs --certs-secret"],
	[["run", ...standalone, "--certs-secret=a"], "--certs-secret and --standalone exclude each other"],
	[["run", ...selfManaged, "--certs-dir=/c"], "--certs-secret and --certs-dir exclude each other"],
	[["run", ...selfManaged.slice(1)], "--certs-secret needs --namespace or $POD_NAMESPACE"],
	[["run", ...selfManaged.slice(0, 3)], "--certs-secret needs --webhook-configuration"],
	[["run", ...selfManaged.slice(0, 2)], "--certs-secret needs --webhook-service"],
	[["run", ...selfManaged, "--certs-secret=A_B"], '--certs-secret: "A_B" is no name of an object'],
	[["run", ...selfManaged, "--webhook-hosts=a,b/c"], '--webhook-hosts: "b/c" is no DNS name or IP address'],
	[
		["run", ...selfManaged, "--certs-leaf-duration=30s"],
		/^--certs-leaf-duration is a duration .* of 1 minutes or more/,
	],
	[["run", ...selfManaged, "--certs-authority-duration=1 year"], /^--certs-authority-duration is a duration/],
	[
		["run", ...selfManaged, "--certs-authority-duration=1h", "--certs-leaf-duration=61m"],
		"--certs-leaf-duration is longer than --certs-authority-duration",
	],
	[["run", "--debug=maybe"], '--debug is true or false, not "maybe"'],
	[["run", "--kubeconfig"], "--kubeconfig needs a value (FILE)"],
	[["run", "--webhook-bind-address=9443"], /^--webhook-bind-address is an address such as/],
	[["run", "--webhook-bind-address=:70000"], /^--webhook-bind-address is an address/],
	[["run", "--webhook-bind-address=0"], "--webhook-bind-address cannot be turned off"],
	[["run", ...standalone, "--watch-namespaces=a,B"], '--watch-namespaces: "B" is no namespace name'],
	[
		["run", ...standalone, "--backup-maker-image=https://x/Y"],
		'--backup-maker-image is an image such as registry.example.org/tools:1.2, not "https://x/Y"',
	],
	[["run", ...standalone, "--missing-references=maybe"], '--missing-references is deny or warn, not "maybe"'],
	[["run", ...standalone, "--installation=-a"], /^--installation: "-a" is no value of a label \(at most 63 /],
	[["run", ...standalone, `--installation=${"a".repeat(64)}`], /^--installation: "a{64}" is no value of a label/],
	[["run", ...standalone, "--installation=a b"], /^--installation: "a b" is no value of a label/],
	[["lint", "--templates-dir=x", "a"], "unknown flag --templates-dir"],
	[["lint"], "lint needs a file, a folder, or - for stdin"],
	[["lint", "--debug", "a"], "unknown flag --debug"],
	[["lint", "-o", "xml", "a"], '--output is text or json or yaml, not "xml"'],
	[["render", "--missing-reference=warn", "a"], "unknown flag --missing-reference; did you mean --missing-references?"],
	[["crds", "x"], 'crds takes no arguments, but got "x"'],
];
for (const [argv, message] of refused)
	t.test(`refused: ${argv.join(" ")}`, (t) => {
		t.match(parseConfiguration(argv, env), { command: "usage-error", message });
		t.end();
	});

t.test("lint, render, crds", (t) => {
	t.strictSame(parseConfiguration(["lint", "a.yaml", "-o", "json", "-", "--missing-references", "warn"], {}), {
		command: "lint",
		files: ["a.yaml", "-"],
		output: "json",
		settings: { ...settings, missingReferences: "warn" },
		jobDefaults: undefined,
	});
	t.match(parseConfiguration(["render", "--job-defaults=d.yaml", "a"], {}), { jobDefaults: "d.yaml", files: ["a"] });
	t.match(parseConfiguration(["lint", "a"], {}), { output: "text" });
	t.match(parseConfiguration(["render", "a", "--", "-odd"], {}), { output: "yaml", files: ["a", "-odd"] });
	t.strictSame(parseConfiguration(["crds"], {}), { command: "crds" });
	t.end();
});

t.test("where this controller is installed", (t) => {
	const within = (environment: Record<string, string>, ...flags: string[]) =>
		parseConfiguration(["run", ...standalone, ...flags], { ...env, ...environment });
	t.match(within({ POD_NAMESPACE: "backups" }), { namespace: "backups" });
	t.match(within({ POD_NAMESPACE: "backups" }, "--namespace=other"), { namespace: "other" });
	t.match(within({ POD_NAMESPACE: "" }), { namespace: undefined });
	t.end();
});

t.test("who we are, and what is secret, comes by the environment", (t) => {
	const given = (environment: Record<string, string>, ...flags: string[]) =>
		parseConfiguration(["run", ...standalone, ...flags], { ...env, ...environment });
	t.match(given({ POD_NAME: "pod-1", HOSTNAME: "host" }), { identity: "pod-1" });
	t.match(given({ HOSTNAME: "host" }), { identity: "host" });
	t.match(given({ POD_NAMESPACE: "backups" }, "--leader-elect"), { namespace: "backups", leaderElection: {} });
	const secrets = { REDIS_PASSWORD: "a", REDIS_SENTINEL_PASSWORD: "b" };
	t.match(given(secrets), { redis: undefined });
	t.match(given(secrets, "--redis-host=r", "--redis-username=me"), { redis: { username: "me", password: "a" } });
	t.match(given(secrets, "--redis-host=r", "--redis-sentinel-master=m"), {
		redis: { password: "a", sentinel: { master: "m", password: "b" } },
	});
	t.end();
});

t.test("help", (t) => {
	for (const argv of [["--help"], ["-h"], ["help"]])
		t.match(parseConfiguration(argv, {}), { command: "help", text: /^Usage: [\s\S]*\n {2}render /m });
	for (const command of ["run", "lint", "render", "crds"])
		t.match(parseConfiguration([command, "-h"], {}), { command: "help", text: new RegExp(`^Usage: .* ${command}`) });
	for (const { name } of COMMANDS)
		t.same(parseConfiguration(["help", name], {}), parseConfiguration([name, "--help"], {}), `help ${name}`);
	t.match(parseConfiguration(["run", "--help"], {}), { text: /--webhook-bind-address=ADDRESS\n.*\(default :9443\)/ });
	t.end();
});

t.test("the result is frozen all through", (t) => {
	const config = run() as RunConfig;
	t.ok([config, config.settings, config.webhookBindAddress, config.watchNamespaces].every(Object.isFrozen));
	t.end();
});
