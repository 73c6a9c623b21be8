// What the admission handlers are given: live reads, what the watches know already, and the installation's settings.
// Handlers take nothing else, so every one of them runs in a test over Maps.
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../src/api/types.ts";
import type { ScheduledBackupFacts } from "../src/domain/facts.ts";
import type { Settings } from "../src/domain/settings.ts";
import type { KeyInspector, References } from "../src/gather/references.ts";
import type { AccessQuestion } from "../src/kube/port.ts";
import type { AdmissionRequest, Verdict } from "./review.ts";

/**
 * What the watches know: costs no request, may be a little old. A yes may rest on it (the reconciler checks again),
 * a no never.
 */
export interface Watched {
	template(name: string): ClusterBackupProcedureTemplate | undefined;
	scheduledBackup(namespace: string, name: string): ScheduledBackup | undefined;
	unfinishedActions(namespace: string, scheduledBackupName: string): readonly RequestedBackupAction[];
	/** The ScheduledBackups whose templateRef names this ClusterBackupProcedureTemplate. */
	dependents(templateName: string): readonly ScheduledBackup[];
	/** What was found when this ScheduledBackup was last looked at: key names of its Secrets, never values. */
	facts(namespace: string, name: string): ScheduledBackupFacts | undefined;
}

export interface Admission {
	/** Live reads. */
	references: References;
	watched: Watched;
	inspector: KeyInspector;
	settings: Settings;
	/** The namespaces that this controller works in. Empty: all. */
	watchNamespaces: readonly string[];
	/** Whether a restore takes the verb `restore` on the ScheduledBackup. */
	requireRestoreRight: boolean;
	/** A SubjectAccessReview. */
	access: (question: AccessQuestion) => Promise<{ allowed: boolean }>;
	/** Milliseconds of a clock that only goes forward. */
	now: () => number;
	/** Resolves after other work of the event loop had its turn. */
	turn: () => Promise<void>;
}

export type Handler = (admission: Admission, request: AdmissionRequest) => Verdict | Promise<Verdict>;

/** Lets it pass, and says this. */
export const allow = (warnings: readonly string[] = []): Verdict => ({ allowed: true, warnings });
