// The sample: the same for a seed, another for another one, and some of every layer.
import t from "tap";
import { draw, randomOf, sharesOf } from "./sample.ts";

const candidates = ["a", "b", "c"].flatMap((layer, index) =>
	Array.from({ length: [100, 50, 2][index] ?? 0 }, (_, number) => ({ layer, number })),
);

t.test("the same seed draws the same", async (t) => {
	t.strictSame(draw(candidates, 30, 7), draw(candidates, 30, 7));
	t.notSame(draw(candidates, 30, 7), draw(candidates, 30, 8));
	t.equal(new Set(draw(candidates, 30, 7)).size, 30, "none twice");
});

t.test("in proportion to the layers, one of each at least", async (t) => {
	const sizes = (count: number) => {
		const drawn = draw(candidates, count, 1);
		return ["a", "b", "c"].map((wanted) => drawn.filter(({ layer }) => layer === wanted).length);
	};
	t.strictSame(sizes(30), [19, 10, 1]);
	t.strictSame(sizes(3), [1, 1, 1]);
	t.strictSame(sizes(1_000), [100, 50, 2], "all there are");
	t.strictSame([...sharesOf(new Map(), 5)], []);
});

t.test("numbers of a seed lie between 0 and 1, and repeat", async (t) => {
	const [one, other] = [randomOf(5), randomOf(5)];
	const values = Array.from({ length: 1_000 }, () => one());
	t.strictSame(
		values,
		values.map(() => other()),
	);
	t.ok(values.every((value) => value >= 0 && value < 1));
	t.equal(new Set(values).size, 1_000);
});

t.test("any seed that people may give", async (t) => {
	for (const seed of [0, -1, 2 ** 40]) t.equal(draw(candidates, 10, seed).length, 10);
});
