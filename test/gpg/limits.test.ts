// Keys that gpg 2.2 cannot use, or that would hold the event loop, are refused before anything is computed with them.
import { enums, generateKey } from "openpgp";
import t from "tap";
import { createKeyInspector } from "../../src/gpg/index.ts";

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

t.test("a text of more than 64 KiB", async (t) => {
	t.equal(await inspector.inspectPrivateKey("x".repeat(64 * 1024 + 1)), "tooCostly");
});
