// What tells a template that an installation shipped from everybody else's: two labels. Nothing without both is changed or
// deleted. The second tells one installation of the cluster from another, whose folder does not have the same templates.
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { APPLICATION } from "../../src/domain/objects/labels.ts";

const MANAGED_BY = "app.kubernetes.io/managed-by";
/** `--installation`; where nobody gave one, the namespace that the controller is installed in; empty where it has none. */
export const INSTALLATION_LABEL = "riotkit.org/installation";

/** The labels of a template that this installation ships. */
export const marksOf = (installation: string): Record<string, string> => ({
	[MANAGED_BY]: APPLICATION,
	[INSTALLATION_LABEL]: installation,
});

/** Selects them in a list. */
export const marksSelector = (installation: string): string =>
	Object.entries(marksOf(installation))
		.map(([label, value]) => `${label}=${value}`)
		.join(",");

/** Whether the object in the cluster is this installation's to change. */
export const isOurs = ({ metadata }: KubernetesObject, installation: string): boolean =>
	Object.entries(marksOf(installation)).every(([label, value]) => metadata?.labels?.[label] === value);
