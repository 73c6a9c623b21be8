// Events on the user's object, for `kubectl describe`. One is written only when something happened, never for what merely
// still is so: that is what conditions are for. They hold no user data but names.
import { createHash } from "node:crypto";
import type { Event, KubernetesObject } from "../../src/api/kubernetes.ts";
import { bounded } from "../../src/domain/status/text.ts";
import { FIELD_MANAGER, type Kube } from "../../src/kube/port.ts";
import type { Logger } from "../../src/kube/reflector.ts";

export interface EventRecorder {
	/**
	 * Never throws, and waits for the API server's answer: an Event that is lost is only logged.
	 * @param message at most 1 kB is kept.
	 */
	record(object: KubernetesObject, type: "Normal" | "Warning", reason: string, message: string): Promise<void>;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
const MESSAGE_LIMIT = 1024;
/** The last so many Events are remembered, so that a reconcile that is repeated after a crash of its later part says nothing twice. */
const REMEMBERED = 2048;

/**
 * @param now the clock.
 * @param random 0 ≤ x < 1; makes names unique.
 */
export const createEventRecorder = (
	kube: Pick<Kube, "createEvent">,
	logger: Logger,
	now: () => Date,
	random: () => number,
): EventRecorder => {
	const told = new Set<string>();
	const isNews = (key: string): boolean => {
		if (told.has(key)) return false;
		told.add(key);
		for (const oldest of told) {
			if (told.size <= REMEMBERED) break;
			told.delete(oldest);
		}
		return true;
	};
	return {
		record: async (object, type, reason, message) => {
			const { uid = "", resourceVersion = "", namespace = "default", name = "" } = object.metadata ?? {};
			const key = createHash("sha256").update([uid, resourceVersion, reason, message].join("\n")).digest("base64");
			if (!isNews(key)) return;
			const time = now().toISOString();
			const unique = Math.floor(random() * 2 ** 52).toString(36);
			const event = {
				metadata: { name: `${name.slice(0, 200)}.${now().getTime().toString(36)}${unique}`, namespace },
				involvedObject: { apiVersion: object.apiVersion, kind: object.kind, name, namespace, uid, resourceVersion },
				type,
				reason,
				message: bounded(message, MESSAGE_LIMIT),
				source: { component: FIELD_MANAGER },
				reportingComponent: FIELD_MANAGER,
				reportingInstance: FIELD_MANAGER,
				firstTimestamp: time,
				lastTimestamp: time,
				count: 1,
			} as Event;
			try {
				await kube.createEvent(event);
			} catch (error) {
				logger.warn({ namespace, name, reason, err: error }, "an Event could not be written");
			}
		},
	};
};
