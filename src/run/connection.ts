// The connection to the API server that the configuration names.
import { FlagValueError } from "../api/flagvalue.ts";
import { systemFailure } from "../api/systemfailure.ts";
import type { RunConfig } from "../config.ts";
import { type Connection, connect } from "../kube/client.ts";
import { KubeconfigError } from "../kube/credentials/kubeconfig.ts";

type Place = Pick<RunConfig, "kubeconfig" | "kubeconfigSource" | "inClusterServer">;

/** An error about credentials carries what Node.js, or the reader of the kubeconfig, said as its cause. */
const foundIn = (cause: unknown): string => {
	const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
	return code === KubeconfigError.code && typeof message === "string" ? message : systemFailure(cause);
};

/**
 * Makes no request yet.
 * @throws FlagValueError where the kubeconfig cannot be used
 */
export const connectTo = async ({ kubeconfig, kubeconfigSource, inClusterServer }: Place): Promise<Connection> => {
	try {
		return await connect({
			...(kubeconfig === undefined ? {} : { kubeconfig }),
			...(inClusterServer === undefined ? {} : { inClusterServer }),
		});
	} catch (error) {
		if (kubeconfig === undefined) throw error;
		const { cause } = error as Error;
		const remedy = "set --kubeconfig or $KUBECONFIG to the path of a kubeconfig that this program can use";
		throw new FlagValueError(kubeconfigSource, kubeconfig, foundIn(cause), remedy, cause);
	}
};
