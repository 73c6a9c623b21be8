// Whom the webhook server answers. Who asks for a review names the user that is asked about, so without a check of the caller
// every pod that reaches the port can ask in anybody's name. The API server can show a client certificate:
// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#authenticate-apiservers
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CertificateError } from "./serving.ts";
import { certificatesIn } from "./x509.ts";

const textOf = async (file: string): Promise<string> => {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		throw new CertificateError(`cannot read the authority of the webhook's clients, ${file}`, error);
	}
};

/**
 * The authorities that sign client certificates, as one PEM text; undefined without a file: any client is served.
 * Errors: CertificateError where there is no file, no certificate in it, or one that may sign no others. A server that was
 * given nothing to trust would trust the public authorities.
 */
export const readClientAuthority = async (file: string | undefined): Promise<string | undefined> => {
	if (file === undefined) return undefined;
	const text = await textOf(file);
	const found = certificatesIn(text);
	const blocks = text.match(/-----BEGIN /g)?.length ?? 0;
	if (found.length === 0 || found.length !== blocks)
		throw new CertificateError(`${file} is not made of PEM certificates alone`);
	if (!found.every(({ pem }) => new X509Certificate(pem).ca))
		throw new CertificateError(`${file} holds a certificate that is no authority's`);
	return found.map(({ pem }) => pem).join("");
};
