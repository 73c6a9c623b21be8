// What is no call to the API server and must not go on either once a review has been answered: nobody would read it, and the
// next review waits for it.
import type { Admission } from "./admission.ts";

/**
 * The same admission for one review: when the signal aborts, its next turn and its next look at a key throw the signal's
 * reason. The ports that it brings (`references`, `access`) are to be bound to the signal by whoever makes them.
 */
export const untilAborted = (admission: Admission, signal: AbortSignal): Admission => {
	const { inspector, turn } = admission;
	const guarded =
		<Question, Answer>(ask: (question: Question) => Promise<Answer>) =>
		async (question: Question): Promise<Answer> => {
			signal.throwIfAborted();
			return ask(question);
		};
	return {
		...admission,
		inspector: {
			inspectPublicKey: guarded((armored) => inspector.inspectPublicKey(armored)),
			inspectPrivateKey: guarded((armored) => inspector.inspectPrivateKey(armored)),
			inspectPair: guarded((material) => inspector.inspectPair(material)),
		},
		turn: async () => {
			await turn();
			signal.throwIfAborted();
		},
	};
};
