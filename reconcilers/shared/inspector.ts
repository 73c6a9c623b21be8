// Looking at a key pair costs some 100 ms (the passphrase is stretched on purpose), and most reconciles find the same
// material. What was found is remembered under a keyed hash of the material; neither material nor passphrase is kept.
import { createHmac, randomBytes } from "node:crypto";
import type { KeyInspector } from "../../src/gather/references.ts";

/** A map of promises that drops what was not asked for longest, and what failed. */
const createMemo = <Value>(limit: number) => {
	const entries = new Map<string, Promise<Value>>();
	return (key: string, compute: () => Promise<Value>): Promise<Value> => {
		const value = entries.get(key) ?? compute();
		entries.delete(key);
		entries.set(key, value);
		value.catch(() => entries.delete(key));
		for (const oldest of entries.keys()) {
			if (entries.size <= limit) break;
			entries.delete(oldest);
		}
		return value;
	};
};

/**
 * The same inspector with a memory. Whether a key can encrypt depends on the time, so the hour is part of the hash.
 * @param limit results of each sort that are kept.
 * @param now the clock.
 */
export const rememberingInspector = (inspector: KeyInspector, limit: number, now: () => Date): KeyInspector => {
	const secret = randomBytes(32);
	const hash = (...parts: readonly (string | undefined)[]): string =>
		createHmac("sha256", secret).update(JSON.stringify(parts)).digest("base64");
	const publicKeys = createMemo<Awaited<ReturnType<KeyInspector["inspectPublicKey"]>>>(limit);
	const privateKeys = createMemo<Awaited<ReturnType<KeyInspector["inspectPrivateKey"]>>>(limit);
	const pairs = createMemo<Awaited<ReturnType<KeyInspector["inspectPair"]>>>(limit);
	const hour = (): string => now().toISOString().slice(0, 13);
	/** What was found before the key expired says nothing about the time after it, so it is looked at anew. */
	const inspectPublicKey: KeyInspector["inspectPublicKey"] = async (armored) => {
		const inspect = () => inspector.inspectPublicKey(armored);
		const found = await publicKeys(hash(hour(), armored), inspect);
		const { expirationTime } = found;
		if (expirationTime === undefined || Date.parse(expirationTime) > now().getTime()) return found;
		return publicKeys(hash(hour(), armored, expirationTime), inspect);
	};
	return {
		inspectPublicKey,
		inspectPrivateKey: (armored) => privateKeys(hash(armored), () => inspector.inspectPrivateKey(armored)),
		inspectPair: (material) =>
			pairs(hash(material.publicKey, material.privateKey, material.passphrase), () => inspector.inspectPair(material)),
	};
};
