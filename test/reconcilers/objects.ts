// What is put into an API server in memory before something runs over it. It loads nothing of the controllers, which run
// as a process of their own in some tests.
import { CLUSTER_BACKUP_PROCEDURE_TEMPLATE, type ResourceKind, SECRET } from "../../src/api/kinds.ts";
import type { KubernetesObject, Secret } from "../../src/api/kubernetes.ts";
import * as objects from "../integration/support/objects.ts";
import type { ApiServer } from "../kube/fixtures/apiserver.ts";

export const encode = (text: string): string => Buffer.from(text).toString("base64");

/** Template `simple` and Secret `vars`. */
export const putPrerequisites = (api: ApiServer): void => {
	api.put(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, objects.template("simple") as never);
	const metadata = { name: "vars", namespace: "default" };
	api.put(SECRET, { metadata, data: { "Params.password": encode("not-a-real-password") } } as Secret);
};

/** Puts an object that a test wrote as a plain one. */
export const put = <T extends KubernetesObject>(api: ApiServer, kind: ResourceKind<T>, object: object): T =>
	api.put(kind, object as T);
