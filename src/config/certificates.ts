// The flags that say where the webhook server's certificate comes from: exactly one source, with all that it needs.
import type { Arguments } from "./arguments.ts";
import { UsageMistake } from "./arguments.ts";
import { duration, hosts, milliseconds, namespaces, objectName } from "./values.ts";

/** Certificates that this program makes, with their authority in a Secret that all replicas share. */
export interface SelfManaged {
	/** Name of the Secret, in our namespace. */
	readonly secret: string;
	/** Name of the Service, in our namespace, that the API server calls. */
	readonly service: string;
	/** Name of our MutatingWebhookConfiguration and of our ValidatingWebhookConfiguration. */
	readonly configuration: string;
	/** Names and addresses beside those of the Service. */
	readonly hosts: readonly string[];
	readonly authoritySeconds: number;
	readonly leafSeconds: number;
	/** Milliseconds for which all webhooks trust a new authority before it signs. */
	readonly trustDelay: number;
}

const SHORTEST_AUTHORITY = 300;
/** A change of the authority takes more than the trust delay, and has to fit into the last third of its life. */
const DELAYS_IN_AUTHORITY = 5;
const SHORTEST_LEAF = 60;

const ONLY_SELF_MANAGED = [
	"webhook-service",
	"webhook-configuration",
	"webhook-hosts",
	"certs-authority-duration",
	"certs-leaf-duration",
	"certs-trust-delay",
];

/** The namespace that we run in. @throws UsageMistake */
export const ownNamespace = (
	given: Arguments,
	env: Readonly<Record<string, string | undefined>>,
): string | undefined => {
	const [name, another] = namespaces("namespace", given.values.get("namespace") || env.POD_NAMESPACE || "");
	if (another !== undefined) throw new UsageMistake("--namespace is one namespace");
	return name;
};

const needed = (given: Arguments, flag: string): string => {
	const name = objectName(flag, given.values.get(flag));
	if (name === undefined) throw new UsageMistake(`--certs-secret needs --${flag}`);
	return name;
};

/** @throws UsageMistake */
const trustDelayOf = (text: string, authoritySeconds: number): number => {
	const delay = milliseconds("certs-trust-delay", text);
	if (delay * DELAYS_IN_AUTHORITY <= authoritySeconds * 1000) return delay;
	throw new UsageMistake(
		`--certs-trust-delay: Invalid value: ${JSON.stringify(text)}: must be at most a fifth of --certs-authority-duration (${authoritySeconds}s)`,
	);
};

/**
 * The self-managed source, where it is asked for.
 * @param text a flag's value, or its default.
 * @throws UsageMistake
 */
export const selfManagedOf = (
	given: Arguments,
	text: (flag: string) => string | undefined,
	namespace: string | undefined,
): SelfManaged | undefined => {
	const secret = objectName("certs-secret", given.values.get("certs-secret"));
	if (secret === undefined) {
		const alone = ONLY_SELF_MANAGED.find((flag) => given.values.get(flag));
		if (alone !== undefined) throw new UsageMistake(`--${alone} needs --certs-secret`);
		return undefined;
	}
	if (given.values.get("certs-dir")) throw new UsageMistake("--certs-secret and --certs-dir exclude each other");
	if (given.switches.get("standalone")) throw new UsageMistake("--certs-secret and --standalone exclude each other");
	if (namespace === undefined) throw new UsageMistake("--certs-secret needs --namespace or $POD_NAMESPACE");
	const authoritySeconds = duration(
		"certs-authority-duration",
		text("certs-authority-duration") ?? "",
		SHORTEST_AUTHORITY,
	);
	const leafSeconds = duration("certs-leaf-duration", text("certs-leaf-duration") ?? "", SHORTEST_LEAF);
	if (leafSeconds > authoritySeconds)
		throw new UsageMistake("--certs-leaf-duration is longer than --certs-authority-duration");
	return {
		secret,
		service: needed(given, "webhook-service"),
		configuration: needed(given, "webhook-configuration"),
		hosts: hosts("webhook-hosts", given.values.get("webhook-hosts") ?? ""),
		authoritySeconds,
		leafSeconds,
		trustDelay: trustDelayOf(text("certs-trust-delay") ?? "", authoritySeconds),
	};
};
