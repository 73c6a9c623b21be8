// Reads and writes the one Lease. Each write names UID and resourceVersion, so that of two that write at the same time one
// gets a ConflictError.
import { LEASE } from "../../api/kinds.ts";
import type { Lease } from "../../api/kubernetes.ts";
import type { Kube } from "../../kube/port.ts";
import { readLive } from "../../kube/readlive.ts";
import { type LeaseRecord, leaseRecord } from "./record.ts";

export interface LeaseStore {
	/** Undefined where there is none. @throws KubeError */
	read(): Promise<LeaseRecord | undefined>;
	/** @throws AlreadyExistsError, or another KubeError */
	create(spec: object): Promise<LeaseRecord>;
	/** @throws ConflictError where it is not this version any more; NotFoundError; or another KubeError */
	write(over: LeaseRecord, spec: object): Promise<LeaseRecord>;
}

/** @param kube one with a time-out well below the renew deadline. */
export const leaseStore = (
	kube: Pick<Kube, "get" | "create" | "patch">,
	key: { namespace: string; name: string },
): LeaseStore => ({
	read: async () => {
		const lease = await readLive(kube, LEASE, key);
		return lease === undefined ? undefined : leaseRecord(lease);
	},
	create: async (spec) => leaseRecord(await kube.create(LEASE, { metadata: key, spec } as Lease)),
	write: async ({ uid, resourceVersion }, spec) =>
		leaseRecord(await kube.patch(LEASE, key, { spec }, { uid, resourceVersion })),
});
