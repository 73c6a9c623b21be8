// What was last seen of Secrets.
import t from "tap";
import { createSecretFactsCache } from "../../src/gather/secretcache.ts";
import { secretWith } from "../fixtures/seed.ts";

t.test("remembers, by version where one is named, and forgets", async (t) => {
	const cache = createSecretFactsCache(2);
	const one = secretWith("one", { a: 1 });
	cache.remember("default", one);
	t.equal(cache.recall("default", "one"), one);
	t.equal(cache.recall("default", "one", "1"), one);
	t.equal(cache.recall("default", "one", "2"), undefined);
	t.equal(cache.recall("other", "one"), undefined);
	cache.forget("default", "one");
	t.equal(cache.recall("default", "one"), undefined);
	t.equal(cache.size, 0);
});

t.test("drops what was not used for longest", async (t) => {
	const cache = createSecretFactsCache(2);
	for (const name of ["one", "two"]) cache.remember("default", secretWith(name, {}));
	cache.recall("default", "one");
	cache.remember("default", secretWith("three", {}));
	t.equal(cache.size, 2);
	t.ok(cache.recall("default", "one"));
	t.equal(cache.recall("default", "two"), undefined);
});
