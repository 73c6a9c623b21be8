// Rules of the smaller pod options: sources of the environment, tolerations, labels and annotations.
import type { Problem } from "../report.ts";
import { RESERVED_ENVIRONMENT_PREFIX } from "../script/token.ts";
import { helmProblem } from "./problems.ts";
import { indexed, type PodOptions } from "./shape.ts";

/** Bytes of all annotations, as the API server counts them. */
const ANNOTATIONS_LIMIT = 256 * 1024;
/** Set by the Job controller, or by us: by these, pods are found. */
const RESERVED_LABEL = /^(?:riotkit\.org\/|batch\.kubernetes\.io\/|controller-uid$|job-name$|app\.kubernetes\.io\/)/;
/** Old ways to set what has fields of its own, which the API server compares, and the mark of pods without an API object. */
const RESERVED_ANNOTATION =
	/^(?:container\.apparmor\.security\.beta\.|(?:container\.)?seccomp\.security\.alpha\.|scheduler\.alpha\.)kubernetes\.io\/|^kubernetes\.io\/config\./;

/** Each item of `envFrom` has one source, and its prefix leaves the controller's names alone. */
export const environmentSourceProblems = ({ envFrom }: PodOptions): Problem[] =>
	indexed(envFrom).flatMap(([index, { configMapRef, secretRef, prefix }]) => {
		const problems: Problem[] = [];
		const path = ["envFrom", index];
		if ((configMapRef === undefined) === (secretRef === undefined)) {
			problems.push(helmProblem(path, "must have either configMapRef or secretRef"));
		}
		if (prefix?.startsWith(RESERVED_ENVIRONMENT_PREFIX) === true) {
			problems.push(
				helmProblem([...path, "prefix"], "is reserved for the controller", { reason: "FieldValueForbidden" }),
			);
		}
		return problems;
	});

/** A toleration says what it tolerates, and for how long only where pods are evicted. */
export const tolerationProblems = ({ tolerations }: PodOptions): Problem[] =>
	indexed(tolerations).flatMap(([index, { key, operator, value, effect, tolerationSeconds }]) => {
		const problems: Problem[] = [];
		const path = ["tolerations", index];
		const exists = operator === "Exists";
		if (key === undefined && !exists)
			problems.push(helmProblem([...path, "operator"], "must be Exists where no key is given"));
		if (exists && value !== undefined && value !== "") {
			problems.push(helmProblem([...path, "value"], "must not be given where operator is Exists"));
		}
		if (tolerationSeconds !== undefined && effect !== "NoExecute") {
			problems.push(helmProblem([...path, "effect"], "must be NoExecute where tolerationSeconds is given"));
		}
		return problems;
	});

const annotationsSize = (annotations: { [name: string]: string | undefined }): number =>
	Object.entries(annotations).reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}${value}`), 0);

/** Labels and annotations that belong to someone else, and too many annotations. */
export const metadataProblems = ({ podLabels, podAnnotations }: PodOptions): Problem[] => {
	const reserved = (field: string, names: string[], pattern: RegExp): Problem[] =>
		names
			.filter((name) => pattern.test(name))
			.map((name) => helmProblem([field, name], "is reserved", { reason: "FieldValueForbidden" }));
	const problems = [
		...reserved("podLabels", Object.keys(podLabels ?? {}), RESERVED_LABEL),
		...reserved("podAnnotations", Object.keys(podAnnotations ?? {}), RESERVED_ANNOTATION),
	];
	if (annotationsSize(podAnnotations ?? {}) <= ANNOTATIONS_LIMIT) return problems;
	const message = `larger than ${ANNOTATIONS_LIMIT / 1024} KiB in sum`;
	return [...problems, helmProblem(["podAnnotations"], message, { reason: "FieldValueTooLong" })];
};
