// What has to be done so that a control plane is as it was.
import t from "tap";
import { operationsTo } from "./reset.ts";

const snapshot = new Map([
	["kept", { value: "1", revision: "5" }],
	["changed", { value: "2", revision: "6" }],
	["deleted", { value: "3", revision: "7" }],
]);

t.test("what came is deleted, what was changed or deleted is put back, the rest is left alone", (t) => {
	const now = [
		{ key: "kept", mod_revision: "5" },
		{ key: "changed", mod_revision: "9" },
		{ key: "new", mod_revision: "10" },
	];
	t.same(operationsTo(snapshot, now), [
		{ request_delete_range: { key: "new" } },
		{ request_put: { key: "changed", value: "2" } },
		{ request_put: { key: "deleted", value: "3" } },
	]);
	t.end();
});

t.test("nothing is done where nothing happened", (t) => {
	const now = [...snapshot].map(([key, { revision }]) => ({ key, mod_revision: revision }));
	t.same(operationsTo(snapshot, now), []);
	t.end();
});
