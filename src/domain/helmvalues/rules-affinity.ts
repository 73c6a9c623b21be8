// `HelmValues.affinity`: an operator and its values belong together.
import type { Problem } from "../report.ts";
import { helmProblem, type Path } from "./problems.ts";
import { indexed, type PodOptions } from "./shape.ts";

interface Requirement {
	operator?: string | undefined;
	values?: (string | undefined)[] | undefined;
}

interface Selector {
	matchExpressions?: Requirement[] | undefined;
}

interface NodeTerm extends Selector {
	matchFields?: Requirement[] | undefined;
}

interface PodTerm {
	labelSelector?: Selector | undefined;
	namespaceSelector?: Selector | undefined;
}

interface PodTerms {
	preferredDuringSchedulingIgnoredDuringExecution?: { podAffinityTerm?: PodTerm | undefined }[] | undefined;
	requiredDuringSchedulingIgnoredDuringExecution?: PodTerm[] | undefined;
}

const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const INTEGER = /^-?[0-9]{1,18}$/;

const requirementProblem = ({ operator, values = [] }: Requirement, path: Path): Problem | undefined => {
	const at = [...path, "values"];
	if (operator === "In" || operator === "NotIn") {
		return values.length > 0 ? undefined : helmProblem(at, `must not be empty where operator is ${operator}`);
	}
	if (operator === "Exists" || operator === "DoesNotExist") {
		return values.length === 0 ? undefined : helmProblem(at, `must not be given where operator is ${operator}`);
	}
	if (operator !== "Gt" && operator !== "Lt") return undefined;
	const isOneNumber = values.length === 1 && INTEGER.test(String(values[0]));
	return isOneNumber
		? undefined
		: helmProblem(at, `must be one whole number, in quotes, where operator is ${operator}`);
};

const expressions = (selector: Selector | undefined, path: Path): (Problem | undefined)[] =>
	indexed(selector?.matchExpressions).map(([index, requirement]) =>
		requirementProblem(requirement, [...path, "matchExpressions", index]),
	);

const nodeTerm = (term: NodeTerm | undefined, path: Path): (Problem | undefined)[] => [
	...expressions(term, path),
	...indexed(term?.matchFields).map(([index, { values }]) =>
		values !== undefined && values.length !== 1
			? helmProblem([...path, "matchFields", index, "values"], "must be one name")
			: undefined,
	),
];

const podTerm = (term: PodTerm | undefined, path: Path): (Problem | undefined)[] => [
	...expressions(term?.labelSelector, [...path, "labelSelector"]),
	...expressions(term?.namespaceSelector, [...path, "namespaceSelector"]),
];

const podTerms = (terms: PodTerms | undefined, path: Path): (Problem | undefined)[] => [
	...indexed(terms?.[PREFERRED]).flatMap(([index, { podAffinityTerm }]) =>
		podTerm(podAffinityTerm, [...path, PREFERRED, index, "podAffinityTerm"]),
	),
	...indexed(terms?.[REQUIRED]).flatMap(([index, term]) => podTerm(term, [...path, REQUIRED, index])),
];

/** What is wrong with selectors in the affinity, beyond their form. */
export const affinityProblems = ({ affinity }: PodOptions): Problem[] => {
	const node = affinity?.nodeAffinity;
	const path = ["affinity", "nodeAffinity"];
	const terms = node?.[REQUIRED]?.nodeSelectorTerms;
	return [
		terms?.length === 0
			? helmProblem([...path, REQUIRED, "nodeSelectorTerms"], "must have at least one term")
			: undefined,
		...indexed(terms).flatMap(([index, term]) => nodeTerm(term, [...path, REQUIRED, "nodeSelectorTerms", index])),
		...indexed(node?.[PREFERRED]).flatMap(([index, { preference }]) =>
			nodeTerm(preference, [...path, PREFERRED, index, "preference"]),
		),
		...podTerms(affinity?.podAffinity, ["affinity", "podAffinity"]),
		...podTerms(affinity?.podAntiAffinity, ["affinity", "podAntiAffinity"]),
	].filter((problem) => problem !== undefined);
};
