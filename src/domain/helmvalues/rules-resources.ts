// `HelmValues.resources`: requests against limits, as the API server compares them (validateResourceRequirements).
import type { Problem } from "../report.ts";
import { helmProblem } from "./problems.ts";
import { ONE, parseQuantity } from "./quantity.ts";
import type { PodOptions } from "./shape.ts";

type Amounts = { [name: string]: string | undefined };

const HUGE_PAGES = "hugepages-";
const STANDARD: readonly string[] = ["cpu", "memory", "ephemeral-storage"];

const isHugePages = (name: string): boolean => name.startsWith(HUGE_PAGES);

/** In billionths; 0 where the name holds no size in whole bytes. */
const pageSize = (name: string): bigint => {
	const size = parseQuantity(name.slice(HUGE_PAGES.length)) ?? 0n;
	return size % ONE === 0n ? size : 0n;
};

/** A pod may use more of these than it asks for. */
const isOvercommitAllowed = (name: string): boolean => STANDARD.includes(name);

const isKnownName = (name: string): boolean => {
	if (isHugePages(name)) return pageSize(name) > 0n;
	const isExtended = name.includes("/") && !name.includes("kubernetes.io/") && !name.startsWith("requests.");
	return STANDARD.includes(name) || isExtended;
};

const amountProblem = (kind: string, name: string, text: string): Problem | undefined => {
	const path = ["resources", kind, name];
	const amount = parseQuantity(text);
	if (!isKnownName(name)) {
		return helmProblem(path, "is no resource of a container: cpu, memory, ephemeral-storage or one with a domain");
	}
	if (amount === undefined || name === "cpu") return undefined;
	if (amount % ONE !== 0n)
		return helmProblem(path, "must be a whole number", { hint: "for mebibytes write Mi, not m" });
	if (!isHugePages(name)) return undefined;
	return amount % pageSize(name) === 0n ? undefined : helmProblem(path, "must be a multiple of the page size");
};

const requestProblem = (name: string, request: string, limits: Amounts): Problem | undefined => {
	const path = ["resources", "requests", name];
	const limit = limits[name];
	if (limit === undefined) {
		return isOvercommitAllowed(name) ? undefined : helmProblem(path, "needs a limit of the same amount");
	}
	const [asked, most] = [parseQuantity(request), parseQuantity(limit)];
	if (asked === undefined || most === undefined || asked === most) return undefined;
	if (!isOvercommitAllowed(name)) return helmProblem(path, "must be equal to the limit");
	return asked > most ? helmProblem(path, "must not be more than the limit") : undefined;
};

const entriesOf = (amounts: Amounts): [string, string][] => Object.entries(amounts) as [string, string][];

/** What is wrong with names and amounts of resources, beyond their form. */
export const resourceProblems = ({ resources }: PodOptions): Problem[] => {
	const limits: Amounts = resources?.limits ?? {};
	const requests: Amounts = resources?.requests ?? {};
	const names = [...Object.keys(limits), ...Object.keys(requests)];
	const lonelyPages = names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory");
	return [
		...entriesOf(limits).map(([name, amount]) => amountProblem("limits", name, amount)),
		...entriesOf(requests).map(([name, amount]) => amountProblem("requests", name, amount)),
		...entriesOf(requests).map(([name, amount]) => requestProblem(name, amount, limits)),
		lonelyPages ? helmProblem(["resources"], "huge pages need cpu or memory beside them") : undefined,
	].filter((problem) => problem !== undefined);
};
