// The time that builds still take, as people read it.
import t from "tap";
import { type Part, remainingText, secondsLeft } from "./estimate.ts";

const at = (seconds: number): number => seconds * 1000;
const ended = (name: string, seconds: number, from: number, to: number): Part => ({
	name,
	seconds,
	started: at(from),
	ended: at(to),
});
const running = (name: string, seconds: number, from: number): Part => ({ name, seconds, started: at(from) });
const waiting = (name: string, seconds: number): Part => ({ name, seconds });

t.test("texts", async (t) => {
	const cases: [string, Part[], number, string][] = [
		["nothing to build", [], 0, ""],
		["all have ended", [ended("etcd", 30, 0, 30)], 30, ""],
		["before the first", [waiting("etcd", 30), waiting("kubernetes", 570)], 0, "building etcd: about 10 min left"],
		[
			"as fast as known",
			[ended("etcd", 30, 0, 30), running("kubernetes", 420, 30)],
			30,
			"building kubernetes: about 7 min left",
		],
		[
			"half of it later",
			[ended("etcd", 30, 0, 30), running("kubernetes", 420, 30)],
			240,
			"building kubernetes: about 4 min left",
		],
		// 80 s for what takes 30 s, weighed with 20 s that are known: (20 + 80) / (20 + 30) = 2 times slower.
		[
			"a slow machine",
			[ended("etcd", 30, 0, 80), running("kubernetes", 420, 80)],
			80,
			"building kubernetes: about 14 min left",
		],
		// 5 s: (20 + 5) / (20 + 30) = half of the time.
		[
			"a fast machine",
			[ended("etcd", 30, 0, 5), running("kubernetes", 420, 5)],
			5,
			"building kubernetes: about 4 min left",
		],
		["near the end", [running("helm", 60, 0)], 40, "building helm: less than a minute left"],
		["longer than known", [running("helm", 60, 0)], 90, "building helm: less than a minute left"],
		["much longer than known", [running("helm", 60, 0)], 600, "building helm: about 1 min left"],
		[
			"one that failed counts as ended",
			[ended("etcd", 30, 0, 1), waiting("helm", 600)],
			1,
			"building helm: about 4 min left",
		],
	];
	for (const [name, parts, now, expected] of cases) t.equal(remainingText(parts, at(now)), expected, name);
});

t.test(
	"never more than before as long as it takes no longer than expected, and something is left until the end",
	async (t) => {
		const parts = [ended("etcd", 30, 0, 30), running("kubernetes", 400, 30), waiting("helm", 100)];
		let before = Number.POSITIVE_INFINITY;
		for (let now = 30; now <= 410; now += 10) {
			const left = secondsLeft(parts, at(now));
			t.ok(left >= 100 && left <= before, `${now}: ${left}`);
			before = left;
		}
		t.ok(secondsLeft(parts, at(800)) > secondsLeft(parts, at(430)), "a build that takes longer tells of those to come");
	},
);
