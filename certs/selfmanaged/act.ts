// Does one step. Every write meets exactly the version that the step was decided from, or nothing: a lost race is an error
// (AlreadyExistsError, ConflictError), after which the caller reads again.
import { SECRET } from "../../src/api/kinds.ts";
import type { Secret } from "../../src/api/kubernetes.ts";
import type { Kube } from "../../src/kube/port.ts";
import type { Authority } from "../x509.ts";
import type { FoundConfiguration, Gathered, Names } from "./gather.ts";
import type { Issuer } from "./issuer.ts";
import { secretData } from "./secret.ts";
import type { Step, Wanted } from "./state.ts";

export type Writes = Pick<Kube, "create" | "patch">;

const dataOf = async (wanted: Wanted, issuer: Issuer, now: number): Promise<Record<string, string>> => {
	const made = async (authority: Authority | "new"): Promise<Authority> =>
		authority === "new" ? issuer.newAuthority(now) : authority;
	const current = await made(wanted.current);
	const next = wanted.next === undefined ? undefined : await made(wanted.next);
	return secretData({ current, next, trusted: wanted.trusted, published: wanted.published });
};

/** POST of a Secret that did not exist. Errors: AlreadyExistsError where another replica was first. */
export const createSecret = async (
	kube: Writes,
	names: Names,
	step: Extract<Step, { do: "create" }>,
	making: { issuer: Issuer; now: number },
): Promise<void> => {
	const { namespace, secret: name } = names;
	const labels = {
		"app.kubernetes.io/name": "backup-maker-controller",
		"app.kubernetes.io/component": "certificates",
	};
	const data = await dataOf(step.wanted, making.issuer, making.now);
	await kube.create<Secret>(SECRET, { metadata: { namespace, name, labels }, type: "Opaque", data });
};

/** Changes the Secret as it was read. Errors: ConflictError, NotFoundError where it is another one by now. */
export const writeSecret = async (
	kube: Writes,
	names: Names,
	step: Extract<Step, { do: "write" }>,
	gathered: Gathered,
	making: { issuer: Issuer; now: number },
): Promise<void> => {
	if (gathered.secret === undefined) throw new TypeError("there is no Secret to write to");
	const data = await dataOf(step.wanted, making.issuer, making.now);
	const key = { namespace: names.namespace, name: names.secret };
	await kube.patch(SECRET, key, { data }, gathered.secret.version);
};

const withBundle = ({ webhooks = [] }: FoundConfiguration["object"], bundle: string): object[] =>
	webhooks.map((webhook) => ({
		...webhook,
		clientConfig: { ...webhook.clientConfig, caBundle: Buffer.from(bundle).toString("base64") },
	}));

/**
 * Puts the bundle into every webhook of the configurations that have another one, and changes nothing else. A list has no
 * merge patch: it is sent whole, and the version sees to it that nobody's change is lost.
 */
export const publishBundle = async (
	kube: Writes,
	names: Names,
	step: Extract<Step, { do: "publish" }>,
	gathered: Gathered,
): Promise<void> => {
	for (const { kind, object, bundles, version } of gathered.configurations) {
		if (bundles.texts.every((text) => text === step.bundle)) continue;
		await kube.patch(kind, { name: names.configuration }, { webhooks: withBundle(object, step.bundle) }, version);
	}
};
