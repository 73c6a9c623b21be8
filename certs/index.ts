// Where the webhook server's certificate comes from, chosen by what the program was told.
import { randomBytes } from "node:crypto";
import { startFiles } from "./files/index.ts";
import { type SelfManagedOptions, startSelfManaged } from "./selfmanaged/index.ts";
import { createIssuer, hostsOf } from "./selfmanaged/issuer.ts";
import { type CertificateSource, fixedSource, type ServedPair } from "./source.ts";

export type { CertificateSource } from "./source.ts";

export interface CertificateChoice {
	/** Files that somebody else keeps. */
	readonly certsDir: string | undefined;
	/** Ours, shared by all replicas. */
	readonly selfManaged:
		| {
				readonly secret: string;
				readonly service: string;
				readonly configuration: string;
				readonly hosts: readonly string[];
				readonly authoritySeconds: number;
				readonly leafSeconds: number;
				/** Milliseconds. */
				readonly trustDelay: number;
		  }
		| undefined;
	/** Where this program runs; always there with `selfManaged`. */
	readonly namespace: string | undefined;
}

export type CertificateWorld = Omit<SelfManagedOptions, "names" | "issuer" | "trustDelay">;

/**
 * Starts the source that was chosen; `otherwise` makes a pair where there is neither files nor Secret.
 * Errors: FlagValueError where files cannot be used; those of `otherwise`.
 */
export const startCertificates = async (
	{ certsDir, selfManaged, namespace }: CertificateChoice,
	world: CertificateWorld,
	otherwise: () => Promise<ServedPair>,
): Promise<CertificateSource> => {
	if (certsDir !== undefined) return startFiles({ ...world, directory: certsDir });
	if (selfManaged === undefined || namespace === undefined) return fixedSource(await otherwise());
	const { secret, service, configuration, hosts, authoritySeconds, leafSeconds, trustDelay } = selfManaged;
	return startSelfManaged({
		...world,
		names: { namespace, secret, configuration },
		trustDelay,
		issuer: createIssuer({
			hosts: hostsOf({ service, namespace }, hosts),
			authoritySeconds,
			leafSeconds,
			randomBytes,
		}),
	});
};
