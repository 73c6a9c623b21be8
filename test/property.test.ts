// The gate fixes the seed of all properties; by hand each run has a new one.
import t from "tap";
import { execute } from "./cluster/execute.ts";
import { SEED } from "./property.ts";

const script = `const { default: fc } = await import("./test/property.ts"); console.log(JSON.stringify(fc.sample(fc.integer(), 20)));`;
const sample = (env: Record<string, string>) => execute("node", ["--input-type=module", "-e", script], { env });

t.test("one seed gives the same values, another gives others", async (t) => {
	const [one, same, other] = await Promise.all(["7", "7", "8"].map((seed) => sample({ [SEED]: seed })));
	t.equal(one?.stdout, same?.stdout);
	t.not(one?.stdout, other?.stdout);
	t.equal(JSON.parse(one?.stdout ?? "[]").length, 20);
});

t.test("a seed that is not an integer is refused", async (t) => {
	const { code, stderr } = await sample({ [SEED]: "seven" });
	t.not(code, 0);
	t.match(stderr, `${SEED}: "seven" is not an integer`);
});
