// A Node.js that is too old is reported before anything else.
import { readFileSync } from "node:fs";
import t from "tap";
import { nodeProblem, OLDEST_NODE } from "../src/nodeversion.ts";

for (const version of [OLDEST_NODE, "22.19.1", "22.20.0", "23.0.0", "26.10.0", "100.0.0", "22.20.0-nightly20260101"])
	t.test(`${version} is new enough`, async (t) => t.equal(nodeProblem(version), undefined));

for (const version of ["22.18.9", "22.9.0", "20.20.2", "9.99.99"])
	t.test(`${version} is too old`, async (t) =>
		t.equal(nodeProblem(version), `bmc needs Node.js 22.19.0 or newer; this is ${version}`),
	);

t.test("package.json promises the same", async (t) => {
	const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
	t.same(engines, { node: `>=${OLDEST_NODE}` });
});
