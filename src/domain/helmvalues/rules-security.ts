// The security contexts: what only some installations allow, and what contradicts itself. The pod gets
// `allowPrivilegeEscalation: false` where the options do not say otherwise, which privileged containers cannot have.
import type { Problem } from "../report.ts";
import type { Settings } from "../settings.ts";
import { helmProblem, type Path } from "./problems.ts";
import { indexed, type PodOptions } from "./shape.ts";

interface Profile {
	type?: string | undefined;
	localhostProfile?: string | undefined;
}

/** The hint for everything that `allowPrivilegedPods` decides. */
export const PRIVILEGED_HINT = "whoever runs the controller decides whether backups may have it";

const forbidden = (path: Path): Problem =>
	helmProblem(path, "is not allowed in this installation", { reason: "FieldValueForbidden", hint: PRIVILEGED_HINT });

const profileProblem = (profile: Profile | undefined, path: Path): Problem | undefined => {
	const at = [...path, "localhostProfile"];
	const given = profile?.localhostProfile !== undefined;
	if (profile?.type === "Localhost")
		return given ? undefined : helmProblem(at, "must be given where type is Localhost");
	return given ? helmProblem(at, "must not be given unless type is Localhost") : undefined;
};

const profileProblems = (options: PodOptions): (Problem | undefined)[] =>
	(["podSecurityContext", "securityContext"] as const).flatMap((field) =>
		(["appArmorProfile", "seccompProfile"] as const).map((name) =>
			profileProblem(options[field]?.[name], [field, name]),
		),
	);

const privilegeProblems = ({ securityContext }: PodOptions, settings: Settings): Problem[] => {
	const added = securityContext?.capabilities?.add ?? [];
	const problems: Problem[] = [];
	if (!settings.allowPrivilegedPods) {
		if (securityContext?.privileged === true) problems.push(forbidden(["securityContext", "privileged"]));
		if (added.length > 0) problems.push(forbidden(["securityContext", "capabilities", "add"]));
		return problems;
	}
	const needsEscalation = securityContext?.privileged === true || added.includes("CAP_SYS_ADMIN");
	if (!needsEscalation || securityContext?.allowPrivilegeEscalation === true) return problems;
	const message = "must be true for a privileged container or CAP_SYS_ADMIN";
	return [helmProblem(["securityContext", "allowPrivilegeEscalation"], message)];
};

const sysctlProblems = ({ podSecurityContext }: PodOptions): Problem[] => {
	const names = (podSecurityContext?.sysctls ?? []).map(({ name }) => name);
	return indexed(names)
		.filter(([index, name]) => name !== undefined && names.indexOf(name) < index)
		.map(([index]) => {
			const path = ["podSecurityContext", "sysctls", index, "name"];
			return helmProblem(path, "is there twice", { reason: "FieldValueDuplicate" });
		});
};

/** The kubelet starts no container that must not be root and is told to be. The container's settings go before the pod's. */
const rootProblems = ({ podSecurityContext: pod, securityContext: container }: PodOptions): Problem[] => {
	const user = container?.runAsUser ?? pod?.runAsUser;
	const nonRoot = container?.runAsNonRoot ?? pod?.runAsNonRoot;
	if (user !== 0 || nonRoot !== true) return [];
	const field = container?.runAsUser === undefined ? "podSecurityContext" : "securityContext";
	const hint = "name another user, or set runAsNonRoot: false";
	return [helmProblem([field, "runAsUser"], "is root (0), and runAsNonRoot is true: it would never start", { hint })];
};

/** What is wrong with the two security contexts, beyond their form. */
export const securityProblems = (options: PodOptions, settings: Settings): Problem[] => [
	...privilegeProblems(options, settings),
	...profileProblems(options).filter((problem) => problem !== undefined),
	...sysctlProblems(options),
	...rootProblems(options),
];
