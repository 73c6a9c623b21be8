// When this replica works. All replicas serve admission; of those that reconcile, either each does (alone, or with a lock
// per object), or one by a Lease. Whoever works is given a permit and ends when it does.
import type { Permit } from "../kube/permission.ts";

/** What goes on while a permit lasts. */
export interface Work {
	/**
	 * Resolves when nothing is under way any more.
	 * @param graceSeconds after which what is under way is told to end.
	 */
	stop(graceSeconds?: number): Promise<void>;
}

/** A line of /readyz. */
export interface ActivityCheck {
	name: string;
	ok: boolean;
	detail?: string;
}

export interface Activity {
	/** From now on calls `begin` whenever this replica may work; when it may not any more, stops what that answered. */
	start(begin: (permit: Permit) => Work): void;
	/** Lets the work end, then gives the permit back. */
	stop(): Promise<void>;
	/** Always ok: a replica that stands by is as it should be. */
	checks(): ActivityCheck[];
}

/** May write as long as the process lives. */
const FOREVER: Permit = { signal: new AbortController().signal, mayWrite: () => true };

/** Works from the start to the end. */
export const alwaysActive = (): Activity => {
	let work: Work | undefined;
	return {
		start: (begin) => {
			work = begin(FOREVER);
		},
		stop: async () => work?.stop(),
		checks: () => [],
	};
};
