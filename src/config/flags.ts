// Every flag of every command, as data: parsing, help and "did you mean" all read this one table.

/** The name of the program's command, as package.json installs it. */
export const PROGRAM = "bmc";

export interface Flag {
	/** Without dashes. */
	name: string;
	/** What a value looks like in the help; a flag without one is on or off. */
	value?: string;
	/** One letter. */
	short?: string;
	help: string;
	default?: string;
}

export type CommandName = "run" | "lint" | "render" | "crds" | "completion" | "help";

/** The shells that `completion` knows. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Image of the internal procedures. A fixed version, not `latest`: a restore must meet the programs that made the backup.
 * v0.2 is the one that the original controller v0.1 and server v4 were released with.
 * It must hold bash and backup-maker, and pgbr, mysqldump, mysql and tar for the procedures that call them.
 */
export const DEFAULT_BACKUP_MAKER_IMAGE = "ghcr.io/riotkit-org/backup-maker:v0.2";

const HELP: Flag = { name: "help", short: "h", help: "print this help" };
const SETTINGS: Flag[] = [
	{
		name: "missing-references",
		value: "deny|warn",
		default: "deny",
		help: "whether a Secret, key, template or ScheduledBackup that is not there (yet) is an error or a warning",
	},
	{
		name: "backup-maker-image",
		value: "IMAGE",
		default: DEFAULT_BACKUP_MAKER_IMAGE,
		help: "image of the internal procedures",
	},
	{ name: "allow-privileged-pods", help: "let HelmValues ask for hostPath, privileged and added capabilities" },
	{ name: "job-defaults", value: "FILE", help: "YAML or JSON with defaults for the pods of all Jobs" },
];
const OUTPUT: Flag = { name: "output", short: "o", value: "text|json|yaml", help: "how to print" };

/** Where the webhook server's certificate comes from. */
const CERTIFICATES: Flag[] = [
	{ name: "certs-dir", value: "FOLDER", help: "holds tls.crt and tls.key of the webhook server; read again on change" },
	{
		name: "certs-secret",
		value: "NAME",
		help: "make certificates, and keep their authority in this Secret of --namespace",
	},
	{ name: "webhook-service", value: "NAME", help: "Service that the API server calls (with --certs-secret)" },
	{
		name: "webhook-configuration",
		value: "NAME",
		help: "webhook configurations whose caBundle is kept up to date (with --certs-secret)",
	},
	{
		name: "webhook-hosts",
		value: "A,B",
		help: "further names or IP addresses of the certificate (with --certs-secret)",
	},
	{
		name: "certs-authority-duration",
		value: "DURATION",
		default: "8760h",
		help: "life of the authority (with --certs-secret)",
	},
	{
		name: "certs-leaf-duration",
		value: "DURATION",
		default: "168h",
		help: "life of the serving certificate (with --certs-secret)",
	},
	{
		name: "certs-trust-delay",
		value: "DURATION",
		default: "60s",
		help: "how long all webhooks trust a new authority before it signs (with --certs-secret)",
	},
];

/** Several replicas: one leads, or all work with locks in Redis. */
const AVAILABILITY: Flag[] = [
	{ name: "leader-elect", help: "of several replicas, one reconciles (all serve admission); told by a Lease" },
	{
		name: "leader-elect-lease",
		value: "NAME",
		default: "backup-maker-controller",
		help: "the Lease, in our namespace",
	},
	{
		name: "leader-elect-lease-duration",
		value: "DURATION",
		default: "15s",
		help: "how long a Lease that is not renewed keeps other replicas from leading; whole seconds",
	},
	{
		name: "leader-elect-renew-deadline",
		value: "DURATION",
		default: "10s",
		help: "how long a leader that cannot renew the Lease goes on; shorter than the lease duration",
	},
	{
		name: "leader-elect-retry-period",
		value: "DURATION",
		default: "2s",
		help: "time between two tries to acquire or renew the Lease; less than the renew deadline divided by 1.2",
	},
	{
		name: "redis-host",
		value: "HOST[:PORT],…",
		help: "all replicas reconcile, with a lock per object in Redis; password: $REDIS_PASSWORD",
	},
	{ name: "redis-port", value: "PORT", help: "where a host names none; default 6379, for sentinels 26379" },
	{ name: "redis-username", value: "NAME", help: "of an ACL user" },
	{ name: "redis-database", value: "NUMBER", help: "default 0" },
	{ name: "redis-tls", help: "speak TLS, with the sentinels too" },
	{ name: "redis-ca-file", value: "FILE", help: "PEM of the authorities to trust (with --redis-tls)" },
	{
		name: "redis-sentinel-master",
		value: "NAME",
		help: "the hosts are sentinels, and this is the master they watch; their password: $REDIS_SENTINEL_PASSWORD",
	},
	{ name: "disable-redis", help: "locks in memory, whatever the other Redis flags say" },
];

const RUN: Flag[] = [
	{
		name: "kubeconfig",
		value: "FILE",
		help: "default: $KUBECONFIG, in a pod its service account, else ~/.kube/config",
	},
	{ name: "webhook-bind-address", value: "ADDRESS", default: ":9443", help: "where admission is served (HTTPS)" },
	{
		name: "webhook-client-ca-file",
		value: "FILE",
		help: "answer reviews only for clients with a certificate of these authorities (PEM)",
	},
	{
		name: "metrics-bind-address",
		value: "ADDRESS",
		default: ":8080",
		help: "where /metrics is served; 0 turns it off",
	},
	{
		name: "health-probe-bind-address",
		value: "ADDRESS",
		default: ":8081",
		help: "where /healthz and /readyz are served; 0 turns them off",
	},
	{
		name: "namespace",
		value: "NAME",
		help: "where this program runs and keeps what is its own; default: $POD_NAMESPACE",
	},
	...CERTIFICATES,
	{ name: "watch-namespaces", value: "A,B", help: "reconcile only there; default: everywhere" },
	...SETTINGS,
	{
		name: "require-restore-right",
		default: "true",
		help: "restores need the verb restore on the ScheduledBackup; =false turns that off",
	},
	{ name: "templates-dir", value: "FOLDER", help: "ClusterBackupProcedureTemplates to apply once serving" },
	{
		name: "installation",
		value: "NAME",
		help: "marks those templates as ours, as a label's value; no other installation of the cluster may have it; default: the namespace",
	},
	{ name: "standalone", help: "for demo and development: apply the CRDs, make certificates, register the webhooks" },
	{ name: "webhook-url", value: "URL", help: "where the API server reaches this process (with --standalone)" },
	{ name: "cleanup", help: "remove the webhook registration at the end (with --standalone)" },
	{ name: "log-level", value: "debug|info|warn|error", default: "info", help: "what is logged" },
	{ name: "debug", help: "the same as --log-level=debug" },
	...AVAILABILITY,
	HELP,
];

export interface Command {
	name: CommandName;
	usage: string;
	summary: string;
	flags: readonly Flag[];
	/** Whether it takes files. */
	files: boolean;
	/** The words of which it takes one; none where absent. */
	words?: readonly string[];
}

/** Flags that take the place of a command. */
export const PROGRAM_FLAGS: readonly Flag[] = [
	{ name: "version", help: "print the version" },
	{ name: "help", short: "h", help: "print the commands" },
];

const SUBJECTS: readonly Command[] = [
	{
		name: "run",
		usage: "run [flags]",
		summary: "Serve admission and reconcile, until SIGTERM.",
		flags: RUN,
		files: false,
	},
	{
		name: "lint",
		usage: "lint [flags] FILE…",
		summary: "Check manifests offline. FILE: file, folder, or - for stdin. Exit: 0 allowed, 1 denied, 2 could not run.",
		flags: [OUTPUT, ...SETTINGS, HELP],
		files: true,
	},
	{
		name: "render",
		usage: "render [flags] FILE…",
		summary: "Print the objects that accepted manifests become. FILE and exit codes as for lint.",
		flags: [OUTPUT, ...SETTINGS, HELP],
		files: true,
	},
	{ name: "crds", usage: "crds", summary: "Print the CustomResourceDefinitions.", flags: [HELP], files: false },
	{
		name: "completion",
		usage: `completion ${SHELLS.join("|")}`,
		summary: "Print a script that makes the shell complete commands, flags and values.",
		flags: [HELP],
		files: false,
		words: SHELLS,
	},
];

export const COMMANDS: readonly Command[] = [
	...SUBJECTS,
	{
		name: "help",
		usage: "help [COMMAND]",
		summary: "Print the commands, or the flags of a command.",
		flags: [HELP],
		files: false,
		words: SUBJECTS.map(({ name }) => name),
	},
];
