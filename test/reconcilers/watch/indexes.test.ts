// How watched objects are found: by labels, names and what they name.
import t from "tap";
import {
	actionIndexes,
	childIndexes,
	eventIndexes,
	labelIndexValue,
	scheduledBackupIndexes,
} from "../../../reconcilers/watch/indexes.ts";
import { actionOf, backup, child } from "./watched.ts";

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
