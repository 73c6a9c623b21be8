import t from "tap";
import type { Condition } from "../../../src/api/types.ts";
import { conditionOf, setConditions, standingConditions } from "../../../src/domain/status/conditions.ts";

const now = new Date("2026-03-01T12:00:00.500Z");
const old = "2026-01-01T00:00:00Z";
const before = (status: Condition["status"], reason = "Old"): Condition => ({
	type: "Ready",
	status,
	reason,
	message: "",
	lastTransitionTime: old,
});
const ready = { type: "Ready", status: "True", reason: "Installed", message: "all there" } as const;

t.test("lastTransitionTime moves with the status alone", async (t) => {
	const cases: [string, Condition[], string][] = [
		["there was none", [], "2026-03-01T12:00:00Z"],
		["same status, other reason", [before("True")], old],
		["other status", [before("False")], "2026-03-01T12:00:00Z"],
	];
	for (const [name, previous, expected] of cases) {
		const [condition] = setConditions(previous, [ready], [], { generation: 4, now });
		t.match(condition, { ...ready, observedGeneration: 4, lastTransitionTime: expected }, name);
	}
});

t.test("conditions of others stay, retired ones of ours go", async (t) => {
	const theirs = { ...before("True"), type: "TheirOwn" };
	const retired = { ...before("True"), type: "KeysUsable" };
	const types = setConditions([theirs, retired], [ready], ["KeysUsable"], { generation: 1, now }).map(
		({ type }) => type,
	);
	t.strictSame(types, ["Ready", "TheirOwn"]);
});

t.test("Ready, Reconciling and Stalled never contradict each other, and are always stated", async (t) => {
	const statuses = (standing: "ready" | "progressing" | "stalled") =>
		Object.fromEntries(standingConditions(standing, "Why", "because").map(({ type, status }) => [type, status]));
	t.strictSame(statuses("ready"), { Ready: "True", Reconciling: "False", Stalled: "False" });
	t.strictSame(statuses("progressing"), { Ready: "False", Reconciling: "True", Stalled: "False" });
	t.strictSame(statuses("stalled"), { Ready: "False", Reconciling: "False", Stalled: "True" });
	const [first] = standingConditions("stalled", "Why", "because");
	t.equal(first?.message, "because", "Ready says why it is not");
});

t.test("conditionOf finds by type", async (t) => {
	t.equal(conditionOf([before("True")], "Ready")?.status, "True");
	t.equal(conditionOf([], "Ready"), undefined);
	t.equal(conditionOf(undefined, "Ready"), undefined);
});
