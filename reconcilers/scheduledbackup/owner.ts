// Children are made only for an owner that is there: a watch that lags shows a deleted one, whose new children the garbage
// collector would take away as fast as they are made.
import { SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { NotFoundError } from "../../src/kube/errors.ts";
import type { Kube } from "../../src/kube/port.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Context } from "../shared/context.ts";

const isThere = async (kube: Pick<Kube, "get">, { metadata }: ScheduledBackup): Promise<boolean> => {
	const { namespace = "", name = "", uid } = metadata;
	return (await readLive(kube, SCHEDULED_BACKUP, { namespace, name }))?.metadata.uid === uid;
};

/** The same port, which before its first creation makes sure that the owner is there. Throws a NotFoundError where it is not. */
export const creatingFor = (kube: Kube, owner: ScheduledBackup): Kube => {
	let there: Promise<boolean> | undefined;
	return {
		...kube,
		create: async (kind, object, options) => {
			there ??= isThere(kube, owner);
			if (await there) return kube.create(kind, object, options);
			const operation = `create ${kind.plural} ${object.metadata?.namespace}/${object.metadata?.name}`;
			throw new NotFoundError("the ScheduledBackup was deleted", { operation });
		},
	};
};

/**
 * Whether the object itself is what an error calls gone. If so, it is not looked at again, unless one of its name is made.
 */
export const isGone = async (context: Context, object: ScheduledBackup, error: unknown): Promise<boolean> => {
	if (!(error instanceof NotFoundError) || (await isThere(context.kube, object))) return false;
	context.watches.scheduledBackups.gone(object);
	return true;
};
