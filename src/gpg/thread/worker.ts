// The OpenPGP thread: answers one question after the other. It is its own module because node:worker_threads starts a file.
import { parentPort } from "node:worker_threads";
import { createKeyInspector } from "../inspect.ts";
import type { Answer, Question, Reply } from "./messages.ts";

const inspector = createKeyInspector();

const answerTo = (question: Question): Promise<Answer> => {
	switch (question.method) {
		case "inspectPublicKey":
			return inspector.inspectPublicKey(question.argument);
		case "inspectPrivateKey":
			return inspector.inspectPrivateKey(question.argument);
		case "inspectPair":
			return inspector.inspectPair(question.argument);
	}
};

parentPort?.on("message", (question: Question) => {
	const reply = (answer: Answer | undefined): void => parentPort?.postMessage({ answer } satisfies Reply);
	answerTo(question).then(reply, () => reply(undefined));
});
