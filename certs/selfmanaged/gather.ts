// Fills the record that the decision is made from, by live reads: three GETs, made only when a watch saw a change or an instant
// has come. The Secret is read first: whatever it says about the bundles was true before they are read.
import {
	MUTATING_WEBHOOK_CONFIGURATION,
	type ResourceKind,
	SECRET,
	VALIDATING_WEBHOOK_CONFIGURATION,
} from "../../src/api/kinds.ts";
import type {
	KubernetesObject,
	MutatingWebhookConfiguration,
	ValidatingWebhookConfiguration,
} from "../../src/api/kubernetes.ts";
import type { Kube, Precondition } from "../../src/kube/port.ts";
import { readLive } from "../../src/kube/readlive.ts";
import { certificatesIn } from "../x509.ts";
import { readSecret } from "./secret.ts";
import type { Bundles, Stored } from "./state.ts";

/** Where what is ours is. */
export interface Names {
	namespace: string;
	secret: string;
	/** Of both webhook configurations. */
	configuration: string;
}

export type WebhookConfiguration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration;

/** Our two configurations, each of a kind of its own. */
export const CONFIGURATION_KINDS: readonly ResourceKind<WebhookConfiguration>[] = [
	MUTATING_WEBHOOK_CONFIGURATION as ResourceKind<WebhookConfiguration>,
	VALIDATING_WEBHOOK_CONFIGURATION as ResourceKind<WebhookConfiguration>,
];

/** A configuration that exists, and at which version it was read. */
export interface FoundConfiguration {
	kind: ResourceKind<WebhookConfiguration>;
	object: WebhookConfiguration;
	bundles: Bundles;
	version: Precondition;
}

/** What is there now. */
export interface Gathered {
	/** Undefined: no such Secret. */
	secret: { stored: Stored; version: Precondition } | undefined;
	configurations: FoundConfiguration[];
}

const versionOf = ({ metadata }: KubernetesObject): Precondition => ({
	uid: metadata?.uid ?? "",
	resourceVersion: metadata?.resourceVersion ?? "",
});

const bundlesOf = ({ webhooks = [] }: WebhookConfiguration): Bundles => {
	const texts = webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? "", "base64").toString());
	return { texts, certificates: texts.map(certificatesIn) };
};

/** Reads all three. Errors: those of the port; that something does not exist is none. */
export const gather = async (kube: Pick<Kube, "get">, names: Names, unable: ReadonlySet<string>): Promise<Gathered> => {
	const secret = await readLive(kube, SECRET, { namespace: names.namespace, name: names.secret });
	const configurations = await Promise.all(
		CONFIGURATION_KINDS.map(async (kind) => ({
			kind,
			object: await readLive(kube, kind, { name: names.configuration }),
		})),
	);
	return {
		secret: secret === undefined ? undefined : { stored: readSecret(secret, unable), version: versionOf(secret) },
		configurations: configurations.flatMap(({ kind, object }) =>
			object === undefined ? [] : [{ kind, object, bundles: bundlesOf(object), version: versionOf(object) }],
		),
	};
};
