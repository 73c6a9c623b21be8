// An identity that is as costly to open as any that is accepted: three parts at the highest count that gpg makes.
import { generateKey } from "openpgp";

export const costlyIdentity = async (passphrase: string): Promise<{ publicKey: string; privateKey: string }> =>
	generateKey({
		type: "ecc",
		curve: "curve25519Legacy",
		userIDs: [{ email: "a@example.org" }],
		subkeys: [{}, {}, {}],
		passphrase,
		format: "armored",
		config: { v6Keys: false, aeadProtect: false, s2kIterationCountByte: 255 },
	});
