// What the two sides of the OpenPGP thread say to one another. Material goes one way and is kept by neither side; what comes
// back says only what the port's answers say.
import type { KeyInspector, KeyPairMaterial } from "../../gather/references.ts";

/** One question, by the method of the port that asks it. */
export type Question =
	| { method: "inspectPublicKey"; argument: string }
	| { method: "inspectPrivateKey"; argument: string }
	| { method: "inspectPair"; argument: KeyPairMaterial };

export type Answer<Method extends keyof KeyInspector = keyof KeyInspector> = Awaited<ReturnType<KeyInspector[Method]>>;

/** `undefined`: the library threw; its error may quote the material and stays where it was thrown. */
export type Reply = { answer: Answer | undefined };
