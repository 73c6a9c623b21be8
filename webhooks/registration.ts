// What the API server is told to send us, written so that this program can never hold a cluster hostage: only our own
// kinds, no subresources, nothing where only metadata changes (but a consent to a lost key) or the object is going away, and a deletion goes through
// when we are down. No namespace is left out: the check of the user's rights would be off there.
// https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/validating-webhook-configuration-v1/

import type { ResourceKind } from "../src/api/kinds.ts";
import {
	CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
	GROUP,
	REQUESTED_BACKUP_ACTION,
	SCHEDULED_BACKUP,
	VERSION,
} from "../src/api/kinds.ts";
import type { KubernetesObject } from "../src/api/kubernetes.ts";
import { withoutTrailing } from "../src/api/trim.ts";
import { REPLACE_LOST_KEY_ANNOTATION } from "../src/domain/annotations.ts";
import { MUTATE_PATH, VALIDATE_DELETE_PATH, VALIDATE_PATH } from "./paths.ts";

/** Name of both configurations. */
export const CONFIGURATION_NAME = "backup-maker-controller";

/** Seconds after which the API server gives up on a call; the server's own deadline comes before it. */
export const CALL_TIMEOUT_SECONDS = 5;

/** Where the API server reaches us: a URL (development) or a Service (in a cluster). */
export type WebhookAddress = { url: string } | { service: { namespace: string; name: string; port?: number } };

export interface WebhookClientConfig {
	url?: string;
	service?: { namespace: string; name: string; port?: number; path: string };
	/** Base64 of PEM. */
	caBundle: string;
}

export interface WebhookRule {
	apiGroups: string[];
	apiVersions: string[];
	operations: ("CREATE" | "UPDATE" | "DELETE")[];
	resources: string[];
	scope: "Namespaced" | "Cluster";
}

export interface Webhook {
	name: string;
	clientConfig: WebhookClientConfig;
	rules: WebhookRule[];
	failurePolicy: "Fail" | "Ignore";
	matchPolicy: "Equivalent";
	matchConditions: { name: string; expression: string }[];
	sideEffects: "None";
	timeoutSeconds: number;
	admissionReviewVersions: ["v1"];
	reinvocationPolicy?: "Never";
}

export interface WebhookConfiguration extends KubernetesObject {
	apiVersion: "admissionregistration.k8s.io/v1";
	kind: "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration";
	webhooks: Webhook[];
}

/** CEL: whether an object, `object` or `oldObject`, has the consent to a lost key; and what it consents to. */
const consents = (of: string): string =>
	`has(${of}.metadata.annotations) && "${REPLACE_LOST_KEY_ANNOTATION}" in ${of}.metadata.annotations`;
const consentOf = (of: string): string => `${of}.metadata.annotations["${REPLACE_LOST_KEY_ANNOTATION}"]`;

/**
 * CEL; with `has` on both sides, since the mutating call comes before the schema has said that `spec` must be there. A consent
 * that is given or changed counts like a change of the spec: it has us write a Secret. One that is taken back asks for nothing.
 */
const SPEC_CHANGED = {
	name: "spec-changed",
	expression: [
		'request.operation != "UPDATE" || !has(object.spec) || !has(oldObject.spec) || object.spec != oldObject.spec',
		`(${consents("object")} && !(${consents("oldObject")} && ${consentOf("object")} == ${consentOf("oldObject")}))`,
	].join(" || "),
};
const NOT_BEING_DELETED = {
	name: "not-being-deleted",
	expression: 'request.operation != "UPDATE" || !has(object.metadata.deletionTimestamp)',
};

const scopeOf = (kind: ResourceKind): "Namespaced" | "Cluster" => (kind.namespaced ? "Namespaced" : "Cluster");

const ruleFor = (kind: ResourceKind, operations: WebhookRule["operations"]): WebhookRule => ({
	apiGroups: [GROUP],
	apiVersions: [VERSION],
	operations,
	resources: [kind.plural],
	scope: scopeOf(kind),
});

const clientConfigFor = (address: WebhookAddress, path: string, caBundle: string): WebhookClientConfig => {
	const bundle = Buffer.from(caBundle).toString("base64");
	if ("url" in address)
		return { url: `${withoutTrailing(address.url, (unit) => unit === "/")}${path}`, caBundle: bundle };
	return { service: { ...address.service, path }, caBundle: bundle };
};

/** What all our webhooks have in common. */
const webhook = (
	name: string,
	clientConfig: WebhookClientConfig,
	rules: WebhookRule[],
	failurePolicy: Webhook["failurePolicy"],
): Webhook => ({
	name: `${name}.${GROUP}`,
	clientConfig,
	rules,
	failurePolicy,
	matchPolicy: "Equivalent",
	matchConditions: [SPEC_CHANGED, NOT_BEING_DELETED],
	sideEffects: "None",
	timeoutSeconds: CALL_TIMEOUT_SECONDS,
	admissionReviewVersions: ["v1"],
});

const WRITES: WebhookRule["operations"] = ["CREATE", "UPDATE"];
const ALL_KINDS: readonly ResourceKind[] = [
	SCHEDULED_BACKUP,
	REQUESTED_BACKUP_ACTION,
	CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
];
/** Kinds whose deletion has something to say: actions may always go. */
const KINDS_WITH_DELETE_CHECK: readonly ResourceKind[] = [SCHEDULED_BACKUP, CLUSTER_BACKUP_PROCEDURE_TEMPLATE];

const configuration = (kind: WebhookConfiguration["kind"], webhooks: Webhook[]): WebhookConfiguration => ({
	apiVersion: "admissionregistration.k8s.io/v1",
	kind,
	metadata: { name: CONFIGURATION_NAME, labels: { "app.kubernetes.io/name": CONFIGURATION_NAME } },
	webhooks,
});

/**
 * Defaults, and the early full answer to what the schema would refuse alone. `Ignore`: with us down, the schema's own
 * defaults and rules still hold.
 * In: where we are reached, and the PEM of the authority that signed our certificate.
 */
export const mutatingConfiguration = (address: WebhookAddress, caBundle: string): WebhookConfiguration =>
	configuration("MutatingWebhookConfiguration", [
		{
			...webhook(
				"mutate",
				clientConfigFor(address, MUTATE_PATH, caBundle),
				ALL_KINDS.map((kind) => ruleFor(kind, WRITES)),
				"Ignore",
			),
			reinvocationPolicy: "Never",
		},
	]);

/**
 * The checks: `Fail` for what is created or changed; `Ignore`, in a webhook apart, for what is deleted. (A `Fail` rule on
 * DELETE leaves a namespace Terminating for ever once the program behind it is gone.)
 */
export const validatingConfiguration = (address: WebhookAddress, caBundle: string): WebhookConfiguration =>
	configuration("ValidatingWebhookConfiguration", [
		webhook(
			"validate",
			clientConfigFor(address, VALIDATE_PATH, caBundle),
			ALL_KINDS.map((kind) => ruleFor(kind, WRITES)),
			"Fail",
		),
		{
			...webhook(
				"validate-delete",
				clientConfigFor(address, VALIDATE_DELETE_PATH, caBundle),
				KINDS_WITH_DELETE_CHECK.map((kind) => ruleFor(kind, ["DELETE"])),
				"Ignore",
			),
			matchConditions: [],
		},
	]);
