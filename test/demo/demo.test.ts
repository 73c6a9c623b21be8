// The demo's words and its end. That its commands do what the story says, the demo checks itself.
import { EventEmitter } from "node:events";
import t from "tap";
import { makeEnding } from "./ending.ts";
import { conclusion, introduction, type Possibilities, partsOf } from "./parts.ts";
import { waitShowing } from "./waiting.ts";

const GO = "Go 1.26.6 or newer is not installed: install it from https://go.dev/dl/";

t.test("which parts are shown", async (t) => {
	const cases: [string, Possibilities, boolean[], string[]][] = [
		["everything is there", { building: "" }, [true, true, true], []],
		[
			"the API server is built first",
			{ building: "building etcd: about 8 min left", node: "not possible here: a node needs root" },
			[true, true, false],
			[
				"after part 1, once its programs are built; building etcd: about 8 min left",
				"not possible here: a node needs root",
			],
		],
		["no Go", { go: GO, building: "", node: "not possible yet" }, [true, false, false], [GO, "not possible yet"]],
	];
	for (const [name, possibilities, shown, words] of cases) {
		const parts = partsOf(possibilities);
		t.same(
			parts.map((part) => part.shown),
			shown,
			name,
		);
		for (const word of words) t.match(introduction(parts), word, name);
		const rest = parts.filter((part) => !part.shown);
		t.equal(conclusion(parts).match(/Not shown/g)?.length ?? 0, rest.length, name);
		for (const { title, note } of rest) t.match(conclusion(parts), `${title}\n  ${note}`, name);
	}
});

/** Waits for builds that show these texts, one at each look, and then end. */
const watched = async (texts: readonly string[], isTTY: boolean, error?: Error) => {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	let look = 0;
	let output = "";
	const pause = async (): Promise<void> => {
		look += 1;
		if (look < texts.length) return;
		if (error === undefined) resolve();
		else reject(error);
	};
	const write = (text: string): void => {
		output += text;
	};
	const waiting = waitShowing(promise, () => texts[look] ?? "", { write, isTTY }, pause);
	return { output: () => output, waiting };
};

t.test("the time that is left, a line for each change", async (t) => {
	const { output, waiting } = await watched(["about 2 min left", "about 2 min left", "about 1 min left"], false);
	await waiting;
	t.equal(output(), "about 2 min left\nabout 1 min left\n");
});

t.test("in a terminal, one line that is empty at the end", async (t) => {
	const { output, waiting } = await watched(["about 2 min left", "about 1 min left"], true);
	await waiting;
	t.equal(output(), "\r\u001b[Kabout 2 min left\r\u001b[Kabout 1 min left\r\u001b[K");
});

t.test("builds that fail while it waits", async (t) => {
	const { waiting } = await watched(["about 2 min left"], false, new Error("building etcd failed"));
	await t.rejects(waiting, { message: "building etcd failed" });
});

t.test("nothing to wait for shows nothing", async (t) => {
	let output = "";
	const write = (text: string): void => {
		output += text;
	};
	await waitShowing(Promise.resolve(), () => "about 2 min left", { write, isTTY: false });
	t.equal(output, "");
});

t.test("what came last ends first, once, and what fails holds nothing up", async (t) => {
	const ended: string[] = [];
	const ending = makeEnding(() => t.fail("no signal came"));
	ending.add(async () => void ended.push("builds"));
	ending.add(async () => {
		throw new Error("expected by this test");
	});
	ending.add(async () => void ended.push("controller"));
	await ending.run();
	await ending.run();
	t.same(ended, ["controller", "builds"]);
	t.equal(ending.begun(), false);
});

t.test("a signal ends all, with its exit code", async (t) => {
	const { promise, resolve } = Promise.withResolvers<number>();
	const ended: string[] = [];
	const ending = makeEnding(resolve);
	ending.add(async () => void ended.push("builds"));
	const source = new EventEmitter();
	ending.onSignals(source);
	source.emit("SIGTERM");
	t.equal(await promise, 143);
	t.same(ended, ["builds"]);
	t.equal(ending.begun(), true);
});
