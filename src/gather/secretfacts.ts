// Looks at the values of a Secret and keeps none of them: what the checks may know is size and encoding.
import type { Secret } from "../api/kubernetes.ts";
import { FINGERPRINT_ANNOTATION } from "../domain/annotations.ts";
import type { SecretFacts, SecretKeyFacts } from "../domain/facts.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The bytes of a data key; undefined where there is none. */
export const secretBytes = (secret: Secret | undefined, key: string): Buffer | undefined => {
	const data = secret?.data;
	const encoded = data !== undefined && Object.hasOwn(data, key) ? data[key] : undefined;
	return encoded === undefined ? undefined : Buffer.from(encoded, "base64");
};

const isUtf8 = (bytes: Uint8Array): boolean => {
	try {
		decoder.decode(bytes);
		return true;
	} catch {
		return false;
	}
};

const encodingOf = (bytes: Uint8Array): SecretKeyFacts["encoding"] => {
	if (bytes.includes(0)) return "nul";
	return isUtf8(bytes) ? "utf8" : "invalidUtf8";
};

const keyFacts = (encoded: string): SecretKeyFacts => {
	const bytes = Buffer.from(encoded, "base64");
	return { size: bytes.length, encoding: encodingOf(bytes) };
};

/** The facts about a Secret as it was read. */
export const secretFacts = (secret: Secret): SecretFacts => {
	const metadata = secret.metadata ?? {};
	const controller = metadata.ownerReferences?.find((reference) => reference.controller === true);
	const fingerprint = metadata.annotations?.[FINGERPRINT_ANNOTATION];
	return {
		name: metadata.name ?? "",
		uid: metadata.uid ?? "",
		resourceVersion: metadata.resourceVersion ?? "",
		immutable: secret.immutable === true,
		...(controller === undefined ? {} : { controlledBy: `${controller.kind}/${controller.name}` }),
		...(fingerprint === undefined || fingerprint === "" ? {} : { recordedFingerprint: fingerprint }),
		keys: new Map(Object.entries(secret.data ?? {}).map(([key, encoded]) => [key, keyFacts(encoded)])),
	};
};
