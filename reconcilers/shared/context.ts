// Everything that the two reconcilers are given. Bound once in index.ts; tests bind Maps.
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import type { Settings } from "../../src/domain/settings.ts";
import type { CronJobFacts, DataFacts, EventFacts, JobFacts, PodFacts } from "../../src/domain/status/facts.ts";
import type { KeyInspector } from "../../src/gather/references.ts";
import type { Kube, ObjectKey, Store } from "../../src/kube/port.ts";
import type { Logger } from "../../src/kube/reflector.ts";
import type { EndedRuns } from "./endedruns.ts";
import type { EventRecorder } from "./events.ts";
import type { Fresh } from "./fresh.ts";

/** Makes a key pair, locked with the passphrase; implemented in src/gpg. */
export type GenerateIdentity = (request: {
	userIds: string[];
	passphrase: string;
	date: Date;
	name?: string;
}) => Promise<{ publicKey: string; privateKey: string; fingerprint: string }>;

/** What the watches know, our own writes included. */
export interface Watches {
	scheduledBackups: Fresh<ScheduledBackup>;
	actions: Fresh<RequestedBackupAction>;
	templates: Store<ClusterBackupProcedureTemplate>;
	/** Any Secret: nothing is kept of them but that they are there. */
	secrets: Pick<Fresh<KubernetesObject>, "created">;
	configMaps: Fresh<DataFacts>;
	/** Secrets that we own (`<sb>-env`), as digests. */
	ownedSecrets: Fresh<DataFacts>;
	cronJobs: Fresh<CronJobFacts>;
	jobs: Fresh<JobFacts>;
	/** Runs that came and went unseen. */
	endedRuns: EndedRuns;
	pods: Store<PodFacts>;
	events: Pick<Store<EventFacts>, "byIndex">;
}

/** Names of the indexes; a value is `namespace/…`. */
export const INDEX = {
	/** Of children, Jobs and Pods: by the label that names their ScheduledBackup. Of ScheduledBackups and actions: by the label value that their own name makes. */
	label: "label",
	/** Of actions, unfinished ones only: by the name of their ScheduledBackup. */
	unfinished: "scheduledBackup",
	/** Of ScheduledBackups: by the name of each Secret that they name. */
	secret: "secret",
	/** Of ScheduledBackups: by the name of their ClusterBackupProcedureTemplate (no namespace). */
	template: "template",
	/** Of Events: by the UID of their subject (no namespace). */
	subject: "subject",
} as const;

export interface Context {
	kube: Kube;
	watches: Watches;
	settings: Settings;
	inspector: KeyInspector;
	generateIdentity: GenerateIdentity;
	events: EventRecorder;
	logger: Logger;
	now: () => Date;
	/** So many bytes that nobody can guess. */
	randomBytes: (size: number) => Uint8Array;
	/** Takes note of what was found of a ScheduledBackup's Secrets: key names, never values. */
	rememberFacts: (key: ObjectKey, facts: ScheduledBackupFacts | undefined) => void;
}

/** `namespace/name`, as queues hold it. */
export type Key = `${string}/${string}`;

/** The key of an object. */
export const keyOf = (object: { metadata?: { namespace?: string; name?: string } }): Key =>
	`${object.metadata?.namespace ?? ""}/${object.metadata?.name ?? ""}`;

/** A queue's key as the port wants it. */
export const objectKey = (key: Key): Required<ObjectKey> => {
	const slash = key.indexOf("/");
	return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
};
