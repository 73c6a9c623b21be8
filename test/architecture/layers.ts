// The layout as a table: which folder may know which. Imports go one way; what is not in the table is refused.

/** A folder or file of the program, what it may import of ours, and which packages. */
export interface Layer {
	readonly path: string;
	readonly imports: readonly string[];
	/** Packages that its code may load; types are free except in a pure layer. */
	readonly packages: readonly string[];
	/** No I/O, no clock, no randomness: the same answer for webhook, reconciler and CLI. */
	readonly pure?: boolean;
}

const CORE = ["src/api", "src/template", "src/procedures", "src/domain"];
const WITH_GATHER = [...CORE, "src/gather"];
const ADAPTERS = [...WITH_GATHER, "src/manifests", "src/telemetry", "src/kube", "src/locks", "src/gpg"];
const EDGES = ["webhooks", "reconcilers", "certs"];
const CONFIG = ["src/config.ts", "src/config"];

/** The longest path that fits a file is its layer. */
export const layers: readonly Layer[] = [
	{ path: "src/api", imports: [], packages: ["ajv"], pure: true },
	{ path: "src/api/generate", imports: ["src/api"], packages: ["js-yaml", "node:*"] },
	{ path: "src/template", imports: ["src/api"], packages: ["handlebars", "node:crypto"], pure: true },
	{ path: "src/procedures", imports: ["src/api", "src/template"], packages: [], pure: true },
	{ path: "src/procedures/generate", imports: ["src/procedures"], packages: ["node:*"] },
	{
		path: "src/domain",
		imports: ["src/api", "src/template", "src/procedures"],
		packages: ["ajv", "js-yaml", "node:crypto"],
		pure: true,
	},
	{ path: "src/gather", imports: CORE, packages: ["node:crypto"], pure: true },
	{ path: "src/manifests", imports: ["src/api", "src/domain"], packages: ["js-yaml", "node:path"] },
	{ path: "src/telemetry", imports: [...CORE, ...CONFIG], packages: ["pino", "pino-pretty", "prom-client", "node:*"] },
	{
		path: "src/kube",
		imports: [...WITH_GATHER, "src/telemetry"],
		packages: ["@kubernetes/client-node", "openid-client", "undici", "js-yaml", "node:*"],
	},
	{
		path: "src/locks",
		imports: [...WITH_GATHER, "src/telemetry", "src/kube", ...CONFIG],
		packages: ["ioredis", "node:*"],
	},
	{ path: "src/gpg", imports: WITH_GATHER, packages: ["openpgp", "node:crypto", "node:worker_threads"] },
	{ path: "webhooks", imports: ADAPTERS, packages: ["fastify", "node:*"] },
	{ path: "reconcilers", imports: ADAPTERS, packages: ["node:*"] },
	{ path: "certs", imports: ADAPTERS, packages: ["node-forge", "node:*"] },
	{ path: "charts/generate", imports: [], packages: ["js-yaml", "node:*"] },
	{ path: "src/config", imports: ["src/api", "src/domain", ...CONFIG], packages: ["node:util"] },
	{ path: "src/config.ts", imports: ["src/api", "src/domain", ...CONFIG], packages: ["node:util"] },
	{ path: "src/files.ts", imports: [], packages: ["node:*"] },
	{ path: "src/nodeversion.ts", imports: [], packages: [], pure: true },
	{ path: "src/standalone", imports: [...ADAPTERS, ...EDGES], packages: ["js-yaml", "node:*"] },
	{ path: "src/cli", imports: [...ADAPTERS, ...CONFIG], packages: ["js-yaml", "node:*"] },
	{
		path: "src/run",
		imports: [...ADAPTERS, ...EDGES, ...CONFIG, "src/standalone"],
		packages: ["prom-client", "node:*"],
	},
	{
		path: "src/main.ts",
		imports: [...ADAPTERS, ...EDGES, ...CONFIG, "src/standalone", "src/run", "src/files.ts"],
		packages: ["prom-client", "node:*"],
	},
	{
		path: "src/cli.ts",
		imports: [...ADAPTERS, ...CONFIG, "src/cli", "src/files.ts", "src/nodeversion.ts", "src/main.ts"],
		packages: ["node:*"],
	},
];

/** Files that may name a package's types although their layer is pure: the wire shapes come from there. */
export const typeOnlyExceptions: Readonly<Record<string, string>> = {
	"src/api/kubernetes.ts": "@kubernetes/client-node",
	"src/domain/helmvalues.ts": "@kubernetes/client-node",
};

/** What a pure layer may not say: the clock, randomness and the process are arguments. */
export const impureExpressions: readonly RegExp[] = [
	/\bDate\.now\b/,
	/\bnew Date\(\s*\)/,
	/\bMath\.random\b/,
	/\bperformance\.now\b/,
	/\brandomBytes\b|\brandomUUID\b|\bgetRandomValues\b/,
	/\bprocess\./,
	/\bfetch\(/,
	/\bset(Timeout|Interval|Immediate)\(/,
	// What a module keeps for itself, nobody can bound, clear or replace: a memory is an argument. Tables are Readonly.
	/^(export )?let \w+/,
	/^(export )?const \w+(<[^=]*>)? = new (Weak)?(Map|Set)\b/,
];

/** Files that a program wrote: nobody reads them from top to bottom, so their length does not matter. */
export const generatedFiles: readonly string[] = [
	"src/api/types.ts",
	"src/api/schemas.ts",
	"src/procedures/scripts.ts",
];

/** Lines of a file above which the check fails. */
export const LINE_LIMIT = 300;
