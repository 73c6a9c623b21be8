// Secrets of any shape.
import t from "tap";
import { secretBytes, secretFacts } from "../../src/gather/secretfacts.ts";

t.test("an object without anything", async (t) => {
	t.same(secretFacts({}), { name: "", uid: "", resourceVersion: "", immutable: false, keys: new Map() });
	t.equal(secretBytes({}, "key"), undefined);
	t.equal(secretBytes(undefined, "key"), undefined);
	t.equal(secretBytes({ data: {} }, "constructor"), undefined);
});
