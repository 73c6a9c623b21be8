// The thread says what the library says, holds no event loop, and fails with typed errors that hold nothing of a key.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import t, { type Test } from "tap";
import { InspectionError, type InspectionFailure } from "../../../src/gather/inspectionerror.ts";
import {
	createInspectorThread,
	createKeyInspector,
	generateIdentity,
	type InspectorThread,
} from "../../../src/gpg/index.ts";
import { costlyIdentity } from "./costly.ts";

t.setTimeout(180_000);

const PASSPHRASE = "the passphrase";
const fixture = (name: string): URL => new URL(`./${name}.ts`, import.meta.url);

const threadOf = (t: Test, options: Parameters<typeof createInspectorThread>[0] = {}): InspectorThread => {
	const thread = createInspectorThread(options);
	t.teardown(() => thread.stop());
	return thread;
};

const failsBy = async (t: Test, question: Promise<unknown>, reason: InspectionFailure): Promise<void> => {
	const error = await question.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	t.ok(error instanceof InspectionError);
	t.equal((error as InspectionError).reason, reason);
	t.notMatch(`${(error as Error).stack} ${String((error as Error).cause)}`, /SECRET|BEGIN/);
};

t.test("answers are those of the library", async (t) => {
	const thread = threadOf(t);
	const inspector = createKeyInspector();
	const identity = await generateIdentity({ userIds: ["a@example.org"], passphrase: PASSPHRASE, date: new Date() });
	t.same(await thread.inspectPublicKey(identity.publicKey), await inspector.inspectPublicKey(identity.publicKey));
	t.equal(await thread.inspectPrivateKey(identity.privateKey), "present");
	t.equal(await thread.inspectPrivateKey(identity.publicKey), "wrongKind");
	for (const passphrase of [PASSPHRASE, "other", undefined]) {
		const pair = { ...identity, passphrase };
		t.same(await thread.inspectPair(pair), await inspector.inspectPair(pair));
	}
	const long = "x".repeat(64 * 1024 + 1);
	t.same(await thread.inspectPublicKey(long), { material: "tooCostly", userIds: [] });
	t.equal(await thread.inspectPrivateKey(long), "tooCostly");
});

t.test("a costly private key holds no event loop", async (t) => {
	const thread = threadOf(t);
	const identity = await costlyIdentity(PASSPHRASE);
	t.equal(await thread.inspectPrivateKey(identity.privateKey), "present");
	const delay = monitorEventLoopDelay({ resolution: 5 });
	const started = performance.now();
	delay.enable();
	t.same(await thread.inspectPair({ ...identity, passphrase: PASSPHRASE }), { pair: true, opens: true });
	delay.disable();
	const took = performance.now() - started;
	t.ok(delay.max / 1e6 < took / 2, `${delay.max / 1e6} ms of ${took}`);
});

t.test("what is asked for an admission goes before what is costly, and no more wait than may", async (t) => {
	const thread = threadOf(t, { script: fixture("ends"), maxWaiting: 3 });
	const order: string[] = [];
	const ask = (name: string, question: Promise<unknown>): Promise<void> => question.then(() => void order.push(name));
	const material = { publicKey: "", privateKey: "", passphrase: undefined };
	const asked = [
		ask("first", thread.inspectPublicKey("first")),
		ask("pair", thread.inspectPair(material)),
		ask("public", thread.inspectPublicKey("public")),
		ask("private", thread.inspectPrivateKey("private")),
	];
	await failsBy(t, thread.inspectPublicKey("one too many"), "busy");
	await Promise.all(asked);
	t.same(order, ["first", "public", "private", "pair"]);
	t.equal(await thread.inspectPrivateKey("again"), "answer to again");
});

for (const [argument, reason] of [
	["exit", "crashed"],
	["throw", "crashed"],
	["fill", "crashed"],
	["fail", "failed"],
] as const) {
	t.test(`a thread that comes to an end (${argument}) fails one question, and the others are answered`, async (t) => {
		const thread = threadOf(t, { script: fixture("ends") });
		const bad = failsBy(t, thread.inspectPrivateKey(argument), reason);
		t.equal(await thread.inspectPrivateKey("next"), "answer to next");
		await bad;
		t.equal(await thread.inspectPrivateKey("later"), "answer to later");
	});
}

t.test("a script that cannot be loaded fails each question", async (t) => {
	const thread = threadOf(t, { script: fixture("missing") });
	await Promise.all([
		failsBy(t, thread.inspectPrivateKey("a"), "crashed"),
		failsBy(t, thread.inspectPrivateKey("b"), "crashed"),
	]);
});

t.test("a question that takes too long is ended", async (t) => {
	const thread = threadOf(t, { script: fixture("hangs"), timeoutMilliseconds: 50 });
	await Promise.all([
		failsBy(t, thread.inspectPublicKey("a"), "late"),
		failsBy(t, thread.inspectPublicKey("b"), "late"),
	]);
});

t.test("a thread that is not asked is given up, and is there again for the next question", async (t) => {
	const thread = threadOf(t, { script: fixture("counts"), idleMilliseconds: 50 });
	t.equal(await thread.inspectPrivateKey("a"), "1");
	t.equal(await thread.inspectPrivateKey("b"), "2", "the same thread");
	// Asked at once it is the same; asked later, some time, another one.
	let answer = "";
	for (let pause = 100; answer !== "1"; pause *= 2) {
		await setTimeout(pause);
		answer = await thread.inspectPrivateKey("c");
	}
	t.equal(answer, "1");
});

t.test("stopping ends what runs and what waits, and what comes later", async (t) => {
	const thread = threadOf(t, { script: fixture("hangs") });
	const material = { publicKey: "", privateKey: "", passphrase: undefined };
	const asked = [thread.inspectPublicKey("a"), thread.inspectPrivateKey("b"), thread.inspectPair(material)];
	const failed = asked.map((question) => failsBy(t, question, "stopped"));
	await thread.stop();
	await Promise.all(failed);
	await failsBy(t, thread.inspectPublicKey("c"), "stopped");
	await thread.stop();
});
