// Makes the children of a ScheduledBackup what they should be, one write for each that differs, none for one that does not.
// A child is ours only when this very object (its UID) controls it; whatever else has the wanted name is left alone.

import type { ResourceKind } from "../../src/api/kinds.ts";
import type { KubernetesObject, OwnerReference } from "../../src/api/kubernetes.ts";
import type { OwnedReference, ScheduledBackup } from "../../src/api/types.ts";
import { controllerOf } from "../../src/domain/status/facts.ts";
import { AlreadyExistsError } from "../../src/kube/errors.ts";
import type { Kube, ObjectKey } from "../../src/kube/port.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Fresh } from "../shared/fresh.ts";
import { replacing } from "../shared/merge.ts";

/** How one kind of child is looked at. */
export interface ChildKind<Wire extends KubernetesObject, Facts extends KubernetesObject> {
	kind: ResourceKind<Wire>;
	known: Fresh<Facts>;
	facts: (object: Wire) => Facts;
	/** Whether the live child is what we want, told from its facts alone. */
	isAsWanted: (facts: Facts, wanted: Wire) => boolean;
	/** What is written, with the marks by which `isAsWanted` knows it again; one is the generation that results. */
	marked: (wanted: Wire, generation: number) => Wire;
	/** Parts that are replaced as a whole, what others added included. */
	replaced: readonly (keyof Wire & string)[];
	/** Whether it differs in what cannot be changed: then it is deleted, and made again when its deletion shows. */
	mustBeReplaced: (facts: Facts, wanted: Wire) => boolean;
}

export type ChildResult =
	| { type: "unchanged" | "created" | "updated"; reference: OwnedReference }
	/** An object that is not ours has the name. */
	| { type: "conflict"; message: string }
	/** What has the name goes away by itself. */
	| { type: "waiting"; message: string };

/** Who has the name that a child should have. */
export type Holder = "nobody" | "ours" | "dying" | "foreign";

/** Who holds the name, from the object that is there. */
export const holderOf = (found: KubernetesObject | undefined, owner: ScheduledBackup): Holder => {
	if (found === undefined) return "nobody";
	const controller = controllerOf(found);
	const ours = controller?.uid !== undefined && controller.uid === owner.metadata.uid;
	if (ours) return found.metadata?.deletionTimestamp === undefined ? "ours" : "dying";
	// An owner of our name and kind but another UID was deleted: its children are being collected.
	const predecessor = controller?.kind === owner.kind && controller.name === owner.metadata.name;
	return predecessor ? "dying" : "foreign";
};

const named = (object: KubernetesObject): string => `${object.kind} "${object.metadata?.name}"`;

const reference = (kind: ResourceKind, object: KubernetesObject): OwnedReference => ({
	apiVersion: kind.apiVersion,
	kind: kind.kind,
	name: object.metadata?.name ?? "",
	...(object.metadata?.uid === undefined ? {} : { uid: object.metadata.uid }),
});

const keyOf = (object: KubernetesObject): ObjectKey => ({
	namespace: object.metadata?.namespace ?? "",
	name: object.metadata?.name ?? "",
});

const obstacle = (holder: Holder, wanted: KubernetesObject): ChildResult | undefined => {
	if (holder === "dying")
		return {
			type: "waiting",
			message: `${named(wanted)} of a deleted owner is still there; waiting for garbage collection`,
		};
	if (holder === "foreign")
		return {
			type: "conflict",
			message: `${named(wanted)} exists and is not controlled by this ScheduledBackup; rename or delete one of the two`,
		};
	return undefined;
};

/** A merge patch replaces lists as a whole: owners that others added must be in it, to stay. */
const withOthers = (ours: readonly OwnerReference[], live: readonly OwnerReference[]): OwnerReference[] => {
	const known = new Set(ours.map(({ uid }) => uid));
	return [...ours, ...live.filter(({ uid, controller }) => !known.has(uid) && controller !== true)];
};

/** The patch that makes a live child what we want; labels, annotations and owners of others stay. */
export const patchFor = <Wire extends KubernetesObject, Facts extends KubernetesObject>(
	child: ChildKind<Wire, Facts>,
	live: Wire,
	wanted: Wire,
): object => {
	const { labels, annotations } = wanted.metadata ?? {};
	const ownerReferences = withOthers(wanted.metadata?.ownerReferences ?? [], live.metadata?.ownerReferences ?? []);
	const parts = child.replaced.map((part) => [part, replacing(live[part], wanted[part])]);
	return { metadata: { labels, annotations, ownerReferences }, ...Object.fromEntries(parts) };
};

const change = async <Wire extends KubernetesObject, Facts extends KubernetesObject>(
	kube: Kube,
	child: ChildKind<Wire, Facts>,
	live: Wire,
	wanted: Wire,
): Promise<ChildResult> => {
	const { uid = "", resourceVersion } = live.metadata ?? {};
	const precondition = { uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
	if (child.mustBeReplaced(child.facts(live), wanted)) {
		await kube.delete(child.kind, keyOf(wanted), precondition);
		return { type: "waiting", message: `${named(wanted)} was changed by somebody; it is being made again` };
	}
	const body = patchFor(child, live, child.marked(wanted, (live.metadata?.generation ?? 0) + 1));
	const patched = await kube.patch(child.kind, keyOf(wanted), body, precondition);
	const stored = await correctMarks(kube, child, patched, wanted);
	child.known.wrote(child.facts(stored));
	return { type: "updated", reference: reference(child.kind, stored) };
};

/** A patch that changed no more than labels leaves the generation as it was: the mark must then say so. */
const correctMarks = async <Wire extends KubernetesObject, Facts extends KubernetesObject>(
	kube: Kube,
	child: ChildKind<Wire, Facts>,
	stored: Wire,
	wanted: Wire,
): Promise<Wire> => {
	if (child.isAsWanted(child.facts(stored), wanted)) return stored;
	const { annotations } = child.marked(wanted, stored.metadata?.generation ?? 0).metadata ?? {};
	return kube.patch(child.kind, keyOf(wanted), { metadata: { annotations } }, { uid: stored.metadata?.uid ?? "" });
};

const create = async <Wire extends KubernetesObject, Facts extends KubernetesObject>(
	kube: Kube,
	child: ChildKind<Wire, Facts>,
	wanted: Wire,
): Promise<ChildResult | undefined> => {
	try {
		const stored = await kube.create(child.kind, child.marked(wanted, 1));
		child.known.created(child.facts(stored));
		return { type: "created", reference: reference(child.kind, stored) };
	} catch (error) {
		if (error instanceof AlreadyExistsError) return undefined;
		throw error;
	}
};

/**
 * Makes one child what it should be. Throws the port's errors, of which a ConflictError means: look again.
 */
export const ensureChild = async <Wire extends KubernetesObject, Facts extends KubernetesObject>(
	kube: Kube,
	child: ChildKind<Wire, Facts>,
	owner: ScheduledBackup,
	wanted: Wire,
): Promise<ChildResult> => {
	const found = child.known.get(keyOf(wanted));
	const blocked = obstacle(holderOf(found, owner), wanted);
	if (blocked !== undefined) return blocked;
	if (found !== undefined && child.isAsWanted(found, wanted))
		return { type: "unchanged", reference: reference(child.kind, found) };
	const made = found === undefined ? await create(kube, child, wanted) : undefined;
	if (made !== undefined) return made;
	// It differs, or the watch does not show it (made a moment ago, or its labels were taken off): look at it itself.
	const live = await readLive(kube, child.kind, keyOf(wanted));
	if (live === undefined)
		return { type: "waiting", message: `${named(wanted)} was just deleted; it is being made again` };
	const obstructed = obstacle(holderOf(live, owner), wanted);
	if (obstructed !== undefined) return obstructed;
	if (child.isAsWanted(child.facts(live), wanted)) return { type: "unchanged", reference: reference(child.kind, live) };
	return change(kube, child, live, wanted);
};
