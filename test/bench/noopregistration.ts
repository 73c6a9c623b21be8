// Registers the webhook that does nothing, for the same kinds and operations that ours answers.
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeServingCertificate } from "../../certs/serving.ts";
import type { Bench } from "./session.ts";

/** Writes a certificate for 127.0.0.1 and answers where it is, with its authority as PEM. */
export const writeNoopCertificate = async (folder: string) => {
	const pair = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });
	const certificateFile = join(folder, "noop.crt");
	const keyFile = join(folder, "noop.key");
	await writeFile(certificateFile, pair.certificate);
	await writeFile(keyFile, pair.key, { mode: 0o600 });
	return { certificateFile, keyFile, authority: pair.authority };
};

/** One validating webhook on every create and update of our kinds. */
export const registerNoop = async (bench: Bench, url: string, authority: string): Promise<void> => {
	const configuration = {
		apiVersion: "admissionregistration.k8s.io/v1",
		kind: "ValidatingWebhookConfiguration",
		metadata: { name: "noop" },
		webhooks: [
			{
				name: "noop.example.org",
				clientConfig: { url, caBundle: Buffer.from(authority).toString("base64") },
				rules: [
					{ apiGroups: ["riotkit.org"], apiVersions: ["v1alpha1"], operations: ["CREATE", "UPDATE"], resources: ["*"] },
				],
				failurePolicy: "Fail",
				sideEffects: "None",
				timeoutSeconds: 5,
				admissionReviewVersions: ["v1"],
			},
		],
	};
	await bench.kubectl(["apply", "-f", "-"], JSON.stringify(configuration));
};
