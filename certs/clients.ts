// Whom the webhook server answers. Who asks for a review names the user that is asked about, so without a check of the caller
// every pod that reaches the port can ask in anybody's name. The API server can show a client certificate:
// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#authenticate-apiservers
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FlagValueError } from "../src/api/flagvalue.ts";
import { systemFailure } from "../src/api/systemfailure.ts";
import { certificatesIn } from "./x509.ts";

const unusable = (file: string, found: string, cause?: unknown): FlagValueError => {
	const remedy = "give a file with the PEM certificates of the authorities and nothing else";
	return new FlagValueError("--webhook-client-ca-file", file, found, remedy, cause);
};

const textOf = async (file: string): Promise<string> => {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		throw unusable(file, systemFailure(error), error);
	}
};

/**
 * The authorities that sign client certificates, as one PEM text; undefined without a file: any client is served.
 * Errors: FlagValueError where there is no file, no certificate in it, or one that may sign no others. A server that was
 * given nothing to trust would trust the public authorities.
 */
export const readClientAuthority = async (file: string | undefined): Promise<string | undefined> => {
	if (file === undefined) return undefined;
	const text = await textOf(file);
	const found = certificatesIn(text);
	const blocks = text.match(/-----BEGIN /g)?.length ?? 0;
	if (found.length === 0 || found.length !== blocks)
		throw unusable(file, "the file does not consist of PEM certificates alone");
	if (!found.every(({ pem }) => new X509Certificate(pem).ca))
		throw unusable(file, "the file has a certificate that is not the certificate of an authority");
	return found.map(({ pem }) => pem).join("");
};
