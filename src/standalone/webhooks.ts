// Registers this process at the API server under a URL, for demo, tests and development; in a cluster the chart does it.
import {
	CONFIGURATION_NAME,
	mutatingConfiguration,
	validatingConfiguration,
	type WebhookAddress,
} from "../../webhooks/registration.ts";
import { MUTATING_WEBHOOK_CONFIGURATION, type ResourceKind, VALIDATING_WEBHOOK_CONFIGURATION } from "../api/kinds.ts";
import { NotFoundError } from "../kube/errors.ts";
import type { Kube } from "../kube/port.ts";

/**
 * Makes the API server send us our kinds.
 * In: where we are, and the PEM of the authority of our certificate. Errors: those of the port.
 */
export const registerWebhooks = async (
	kube: Pick<Kube, "apply">,
	address: WebhookAddress,
	authority: string,
): Promise<void> => {
	await kube.apply(MUTATING_WEBHOOK_CONFIGURATION, mutatingConfiguration(address, authority));
	await kube.apply(VALIDATING_WEBHOOK_CONFIGURATION, validatingConfiguration(address, authority));
};

const remove = async (kube: Pick<Kube, "get" | "delete">, kind: ResourceKind): Promise<void> => {
	const name = CONFIGURATION_NAME;
	try {
		const { metadata } = await kube.get(kind, { name });
		await kube.delete(kind, { name }, { uid: metadata?.uid ?? "" });
	} catch (error) {
		if (!(error instanceof NotFoundError)) throw error;
	}
};

/** Undoes it; does nothing where it is undone. Errors: those of the port. */
export const unregisterWebhooks = async (kube: Pick<Kube, "get" | "delete">): Promise<void> => {
	await remove(kube, MUTATING_WEBHOOK_CONFIGURATION);
	await remove(kube, VALIDATING_WEBHOOK_CONFIGURATION);
};
