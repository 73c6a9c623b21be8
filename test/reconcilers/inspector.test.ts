import t from "tap";
import { rememberingInspector } from "../../reconcilers/shared/inspector.ts";
import type { KeyInspector } from "../../src/gather/references.ts";

t.test("what was found of a key is remembered, but not past its expiry", async (t) => {
	let time = "2026-03-01T12:00:00Z";
	let inspections = 0;
	const inspector = {
		inspectPublicKey: async () => {
			inspections += 1;
			const canEncrypt = time < "2026-03-01T12:10:00Z";
			return { material: "present", userIds: [], expirationTime: "2026-03-01T12:10:00Z", canEncrypt };
		},
	} as unknown as KeyInspector;
	const remembering = rememberingInspector(inspector, 10, () => new Date(time));
	const look = async (at: string) => {
		time = at;
		return (await remembering.inspectPublicKey("armored")).canEncrypt;
	};
	t.equal(await look("2026-03-01T12:00:00Z"), true);
	t.equal(await look("2026-03-01T12:09:59Z"), true);
	t.equal(inspections, 1);
	t.equal(await look("2026-03-01T12:10:00Z"), false);
	t.equal(await look("2026-03-01T12:30:00Z"), false);
	t.equal(inspections, 2, "and that is remembered too");
});

type Inspection = Awaited<ReturnType<KeyInspector["inspectPublicKey"]>>;

/** An inspector that counts, and fails while `failure` is set. */
const counting = () => {
	const seen: string[] = [];
	const state: { failure: Error | undefined } = { failure: undefined };
	const look = async (what: string) => {
		seen.push(what);
		if (state.failure !== undefined) throw state.failure;
		return { material: "present", userIds: [], canEncrypt: true } as unknown as Inspection;
	};
	const inspector = {
		inspectPublicKey: (armored: string) => look(`public ${armored}`),
		inspectPrivateKey: (armored: string) => look(`private ${armored}`),
		inspectPair: ({ publicKey, privateKey, passphrase }: Parameters<KeyInspector["inspectPair"]>[0]) =>
			look(`pair ${publicKey} ${privateKey} ${passphrase}`),
	} as unknown as KeyInspector;
	return { inspector, seen, state };
};
const NOON = () => new Date("2026-03-01T12:00:00Z");

t.test("what failed is tried again, not remembered", async (t) => {
	const { inspector, seen, state } = counting();
	const remembering = rememberingInspector(inspector, 10, NOON);
	const pair = { publicKey: "p", privateKey: "q", passphrase: "x" };
	const looks: (() => Promise<unknown>)[] = [
		() => remembering.inspectPublicKey("p"),
		() => remembering.inspectPrivateKey("q"),
		() => remembering.inspectPair(pair),
	];
	for (const look of looks) {
		state.failure = new Error("busy");
		await t.rejects(look(), { message: "busy" });
		state.failure = undefined;
		await t.resolves(look());
		await t.resolves(look());
	}
	t.strictSame(seen, ["public p", "public p", "private q", "private q", "pair p q x", "pair p q x"]);
});

t.test("two that look at the same time share one inspection", async (t) => {
	const { inspector, seen } = counting();
	const remembering = rememberingInspector(inspector, 10, NOON);
	await Promise.all([remembering.inspectPublicKey("p"), remembering.inspectPublicKey("p")]);
	t.equal(seen.length, 1);
});

t.test("each part of the material counts, and public keys are looked at anew each hour", async (t) => {
	const { inspector, seen } = counting();
	let now = NOON();
	const remembering = rememberingInspector(inspector, 10, () => now);
	const pair = { publicKey: "p", privateKey: "q", passphrase: "x" };
	for (const change of [{}, { publicKey: "o" }, { privateKey: "o" }, { passphrase: "o" }, {}])
		await remembering.inspectPair({ ...pair, ...change });
	t.strictSame(seen.splice(0), ["pair p q x", "pair o q x", "pair p o x", "pair p q o"]);
	await remembering.inspectPublicKey("p");
	await remembering.inspectPrivateKey("p");
	now = new Date("2026-03-01T12:59:59Z");
	await remembering.inspectPublicKey("p");
	t.strictSame(seen.splice(0), ["public p", "private p"]);
	now = new Date("2026-03-01T13:00:00Z");
	await remembering.inspectPublicKey("p");
	await remembering.inspectPrivateKey("p");
	t.strictSame(seen, ["public p"]);
});

t.test("of too many the one that was not asked for longest is forgotten", async (t) => {
	const { inspector, seen } = counting();
	const remembering = rememberingInspector(inspector, 2, NOON);
	for (const armored of ["a", "b", "a", "c"]) await remembering.inspectPrivateKey(armored);
	t.strictSame(seen.splice(0), ["private a", "private b", "private c"]);
	await remembering.inspectPrivateKey("a");
	t.strictSame(seen.splice(0), [], "it was asked for again before c");
	await remembering.inspectPrivateKey("b");
	t.strictSame(seen, ["private b"]);
});
