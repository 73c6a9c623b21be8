import t from "tap";
import { once } from "../../src/api/once.ts";

t.test("made when it is first asked for, and only then", async (t) => {
	let count = 0;
	const made = once(() => {
		count += 1;
		return { count };
	});
	t.equal(count, 0);
	t.strictSame(made(), { count: 1 });
	t.equal(made(), made());
	t.equal(count, 1);
});
