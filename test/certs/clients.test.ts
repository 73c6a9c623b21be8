// Which files say whom the webhook server answers, and which are refused before it serves.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import t from "tap";
import { createAuthority } from "../../certs/authority.ts";
import { readClientAuthority } from "../../certs/clients.ts";
import { FlagValueError } from "../../src/api/flagvalue.ts";
import { clientCertificate } from "./client.ts";

const world = { now: new Date(), randomBytes, validSeconds: 3600 };
const one = await createAuthority("one", world);
const two = await createAuthority("two", world);
const leaf = clientCertificate(one, "kube-apiserver");

const damaged = one.certificate.replace(/\n[^-\n]{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
const refused: Record<string, [string, RegExp]> = {
	empty: ["", /does not consist of PEM certificates alone/],
	"no PEM": ["authority", /does not consist of PEM certificates alone/],
	"one that cannot be read, beside one that can": [
		`${one.certificate}\n${damaged}`,
		/does not consist of PEM certificates alone/,
	],
	"a key beside the certificate": [`${one.certificate}\n${one.key}`, /does not consist of PEM certificates alone/],
	"a certificate of no authority": [
		`${one.certificate}\n${leaf.certificate}`,
		/a certificate that is not the certificate of an authority/,
	],
};

t.test("no file: everybody is answered", async (t) => t.equal(await readClientAuthority(undefined), undefined));

t.test("one authority or several", async (t) => {
	const folder = t.testdir({ "ca.crt": `# ours\n${one.certificate}\n${two.certificate}` });
	const read = await readClientAuthority(join(folder, "ca.crt"));
	t.equal(read?.match(/BEGIN CERTIFICATE/g)?.length, 2);
	t.notMatch(read, /ours/);
});

t.test("refused", async (t) => {
	const missing = join(t.testdir(), "missing");
	await t.rejects(readClientAuthority(missing), {
		name: "FlagValueError",
		message: /^--webhook-client-ca-file: Invalid value: ".*missing": file or folder not found \(ENOENT\); give a file/,
	});
	for (const [name, [text, message]] of Object.entries(refused)) {
		const file = join(t.testdir({ "ca.crt": text }), "ca.crt");
		const error = await readClientAuthority(file).catch((thrown) => thrown);
		t.ok(error instanceof FlagValueError, name);
		t.match(error.message, message, name);
		t.notMatch(error.message, /PRIVATE KEY-/, name);
	}
});
