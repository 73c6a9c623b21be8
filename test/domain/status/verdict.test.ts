import t from "tap";
import { verdictOf } from "../../../src/domain/status/verdict.ts";

type Found = Parameters<typeof verdictOf>[0];

const missing = { path: "a", reason: "FieldValueNotFound", message: "is missing", missingReference: true } as const;
const wrong = { path: "b", reason: "FieldValueInvalid", message: "is wrong" } as const;
const found = (errors: Found["report"]["errors"], ofKeys: Found["report"]["errors"] = []): Found => ({
	report: { errors, warnings: [] },
	keys: { presence: "present", report: { errors: ofKeys, warnings: [] } },
});
const unusable = { type: "unusable", reason: "KeyExpired", message: "" } as const;

t.test("nothing, what may come, the key, and anything else", async (t) => {
	t.equal(verdictOf(found([]), unusable), undefined);
	t.match(verdictOf(found([missing]), { type: "none" }), {
		standing: "progressing",
		reason: "WaitingForReferences",
		message: /is missing/,
	});
	t.match(verdictOf(found([wrong], [wrong]), unusable), { standing: "stalled", reason: "KeyExpired" });
	t.match(verdictOf(found([wrong, missing], [wrong]), unusable), { standing: "stalled", reason: "Invalid" });
	t.match(verdictOf(found([wrong]), { type: "none" }), { standing: "stalled", reason: "Invalid" });
});
