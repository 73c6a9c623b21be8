// What makes an API server show a client certificate to webhooks.
// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#authenticate-apiservers
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** In the folder; for --admission-control-config-file. */
export const ADMISSION_FILE = "admission.yaml";

const plugin = (name: string, kubeconfig: string): string => `  - name: ${name}
    configuration:
      apiVersion: apiserver.config.k8s.io/v1
      kind: WebhookAdmissionConfiguration
      kubeConfigFile: ${kubeconfig}
`;

const encode = (text: string): string => Buffer.from(text).toString("base64");

/** Writes the configuration and the kubeconfig that it names. In: PEM; shown to every webhook. */
export const writeAdmission = async (
	folder: string,
	{ certificate, key }: { certificate: string; key: string },
): Promise<void> => {
	const kubeconfig = join(folder, "webhooks.kubeconfig");
	await writeFile(
		kubeconfig,
		`apiVersion: v1
kind: Config
users:
  - name: "*"
    user: {client-certificate-data: ${encode(certificate)}, client-key-data: ${encode(key)}}
`,
		{ mode: 0o600 },
	);
	await writeFile(
		join(folder, ADMISSION_FILE),
		`apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
${plugin("MutatingAdmissionWebhook", kubeconfig)}${plugin("ValidatingAdmissionWebhook", kubeconfig)}`,
	);
};
