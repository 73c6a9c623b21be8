// Runs the core over manifests: the same defaults, gathering and evaluation as the webhook's, with the given files as the
// world.

import { applyDefaults, defaultRequestedBackupAction, defaultScheduledBackup } from "../api/defaults.ts";
import { API_VERSION, GROUP } from "../api/kinds.ts";
import type { KubernetesObject } from "../api/kubernetes.ts";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../api/types.ts";
import { unknownFieldProblems } from "../api/validate.ts";
import { actionJob } from "../domain/action.ts";
import { desiredObjects } from "../domain/desired.ts";
import { evaluateRequestedBackupAction, evaluateScheduledBackup, evaluateTemplate } from "../domain/evaluate.ts";
import { missingReferencesPolicy } from "../domain/facts.ts";
import type { BackupPlan } from "../domain/plan.ts";
import { mergeReports, problemText, type Report } from "../domain/report.ts";
import type { Settings } from "../domain/settings.ts";
import { errorsOnly } from "../domain/validate/problems.ts";
import { downgradeMissing } from "../domain/warnings.ts";
import type { KeyInspector, References } from "../gather/references.ts";
import { gatherRequestedBackupAction } from "../gather/requestedbackupaction.ts";
import { gatherScheduledBackup } from "../gather/scheduledbackup.ts";
import type { Manifest } from "../manifests/documents.ts";
import { type Duplicates, duplicateProblems, findDuplicates } from "../manifests/duplicates.ts";
import { namespaceOf, scopeOf } from "../manifests/identity.ts";
import { fileReferences } from "./references.ts";

/** What came of one object. */
export interface Checked {
	manifest: Manifest;
	kind: string;
	/** Empty for cluster-scoped kinds. */
	namespace: string;
	name: string;
	report: Report;
	/** What it becomes; empty where it is denied. */
	objects: KubernetesObject[];
}

export interface CheckContext {
	settings: Settings;
	inspector: KeyInspector;
}

interface World extends CheckContext {
	references: References;
}

interface Outcome {
	report: Report;
	objects: KubernetesObject[];
}

/** Whether the kind is one of this program's, whatever its version. */
export const isOurs = ({ object }: Manifest): boolean =>
	typeof object.apiVersion === "string" && object.apiVersion.startsWith(`${GROUP}/`);

/** With a name for what `kubectl create` would generate one for, so that its objects can be named after it. */
const named = <T extends KubernetesObject>(object: T): T => {
	const { name, generateName } = object.metadata ?? {};
	if (name !== undefined || typeof generateName !== "string") return object;
	return { ...object, metadata: { ...object.metadata, name: `${generateName}xxxxx` } };
};

const withNamespace = <T extends KubernetesObject>(object: T): T => ({
	...object,
	metadata: { ...object.metadata, namespace: namespaceOf(object) },
});

const policyReport = (report: Report, labels: Record<string, string>, settings: Settings): Report =>
	missingReferencesPolicy(labels, settings.missingReferences) === "warn" ? downgradeMissing(report) : report;

const evaluateBackup = async (
	object: ScheduledBackup,
	world: World,
): Promise<{ report: Report; plan: BackupPlan | undefined }> => {
	const { references, inspector, settings } = world;
	const labels = await references.namespaceLabels(namespaceOf(object));
	const assumeSecrets = missingReferencesPolicy(labels, settings.missingReferences) === "warn";
	const gathered = await gatherScheduledBackup(references, inspector, object, {
		deepKeyCheck: false,
		memory: settings.memory,
	});
	const { report, plan } = evaluateScheduledBackup(
		object,
		{ ...gathered, assumeSecrets, beingWritten: true },
		settings,
	);
	return { report: policyReport(report, labels, settings), plan };
};

const checkScheduledBackup = async (given: ScheduledBackup, world: World): Promise<Outcome> => {
	const { status: _status, ...object } = defaultScheduledBackup(given);
	const { report, plan } = await evaluateBackup(object, world);
	if (plan === undefined) return { report, objects: [] };
	const owner = named(object);
	const desired = desiredObjects({ ...plan, scheduledBackup: named(plan.scheduledBackup) }, owner);
	const { configMaps, envSecret, cronJob } = desired;
	return { report, objects: [...configMaps, envSecret, cronJob].filter((made) => made !== undefined) };
};

const checkAction = async (given: RequestedBackupAction, world: World): Promise<Outcome> => {
	const object = defaultRequestedBackupAction(given);
	const facts = await gatherRequestedBackupAction(world.references, object);
	const found = evaluateRequestedBackupAction(object, facts, world.settings);
	const report = policyReport(found, { ...facts.namespaceLabels }, world.settings);
	if (report.errors.length > 0 || facts.scheduledBackup === undefined) return { report, objects: [] };
	const target = withNamespace(facts.scheduledBackup);
	const { plan } = await evaluateBackup(target, world);
	return { report, objects: plan === undefined ? [] : [actionJob(plan, named(object))] };
};

const unknownKind = (object: KubernetesObject): Report =>
	errorsOnly([
		{
			path: "kind",
			reason: "FieldValueNotSupported",
			message: `there is no kind "${object.kind}" in version "${object.apiVersion}"`,
			hint: `in ${API_VERSION} there are ScheduledBackup, RequestedBackupAction and ClusterBackupProcedureTemplate`,
		},
	]);

const outcomeOf = async (object: KubernetesObject, world: World): Promise<Outcome> => {
	const kind = object.apiVersion === API_VERSION ? object.kind : undefined;
	if (kind === "ScheduledBackup") return checkScheduledBackup(withNamespace(object) as ScheduledBackup, world);
	if (kind === "RequestedBackupAction") return checkAction(withNamespace(object) as RequestedBackupAction, world);
	if (kind !== "ClusterBackupProcedureTemplate") return { report: unknownKind(object), objects: [] };
	const template = applyDefaults(object as ClusterBackupProcedureTemplate);
	return { report: evaluateTemplate(template, world.settings), objects: [] };
};

const identityOf = ({ object }: Manifest): Pick<Checked, "kind" | "namespace" | "name"> => ({
	kind: object.kind ?? "",
	namespace: scopeOf(object),
	name: object.metadata?.name ?? object.metadata?.generateName ?? "",
});

/** Objects of other kinds that decide what is found in ours. */
const isReferred = ({ object }: Manifest): boolean =>
	object.apiVersion === "v1" && (object.kind === "Secret" || object.kind === "Namespace");

const SEPARATE_RUNS = ", or check manifests of different clusters in separate runs";

/** Two definitions of one object: an error where the answer depends on which of them counts, else a warning. */
const duplicateReport = (manifest: Manifest, duplicates: Duplicates): Report => {
	const problems = duplicateProblems(manifest, duplicates, SEPARATE_RUNS);
	if (isOurs(manifest) || isReferred(manifest)) return errorsOnly(problems);
	return { errors: [], warnings: problems.map(problemText) };
};

/**
 * Checks every object of our kinds. Of all other objects, which only serve as what is referred to, those that are defined again
 * are in the result. In the order in which they were given.
 */
export const checkManifests = async (manifests: readonly Manifest[], context: CheckContext): Promise<Checked[]> => {
	const references = fileReferences(manifests.map(({ object }) => object));
	const duplicates = findDuplicates(manifests);
	const check = async (manifest: Manifest): Promise<Checked> => {
		const duplicate = duplicateReport(manifest, duplicates);
		if (!isOurs(manifest)) return { manifest, ...identityOf(manifest), report: duplicate, objects: [] };
		const { report, objects } = await outcomeOf(manifest.object, { ...context, references });
		const unknown = errorsOnly(unknownFieldProblems(manifest.object));
		const all = mergeReports(unknown, duplicate, report);
		return { manifest, ...identityOf(manifest), report: all, objects: all.errors.length > 0 ? [] : objects };
	};
	return Promise.all(manifests.filter((manifest) => isOurs(manifest) || duplicates.has(manifest)).map(check));
};
