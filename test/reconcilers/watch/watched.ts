// Objects as watches keep them, for tests of what they are found by and which keys they lead to.
import type { RequestedBackupAction, ScheduledBackup } from "../../../src/api/types.ts";
import type { JobFacts } from "../../../src/domain/status/facts.ts";
import * as objects from "../../integration/support/objects.ts";

export const backup = (name: string, spec: objects.Fields = {}, namespace = "default"): ScheduledBackup =>
	objects.scheduledBackup(name, spec, { namespace, uid: `${name}-uid` }) as unknown as ScheduledBackup;

export const actionOf = (
	name: string,
	target: string,
	more: { action?: string; status?: object; metadata?: objects.Fields } = {},
): RequestedBackupAction =>
	({
		...objects.action(
			name,
			target,
			{ action: more.action ?? "backup" },
			{
				uid: `${name}-uid`,
				creationTimestamp: "2026-03-01T12:00:00Z",
				...more.metadata,
			},
		),
		...(more.status === undefined ? {} : { status: more.status }),
	}) as unknown as RequestedBackupAction;

/** A child of a ScheduledBackup or of an action: a Job, or an object of another kind that is watched in the same way. */
export const child = (labels: Record<string, string>, more: object = {}): JobFacts =>
	({
		metadata: { name: "child", namespace: "default", uid: "child-uid", resourceVersion: "1", labels, ...more },
		conditions: [],
		suspended: false,
	}) as unknown as JobFacts;
