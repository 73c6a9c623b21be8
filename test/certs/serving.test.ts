// The certificates that we make must satisfy a strict TLS client for exactly the hosts that they were made for, and
// files that cannot serve must be refused with the reason.
import { randomBytes, X509Certificate } from "node:crypto";
import { connect, createServer, type TLSSocket } from "node:tls";
import t from "tap";
import { createAuthority, issueServingCertificate } from "../../certs/authority.ts";
import { makeServingCertificate, readServingFiles } from "../../certs/serving.ts";

const now = new Date();
const world = { now, randomBytes };
const made = await makeServingCertificate(["127.0.0.1", "localhost", "::1", "webhook.ns.svc"], world);

t.test("the leaf names its hosts, is signed by the authority, and is valid now", async (t) => {
	const leaf = new X509Certificate(made.certificate);
	const authority = new X509Certificate(made.authority);
	t.ok(leaf.verify(authority.publicKey));
	t.ok(leaf.checkIssued(authority));
	t.equal(leaf.checkIP("127.0.0.1"), "127.0.0.1");
	t.equal(leaf.checkIP("::1"), "::1");
	t.equal(leaf.checkHost("webhook.ns.svc"), "webhook.ns.svc");
	t.equal(leaf.checkHost("other.ns.svc"), undefined);
	t.ok(new Date(leaf.validFrom) < now && new Date(leaf.validTo) > now);
	t.notOk(leaf.ca);
	t.ok(authority.ca);
	t.not(leaf.serialNumber, authority.serialNumber);
});

t.test("a TLS client that trusts only the authority connects", async (t) => {
	const server = createServer({ key: made.key, cert: made.certificate }, (socket) => void socket.end("ok"));
	t.teardown(() => server.close());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("not listening on a port");
	const socket = await new Promise<TLSSocket>((resolve, reject) => {
		const opened = connect({ port: address.port, host: "127.0.0.1", ca: made.authority }, () => resolve(opened));
		opened.on("error", reject);
	});
	t.ok(socket.authorized);
	socket.destroy();
});

t.test("a serial number is positive and without padding, whatever the random bytes are", async (t) => {
	for (const byte of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
		const options = { now, randomBytes: (count: number) => new Uint8Array(count).fill(byte), validSeconds: 86_400 };
		const { serialNumber } = new X509Certificate((await createAuthority("test", options)).certificate);
		t.match(serialNumber, /^[4-7][0-9A-F]{31}$/);
	}
});

t.test("a host name longer than a common name may be still makes a certificate", async (t) => {
	const host = `${"a".repeat(60)}.${"b".repeat(60)}.svc`;
	const authority = await createAuthority("test", { ...world, validSeconds: 86_400 });
	const pair = await issueServingCertificate(authority, [host], { ...world, validSeconds: 86_400 });
	t.equal(new X509Certificate(pair.certificate).checkHost(host), host);
});

t.test("files of a mounted tls Secret", async (t) => {
	const other = await makeServingCertificate(["localhost"], world);
	const cases: { name: string; files: Record<string, string>; error?: RegExp }[] = [
		{ name: "a pair", files: { "tls.crt": made.certificate, "tls.key": made.key } },
		{
			name: "no key",
			files: { "tls.crt": made.certificate },
			error: /^--certs-dir: Invalid value: ".*": tls.key: file or folder not found \(ENOENT\); give a folder with/,
		},
		{ name: "another's key", files: { "tls.crt": made.certificate, "tls.key": other.key }, error: /is not the key of/ },
		{ name: "no PEM", files: { "tls.crt": "x", "tls.key": made.key }, error: /is not a PEM/ },
	];
	for (const { name, files, error } of cases) {
		await t.test(name, async (t) => {
			const directory = t.testdir(files);
			if (error === undefined)
				t.same(await readServingFiles(directory), { certificate: made.certificate, key: made.key });
			else await t.rejects(readServingFiles(directory), { name: "FlagValueError", message: error });
		});
	}
});
