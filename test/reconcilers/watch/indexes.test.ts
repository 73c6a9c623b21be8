// How watched objects are found: by labels, names and what they name.
import t from "tap";
import {
	actionIndexes,
	childIndexes,
	eventIndexes,
	labelIndexValue,
	scheduledBackupIndexes,
} from "../../../reconcilers/watch/indexes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../../src/api/types.ts";
import type { JobFacts } from "../../../src/domain/status/facts.ts";
import * as objects from "../../integration/support/objects.ts";

const backup = (name: string, spec: objects.Fields = {}, namespace = "default"): ScheduledBackup =>
	objects.scheduledBackup(name, spec, { namespace, uid: `${name}-uid` }) as unknown as ScheduledBackup;
const actionOf = (
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

const child = (labels: Record<string, string>, more: object = {}): JobFacts =>
	({
		metadata: { name: "child", namespace: "default", uid: "child-uid", resourceVersion: "1", labels, ...more },
		conditions: [],
		suspended: false,
	}) as unknown as JobFacts;

t.test("what things are found by", async (t) => {
	t.same(labelIndexValue({ metadata: { namespace: "a" } }, "b"), ["a/b"]);
	t.same(labelIndexValue({ metadata: { namespace: "a" } }, undefined), []);
	const index = scheduledBackupIndexes as unknown as Record<string, (object: unknown) => string[]>;
	t.same(index["template"]?.(backup("app", { templateRef: { kind: "internal", name: "postgres" } })), []);
	t.same(index["label"]?.(backup("app")), ["default/app"]);
	t.same((eventIndexes as unknown as typeof index)["subject"]?.({ subjectUid: "u" }), ["u"]);
	t.same((childIndexes as unknown as typeof index)["label"]?.(child({})), []);
	t.same(
		(actionIndexes as unknown as typeof index)["scheduledBackup"]?.(
			actionOf("a", "app", { status: { phase: "Failed" } }),
		),
		[],
	);
});
