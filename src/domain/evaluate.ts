// Everything that can be known of a ScheduledBackup before it runs. Webhook, reconciler and CLI call the same function
// with the same facts and so come to the same end; each check tells all that it finds, none stops the others.

import { defaultScheduledBackup } from "../api/defaults.ts";
import type { ScheduledBackup } from "../api/types.ts";
import { schemaProblems } from "../api/validate.ts";
import { wellTyped } from "../api/welltyped.ts";
import { SecretValue } from "../template/value.ts";
import { deniedProblems } from "./denied.ts";
import { effectiveVariables, type Variables } from "./effective.ts";
import type { ScheduledBackupFacts } from "./facts.ts";
import { type HelmValues, parseHelmValues } from "./helmvalues.ts";
import type { SecretImport } from "./imports.ts";
import { evaluationInputs } from "./inputs.ts";
import { clashProblems, withJobDefaults } from "./jobdefaults.ts";
import { forgetful } from "./memory.ts";
import { podSpec } from "./objects/pod.ts";
import { type ParsedVars, parsedVars } from "./parsed.ts";
import type { BackupPlan, Evaluation } from "./plan.ts";
import { planOf } from "./planning.ts";
import { isProcedure, type Procedure, resolveProcedure } from "./procedure.ts";
import { mergeReports, type Problem, type Report } from "./report.ts";
import { secretCountProblems } from "./secretuses.ts";
import type { Settings } from "./settings.ts";
import { isComputed } from "./shell.ts";
import { environmentProblems } from "./validate/environment.ts";
import { type KeysVerdict, keysVerdict } from "./validate/identity.ts";
import { imageProblems, imageReport } from "./validate/image.ts";
import { limitsAsErrors, limitsAsWarnings } from "./validate/limits.ts";
import { podSecretsReport } from "./validate/podsecrets.ts";
import { podSecurityReport } from "./validate/podsecurity.ts";
import { eachOnce, errorsOnly, notToldBefore } from "./validate/problems.ts";
import { validateSchedule } from "./validate/schedule.ts";
import { tokenSecretProblems, varsSecretProblems } from "./validate/secrets.ts";
import { renderScripts, type ScriptResults, templateProblems } from "./validate/template.ts";
import { getPath } from "./vars/tree.ts";
import { retryWarnings, unusedWarnings, varsWarnings } from "./warnings.ts";

export { evaluateRequestedBackupAction } from "./evaluateaction.ts";
export { evaluateTemplate } from "./evaluatetemplate.ts";

/** The evaluation, with what the reconciler's `KeysUsable` condition is made of. */
export interface ScheduledBackupEvaluation extends Evaluation {
	keys: KeysVerdict;
}

/** The evaluation of a stored object, and what would be an error where the object were being written. */
interface Found extends ScheduledBackupEvaluation {
	limits: readonly Problem[];
}

/** An object on its way through the checks. */
interface Subject {
	/** What the schema has against the object as it was given. */
	schema: readonly Problem[];
	/** Well typed, with defaults. */
	object: ScheduledBackup;
	facts: ScheduledBackupFacts;
	settings: Settings;
	vars: ParsedVars;
	/** As things are; with `--missing-references=warn` offline, as they will be. */
	now: Variables;
	/** As things will be once everything that is missing is there. */
	later: Variables;
	procedure: Procedure | Problem | undefined;
	/** What the author wrote, and the same over the installation's defaults. */
	pod: { values: HelmValues; merged: HelmValues; report: Report };
}

/** A template of another kind than was meant is no template that anything can be said about. */
const procedureOf = ({ schema, object, facts }: Pick<Subject, "schema" | "object" | "facts">): Subject["procedure"] =>
	schema.some(({ path }) => path === "spec.templateRef.kind")
		? undefined
		: resolveProcedure(object.spec.templateRef, facts.template);

const subjectOf = (given: ScheduledBackup, facts: ScheduledBackupFacts, settings: Settings): Subject => {
	const schema = schemaProblems(defaultScheduledBackup(given));
	const object = wellTyped(given);
	const vars = parsedVars(object.spec.vars ?? "", settings.memory);
	const later = effectiveVariables(object, { vars: vars.tree, facts, assumeMissing: true });
	const assumed = facts.assumeSecrets === true;
	const now = assumed ? later : effectiveVariables(object, { vars: vars.tree, facts, assumeMissing: false });
	const procedure = procedureOf({ schema, object, facts });
	const pod = podOf(now, settings);
	return { schema, object, facts, settings, vars, now, later, procedure, pod };
};

const podOf = ({ tree }: Variables, settings: Settings): Subject["pod"] => {
	const { values, report } = parseHelmValues(getPath(tree, ["HelmValues"]), settings);
	const merged = withJobDefaults(values, settings.jobDefaults);
	return { values, merged, report: mergeReports(report, errorsOnly(clashProblems(values, merged))) };
};

interface Scripts {
	now: ScriptResults;
	problems: Problem[];
}

const scriptsOf = (subject: Subject): Scripts | undefined => {
	const { procedure, now: variables, later: assumed, object, vars } = subject;
	const { memory = forgetful } = subject.settings;
	if (!isProcedure(procedure)) return undefined;
	const now = renderScripts(procedure, variables, memory);
	const lacks = variables.imports.some(({ knowledge }) => knowledge === "missing" || knowledge === "missingSecret");
	const later = lacks && variables !== assumed ? renderScripts(procedure, assumed, memory) : now;
	const problems = templateProblems({
		procedure,
		now,
		later,
		unknownKeys: variables.unknownKeys,
		varsIncomplete: vars.incomplete,
		varsFlawed: vars.report.errors.length > 0,
		operation: object.spec.operation,
	});
	return { now, problems };
};

/** The field that decides what `Repository.<name>` is. */
const decidingField = ({ now }: Subject, name: string): string => {
	const value = getPath(now.tree, ["Repository", name]);
	if (!(value instanceof SecretValue)) return "spec.vars";
	const isIt = (entry: SecretImport): boolean =>
		entry.path === value.path && entry.secretName === value.secretName && entry.key === value.key;
	// Every secret of the tree was imported.
	return (now.imports.find(isIt) as SecretImport).fieldPath;
};

const keysOf = (subject: Subject): KeysVerdict => {
	const recipient = getPath(subject.now.tree, ["Repository", "recipient"]);
	const passphrase = getPath(subject.now.tree, ["Repository", "passphrase"]);
	return keysVerdict(subject.object, subject.facts, {
		recipient: typeof recipient === "string" ? recipient : undefined,
		passphraseIsComputed: typeof passphrase === "string" && isComputed(passphrase),
		passphraseIsEmpty: passphrase === "",
		passphrasePath: decidingField(subject, "passphrase"),
		recipientPath: decidingField(subject, "recipient"),
	});
};

/** What needs no look at anything else. */
const pureReport = ({ object, vars, pod }: Subject): Report =>
	mergeReports(
		validateSchedule(object),
		vars.report,
		varsWarnings(object, vars.tree),
		retryWarnings(object, pod.values),
	);

const secretsReport = ({ object, facts, settings }: Subject, keys: KeysVerdict): Report =>
	mergeReports(
		errorsOnly([...deniedProblems(facts.denied), ...secretCountProblems(object, settings.memory)]),
		keys.report,
		errorsOnly([...tokenSecretProblems(object, facts), ...varsSecretProblems(object, facts)]),
	);

const scriptsReport = (subject: Subject, scripts: Scripts | undefined): Report => {
	const { procedure } = subject;
	if (scripts === undefined) return errorsOnly(procedure === undefined || isProcedure(procedure) ? [] : [procedure]);
	return mergeReports(errorsOnly(scripts.problems), unusedWarnings(subject.now.imports, scripts.now));
};

const environmentReport = (subject: Subject, scripts: Scripts | undefined): Report => {
	const secrets = { backup: scripts?.now.backup.secrets ?? [], restore: scripts?.now.restore.secrets ?? [] };
	const use = { secrets, pod: subject.pod.values, imports: subject.now.imports };
	return errorsOnly(environmentProblems(use, subject.facts));
};

const podReport = (subject: Subject, plan: BackupPlan | undefined): Report => {
	const { procedure, pod, facts } = subject;
	const ownImage = isProcedure(procedure) ? procedure.image : "";
	const ownProblems =
		pod.values.image === undefined ? imageProblems("spec.templateRef.name", procedureLabel(procedure), ownImage) : [];
	const [where, image] =
		pod.values.image === undefined ? [procedureLabel(procedure), ownImage] : ["HelmValues.image", pod.values.image];
	const security = plan === undefined ? errorsOnly([]) : placedReport(subject, plan);
	return mergeReports(
		pod.report,
		errorsOnly(ownProblems),
		podSecretsReport(pod.values, facts),
		imageReport(where, image),
		security,
	);
};

/** What shows only in the pod as it will be; of what the installation's defaults bring in, nobody else is blamed. */
const placedReport = ({ pod, facts, object }: Subject, plan: BackupPlan): Report => {
	const written = podSpec({ ...plan, pod: pod.values }, object.spec);
	return podSecurityReport(podSpec(plan, object.spec), facts.namespaceLabels, written);
};

const procedureLabel = (procedure: Procedure | Problem | undefined): string =>
	isProcedure(procedure) ? procedure.label : "";

const stopsPlan = (report: Report, assumed: boolean): boolean =>
	report.errors.some((problem) => !(assumed && problem.missingReference === true));

const evaluate = (object: ScheduledBackup, facts: ScheduledBackupFacts, settings: Settings): Found => {
	const subject = subjectOf(object, facts, settings);
	const keys = keysOf(subject);
	const scripts = scriptsOf(subject);
	const plan = planOf(subject, scripts?.now);
	const found = mergeReports(
		pureReport(subject),
		secretsReport(subject, keys),
		subject.now.report,
		scriptsReport(subject, scripts),
		environmentReport(subject, scripts),
		podReport(subject, plan),
	);
	// What the schema refuses has to be changed: what else is said of the same field falls with it.
	const errors = eachOnce([...subject.schema, ...notToldBefore(found.errors, subject.schema)]);
	const report = { errors, warnings: [...new Set(found.warnings)] };
	const { limits } = subject.vars;
	return { report, limits, keys, plan: stopsPlan(report, facts.assumeSecrets === true) ? undefined : plan };
};

const scriptCharacters = ({ plan }: ScheduledBackupEvaluation): number =>
	plan === undefined ? 0 : plan.scripts.backup.text.length + plan.scripts.restore.text.length;

/**
 * Every mistake of the object at once, and, where there is none, the plan that its objects are built from. Both scripts
 * are rendered whatever `operation` says. With `facts.assumeSecrets` there is a plan although references are missing.
 * Limits that are newer than some stored objects are errors with `facts.beingWritten`, and warnings without.
 * With `settings.memory`, nothing is worked out again while nothing has changed; the result must not be changed.
 */
export const evaluateScheduledBackup = (
	given: ScheduledBackup,
	facts: ScheduledBackupFacts,
	settings: Settings,
): ScheduledBackupEvaluation => {
	const { status: _status, ...object } = given;
	const { memory = forgetful } = settings;
	// Left out of what is remembered: an object is written once, and what was found then serves its reconciles.
	const { beingWritten, ...world } = facts;
	const inputs = evaluationInputs(object, world, settings);
	const { limits, ...stored } = memory("evaluation", inputs, () => evaluate(object, world, settings), scriptCharacters);
	const found = beingWritten === true ? limitsAsErrors(stored, limits) : limitsAsWarnings(stored, limits);
	return found.plan === undefined ? found : { ...found, plan: { ...found.plan, scheduledBackup: wellTyped(given) } };
};
