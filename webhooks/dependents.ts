// What an edit of a template does to the ScheduledBackups that use it. There may be thousands: they are first tried over
// what is known of their Secrets already, in slices that leave the event loop free; only those that seem to break are read
// again, and only what breaks then too counts.
import type { ClusterBackupProcedureTemplate, ScheduledBackup } from "../src/api/types.ts";
import { evaluateScheduledBackup } from "../src/domain/evaluate.ts";
import type { ScheduledBackupFacts } from "../src/domain/facts.ts";
import { namedKeys } from "../src/domain/imports.ts";
import type { Problem } from "../src/domain/report.ts";
import { gatherScheduledBackup } from "../src/gather/scheduledbackup.ts";
import type { Admission } from "./admission.ts";

/** For all dependents together; the API server waits 5 s, the handler answers within 4 s. */
export const CHECK_MILLISECONDS = 3_000;
/** Of these, at most so much for the first look, so that what seems to break can still be read again. */
const FIRST_LOOK_MILLISECONDS = 2_000;
/** How long the event loop may be held at a time. */
const SLICE_MILLISECONDS = 8;
/** How many dependents are read again at the same time. */
const CONCURRENCY = 8;

/** A ScheduledBackup that was fine and would not be any more. */
export interface BrokenDependent {
	namespace: string;
	name: string;
	problem: Problem;
}

export interface DependentsCheck {
	broken: BrokenDependent[];
	/** How many could not be checked in time. */
	unreached: number;
	total: number;
}

type Template = ClusterBackupProcedureTemplate;

/** Whether this object, as it is, uses the template and is here to stay. */
export const usesTemplate = (dependent: ScheduledBackup, template: string): boolean =>
	dependent.metadata.deletionTimestamp === undefined &&
	dependent.spec.templateRef.kind !== "internal" &&
	dependent.spec.templateRef.name === template;

/** Facts for an object that nobody looked at yet: its Secrets count as holding what it names. */
const ASSUMED: Omit<ScheduledBackupFacts, "template"> = {
	secrets: new Map(),
	denied: [],
	namespaceLabels: {},
	assumeSecrets: true,
};

const firstError = (
	admission: Admission,
	dependent: ScheduledBackup,
	facts: Omit<ScheduledBackupFacts, "template">,
	template: Template,
): Problem | undefined =>
	evaluateScheduledBackup(dependent, { ...facts, denied: [], template }, admission.settings).report.errors[0];

/**
 * Of a Secret whose keys are not named, nothing is known before it was looked at (the controller has just started, or the
 * object was changed a moment ago): what its keys cover shows only in a live read.
 */
const takesUnknownKeys = ({ spec }: ScheduledBackup, facts: ScheduledBackupFacts | undefined): boolean =>
	spec.varsSecretRef !== undefined &&
	namedKeys(spec.varsSecretRef) === undefined &&
	facts?.secrets.has(spec.varsSecretRef.secretName) !== true;

const seemsToBreak = (admission: Admission, dependent: ScheduledBackup, after: Template): boolean => {
	const { namespace = "", name = "" } = dependent.metadata;
	const facts = admission.watched.facts(namespace, name);
	if (takesUnknownKeys(dependent, facts)) return true;
	return firstError(admission, dependent, facts ?? ASSUMED, after) !== undefined;
};

/** Answers the same question from the first answer, for as long as one review takes. */
export const once = <Answer>(
	ask: (...question: string[]) => Promise<Answer>,
): ((...question: string[]) => Promise<Answer>) => {
	const answers = new Map<string, Promise<Answer>>();
	return (...question) => {
		const key = question.join("/");
		const answer = answers.get(key) ?? ask(...question);
		answers.set(key, answer);
		return answer;
	};
};

/** Dependents often share Secrets, and always namespaces: each is read once per review, and each key looked at once. */
const readingOnce = ({ references, inspector, ...rest }: Admission): Admission => ({
	...rest,
	references: {
		...references,
		secret: once((namespace = "", name = "") => references.secret(namespace, name)),
		namespaceLabels: once((name = "") => references.namespaceLabels(name)),
	},
	inspector: {
		...inspector,
		inspectPublicKey: once((armored = "") => inspector.inspectPublicKey(armored)),
		inspectPrivateKey: once((armored = "") => inspector.inspectPrivateKey(armored)),
	},
});

/** What came of a second look; `late`: the time was over before it could be judged. */
type Confirmation = BrokenDependent | "fine" | "late";

/** Reads one dependent again: whether the old template works with it as it is now, and the new one does not. */
const confirm = async (
	admission: Admission,
	suspect: ScheduledBackup,
	edit: { before: Template; after: Template },
	deadline: number,
): Promise<Confirmation> => {
	const { namespace = "", name = "" } = suspect.metadata;
	const { references } = admission;
	const current = await references.scheduledBackup(namespace, name);
	if (current === undefined || !usesTemplate(current, edit.after.metadata.name ?? "")) return "fine";
	const over = { ...references, template: async () => edit.after };
	const { inspector, settings } = admission;
	const facts = await gatherScheduledBackup(over, inspector, current, { deepKeyCheck: false, memory: settings.memory });
	// Several were being read at a time, and each takes the processor in turn.
	if (admission.now() >= deadline) return "late";
	const problem = firstError(admission, current, facts, edit.after);
	if (problem === undefined || firstError(admission, current, facts, edit.before) !== undefined) return "fine";
	return { namespace, name, problem };
};

/** The dependents that seem to break, over what is known; and how many the time did not suffice for. */
const findSuspects = async (admission: Admission, dependents: readonly ScheduledBackup[], after: Template) => {
	const started = admission.now();
	let sliceStarted = started;
	const suspects: ScheduledBackup[] = [];
	for (const [index, dependent] of dependents.entries()) {
		const now = admission.now();
		if (now - started > FIRST_LOOK_MILLISECONDS) return { suspects, unreached: dependents.length - index };
		if (now - sliceStarted > SLICE_MILLISECONDS) {
			await admission.turn();
			sliceStarted = admission.now();
		}
		if (seemsToBreak(admission, dependent, after)) suspects.push(dependent);
	}
	return { suspects, unreached: 0 };
};

const nameOf = ({ namespace, name }: BrokenDependent): string => `${namespace}/${name}`;

/** Order of distinct names, by code unit. */
export const compareNames = (left: string, right: string): number => (left < right ? -1 : 1);

/**
 * Tries a changed template on everything that uses it.
 * In: the template before and after. Out: what would break, and how much was not tried within `CHECK_MILLISECONDS`.
 * Errors: those of the live reads.
 */
export const checkDependents = async (
	admission: Admission,
	edit: { before: Template; after: Template },
): Promise<DependentsCheck> => {
	const name = edit.after.metadata.name ?? "";
	const deadline = admission.now() + CHECK_MILLISECONDS;
	const dependents = admission.watched.dependents(name).filter((dependent) => usesTemplate(dependent, name));
	const { suspects, unreached } = await findSuspects(admission, dependents, edit.after);
	const reading = readingOnce(admission);
	const broken: BrokenDependent[] = [];
	let next = 0;
	let late = 0;
	const work = async (): Promise<void> => {
		while (next < suspects.length && admission.now() < deadline) {
			const suspect = suspects[next++] as ScheduledBackup;
			const found = await confirm(reading, suspect, edit, deadline);
			if (found === "late") late += 1;
			else if (found !== "fine") broken.push(found);
			await admission.turn();
		}
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, work));
	broken.sort((left, right) => compareNames(nameOf(left), nameOf(right)));
	return { broken, unreached: unreached + suspects.length - next + late, total: dependents.length };
};
