// Keys that gpg 2.2 cannot use, or that would hold the event loop, are refused before anything is computed with them.
import { enums, generateKey, type Key, type SignaturePacket, type Subkey, type User } from "openpgp";
import t from "tap";
import { createKeyInspector } from "../../src/gpg/index.ts";
import { refusalOf } from "../../src/gpg/limits.ts";

const inspector = createKeyInspector();
const userIDs = [{ email: "a@example.org" }];
const LEGACY = { type: "ecc", curve: "curve25519Legacy", userIDs, passphrase: "x", format: "armored" } as const;
const V4 = { v6Keys: false, aeadProtect: false };

const table = {
	"as gpg makes them": [{ ...LEGACY, config: V4 }, "present", "present"],
	"X25519 of RFC 9580": [{ ...LEGACY, type: "curve25519", config: V4 }, "unsupported", "unsupported"],
	"version 6": [{ ...LEGACY, type: "curve25519", config: { v6Keys: true } }, "unsupported", "unsupported"],
	"locked with AEAD": [{ ...LEGACY, config: { ...V4, aeadProtect: true } }, "present", "unsupported"],
	"locked with Argon2": [
		{ ...LEGACY, config: { ...V4, aeadProtect: true, s2kType: enums.s2k.argon2 } },
		"present",
		"unsupported",
	],
	"17 subkeys": [{ ...LEGACY, subkeys: Array(17).fill({}), config: V4 }, "tooCostly", "tooCostly"],
	"33 user IDs": [{ ...LEGACY, userIDs: Array(33).fill(userIDs[0]), config: V4 }, "tooCostly", "tooCostly"],
	"counts beyond four parts of gpg's": [
		{ ...LEGACY, subkeys: Array(4).fill({}), config: { ...V4, s2kIterationCountByte: 255 } },
		"present",
		"tooCostly",
	],
} as const;

for (const [name, [options, asPublic, asPrivate]] of Object.entries(table)) {
	t.test(name, async (t) => {
		const { publicKey, privateKey } = (await generateKey(options as never)) as unknown as Record<string, string>;
		t.equal((await inspector.inspectPublicKey(publicKey as string)).material, asPublic);
		t.equal(await inspector.inspectPrivateKey(privateKey as string), asPrivate);
		if (asPrivate === "present") return;
		const pair = { publicKey: publicKey as string, privateKey: privateKey as string, passphrase: "x" };
		t.same(await inspector.inspectPair(pair), { pair: false, opens: false });
	});
}

t.test("numbers and signatures that would take long to verify", async (t) => {
	const fresh = async (): Promise<Key> =>
		(await generateKey({ ...LEGACY, passphrase: "", config: V4, format: "object" })).privateKey;
	const bits = (count: number): Uint8Array => new Uint8Array(count / 8).fill(1);
	const rows: [name: string, params: Record<string, Uint8Array>, refusal: string | undefined][] = [
		["RSA 16384", { n: bits(16_384), e: bits(24) }, undefined],
		["RSA 16392", { n: bits(16_392), e: bits(24) }, "tooCostly"],
		["RSA with a huge exponent", { n: bits(2048), e: bits(2048) }, "tooCostly"],
		["DSA 3072", { p: bits(3072), q: bits(256), g: bits(3072), y: bits(3072) }, undefined],
		["DSA 4104", { p: bits(4104), q: bits(256), g: bits(3072), y: bits(3072) }, "tooCostly"],
		["DSA with a huge order", { p: bits(3072), q: bits(3072), g: bits(3072), y: bits(3072) }, "tooCostly"],
	];
	for (const [name, publicParams, refusal] of rows)
		for (const place of ["key", "subkey"]) {
			const key = await fresh();
			Object.assign((place === "key" ? key : (key.subkeys[0] as Subkey)).keyPacket, { publicParams });
			t.equal(refusalOf(key), refusal, `${name}, ${place}`);
		}
	const key = await fresh();
	const [user] = key.users as [User];
	const [certification] = user.selfCertifications as [SignaturePacket];
	// The subkey has one more.
	user.selfCertifications = Array(255).fill(certification);
	t.equal(refusalOf(key), undefined);
	user.revocationSignatures = [certification];
	t.equal(refusalOf(key), "tooCostly");
});

t.test("a text of more than 64 KiB", async (t) => {
	t.equal(await inspector.inspectPrivateKey("x".repeat(64 * 1024 + 1)), "tooCostly");
});
