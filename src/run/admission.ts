// What reviews are decided with: live reads, and what the controllers' watches know already.
import { setImmediate as turn } from "node:timers/promises";
import type { Controllers } from "../../reconcilers/index.ts";
import type { Admission } from "../../webhooks/admission.ts";
import { untilAborted } from "../../webhooks/deadline.ts";
import { liveReferences } from "../../webhooks/references.ts";
import { watchedOf } from "../../webhooks/watched.ts";
import type { RunConfig } from "../config.ts";
import type { Settings } from "../domain/settings.ts";
import type { KeyInspector } from "../gather/references.ts";
import type { Connection } from "../kube/client.ts";

export interface AdmissionParts {
	readonly config: RunConfig;
	readonly connection: Connection;
	readonly controllers: Controllers;
	readonly inspector: KeyInspector;
	readonly settings: Settings;
}

/** Out: what one review is given. Everything that it began ends with its signal. */
export const admissionsOf = ({ config, connection, controllers, inspector, settings }: AdmissionParts) => {
	const indexes = { byTemplate: "template", byScheduledBackup: "scheduledBackup" };
	const watched = watchedOf(controllers.stores, indexes, controllers.facts);
	const { watchNamespaces, requireRestoreRight } = config;
	return (signal: AbortSignal): Admission => {
		const calls = connection.until(signal);
		const admission: Admission = {
			references: liveReferences(calls),
			watched,
			inspector,
			settings,
			watchNamespaces,
			requireRestoreRight,
			access: (question) => calls.accessReview(question),
			now: () => performance.now(),
			turn: () => turn(),
		};
		return untilAborted(admission, signal);
	};
};
