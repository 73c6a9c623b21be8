// A cluster as Maps, for the tests of admission: what is live, what the watches know of it, and who may do what.
import type { Secret } from "../../src/api/kubernetes.ts";
import type {
	ClusterBackupProcedureTemplate,
	RequestedBackupAction,
	ScheduledBackup,
	ScheduledBackupSpec,
} from "../../src/api/types.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import { createKeyInspector } from "../../src/gpg/index.ts";
import type { AccessQuestion } from "../../src/kube/port.ts";
import type { Admission } from "../../webhooks/admission.ts";
import type { AdmissionRequest } from "../../webhooks/review.ts";

export interface World {
	secrets: Map<string, Secret>;
	templates: Map<string, ClusterBackupProcedureTemplate>;
	scheduledBackups: Map<string, ScheduledBackup>;
	actions: RequestedBackupAction[];
	/** Of every namespace that `namespaces` does not name. */
	labels: Record<string, string>;
	/** Labels by namespace. */
	namespaces?: Record<string, Record<string, string>>;
	/** What the watches know; the live objects where absent. */
	watched?: { templates: ReadonlyMap<string, ClusterBackupProcedureTemplate>; scheduledBackups: ScheduledBackup[] };
	/** What was found when the ScheduledBackup was last looked at, by `namespace/name`. */
	facts: Map<string, ScheduledBackupFacts>;
	/** `verb resource name` that the user may not do. */
	forbidden: Set<string>;
	/** What was asked of the API server, in order. */
	reads: string[];
	questions: AccessQuestion[];
	/** Milliseconds; a test may make it go. */
	clock: () => number;
	turns: number;
}

export const emptyWorld = (): World => ({
	secrets: new Map(),
	templates: new Map(),
	scheduledBackups: new Map(),
	actions: [],
	labels: {},
	facts: new Map(),
	forbidden: new Set(),
	reads: [],
	questions: [],
	clock: () => 0,
	turns: 0,
});

const inspector = createKeyInspector();

const liveReferences = (world: World): Admission["references"] => {
	const read = <T>(what: string, value: T): Promise<T> => {
		world.reads.push(what);
		return Promise.resolve(value);
	};
	return {
		secret: (namespace, name) => read(`secret ${name}`, world.secrets.get(`${namespace}/${name}`)),
		template: (name) => read(`template ${name}`, world.templates.get(name)),
		scheduledBackup: (namespace, name) =>
			read(`scheduledBackup ${name}`, world.scheduledBackups.get(`${namespace}/${name}`)),
		namespaceLabels: (name) => read(`namespace ${name}`, world.namespaces?.[name] ?? world.labels),
		unfinishedActions: () => read("actions", world.actions),
	};
};

export const admissionOf = (world: World, missingReferences: "deny" | "warn" = "deny"): Admission => {
	const watchedBackups = () => world.watched?.scheduledBackups ?? [...world.scheduledBackups.values()];
	return {
		references: liveReferences(world),
		watched: {
			template: (name) => (world.watched?.templates ?? world.templates).get(name),
			scheduledBackup: (namespace, name) =>
				watchedBackups().find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
			unfinishedActions: () => world.actions,
			dependents: (template) => watchedBackups().filter(({ spec }) => spec.templateRef.name === template),
			facts: (namespace, name) => world.facts.get(`${namespace}/${name}`),
		},
		inspector,
		settings: { backupMakerImage: "backup-maker:v1", missingReferences, allowPrivilegedPods: false },
		watchNamespaces: [],
		requireRestoreRight: true,
		access: (question) => {
			world.questions.push(question);
			const { verb, resource, name } = question;
			return Promise.resolve({ allowed: !world.forbidden.has(`${verb} ${resource} ${name}`) });
		},
		now: () => world.clock(),
		turn: () => {
			world.turns++;
			return Promise.resolve();
		},
	};
};

export const secretOf = (name: string, data: Record<string, string>, namespace = "default"): Secret => ({
	metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: "1" },
	data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
});

export const templateOf = (name: string, backup: string, restore = "true"): ClusterBackupProcedureTemplate => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "ClusterBackupProcedureTemplate",
	metadata: { name, uid: `uid-${name}`, resourceVersion: "1" },
	spec: { image: "example.org/tools:v1", backup, restore, templateLanguage: "GoTemplate" },
});

export const scheduledBackupOf = (name: string, spec: Partial<ScheduledBackupSpec> = {}): ScheduledBackup => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "ScheduledBackup",
	metadata: { name, namespace: "default", uid: `uid-${name}`, generation: 1 },
	spec: {
		operation: "backup",
		collectionId: "1111",
		templateRef: { kind: "ClusterBackupProcedureTemplate", name: "pg13" },
		vars: "Params:\n  db: app\nRepository:\n  url: http://example.org\n",
		...spec,
	},
});

export const actionOf = (name: string, spec: Partial<RequestedBackupAction["spec"]> = {}): RequestedBackupAction => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "RequestedBackupAction",
	metadata: { name, namespace: "default", uid: `uid-${name}` },
	spec: { action: "backup", scheduledBackupRef: { name: "app1" }, kindType: "Job", ...spec },
});

type Ours = ScheduledBackup | RequestedBackupAction | ClusterBackupProcedureTemplate;

/** The request that the API server would make; a DELETE has only an old object. */
export const requestOf = (
	operation: "CREATE" | "UPDATE" | "DELETE",
	object: Ours,
	oldObject?: Ours,
): AdmissionRequest => ({
	uid: "1",
	group: "riotkit.org",
	kind: object.kind,
	operation,
	name: object.metadata.name ?? "",
	namespace: object.metadata.namespace ?? "",
	user: { username: "jane", groups: ["team"] },
	dryRun: false,
	object: operation === "DELETE" ? undefined : object,
	oldObject: operation === "DELETE" ? object : oldObject,
});

/** The verdict's problems as `path: message`. */
export const problemsOf = (verdict: { allowed: boolean; problems?: readonly { path: string; message: string }[] }) =>
	(verdict.problems ?? []).map(({ path, message }) => `${path}: ${message}`);
