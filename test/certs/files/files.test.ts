// Files as a kubelet, cert-manager or a person changes them, under a server that goes on serving.
import { randomBytes, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect } from "node:tls";
import { pino } from "pino";
import t, { type Test } from "tap";
import { startFiles } from "../../../certs/files/index.ts";
import { choosePair } from "../../../certs/files/policy.ts";
import { makeServingCertificate, type ServingCertificate } from "../../../certs/serving.ts";
import type { ServedPair } from "../../../certs/source.ts";
import { systemClock } from "../../../src/kube/clock.ts";
import { buildServer, changeCertificate } from "../../../webhooks/server.ts";
import { eventually } from "../../cluster/wait.ts";
import { virtualClock } from "../../kube/fixtures/clock.ts";
import { DAY } from "../fixtures.ts";

const make = (now = new Date()): Promise<ServingCertificate> =>
	makeServingCertificate(["127.0.0.1"], { now, randomBytes });
const [first, second] = await Promise.all([make(), make()]);
/** Valid for a year, which ended long ago. */
const expired = await make(new Date(Date.now() - 400 * DAY));

const files = (pair: ServingCertificate): Record<string, string> => ({
	"tls.crt": pair.certificate,
	"tls.key": pair.key,
});

const follow = async (t: Test, directory: string, clock = systemClock) => {
	const said: string[] = [];
	const source = await startFiles({
		directory,
		clock,
		logger: pino({ level: "silent" }),
		metrics: {
			certificateExpires: (_, expires) => said.push(`expires ${new Date(expires).getUTCFullYear()}`),
			certificateRenewed: (certificate) => said.push(`renewed ${certificate}`),
			certificateFailed: (reason) => said.push(`failed ${reason}`),
		},
	});
	t.teardown(() => source.stop());
	let present: ServedPair | undefined;
	source.onChange((pair) => {
		present = pair;
	});
	return { source, said, present: () => present?.certificate };
};

/** As a kubelet mounts a Secret: files are links into `..data`, which is a link to a folder that is swapped as a whole. */
const mount = async (directory: string, name: string, pair: ServingCertificate): Promise<void> => {
	await mkdir(join(directory, name));
	for (const [file, text] of Object.entries(files(pair))) await writeFile(join(directory, name, file), text);
	await symlink(name, join(directory, "..data_tmp"));
	await rename(join(directory, "..data_tmp"), join(directory, "..data"));
};

t.test("a mounted Secret that changes is served at once, and connections that are open stay so", async (t) => {
	const directory = t.testdir({});
	await mount(directory, "..1", first);
	for (const file of ["tls.crt", "tls.key"]) await symlink(join("..data", file), join(directory, file));
	const { source, said } = await follow(t, directory);
	const app = buildServer({
		tls: await source.first,
		clientAuthority: undefined,
		decide: async () => ({ allowed: true, warnings: [] }),
		logger: pino({ level: "silent" }),
	});
	source.onChange((pair) => changeCertificate(app, pair, undefined));
	await app.listen({ host: "127.0.0.1", port: 0 });
	t.teardown(() => app.close());
	const { port } = app.server.address() as AddressInfo;
	const open = async (authority: string) => {
		const socket = connect({ host: "127.0.0.1", port, ca: authority });
		t.teardown(() => socket.destroy());
		await once(socket, "secureConnect");
		return socket;
	};
	const before = await open(first.authority);
	await mount(directory, "..2", second);
	const after = await eventually(() => open(second.authority).catch(() => undefined), {
		timeout: 10,
		what: "the new certificate is served",
	});
	t.equal(after.getPeerCertificate().serialNumber, new X509Certificate(second.certificate).serialNumber);
	t.notOk(before.destroyed || before.readableEnded, "the old connection is open");
	before.write("POST /validate HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}");
	const [answer] = await once(before, "data");
	t.match(String(answer), /^HTTP\/1.1 400/, "and answers");
	t.ok(said.includes("renewed serving"));
	t.match(source.check(), { name: "certificate valid", ok: true });
});

t.test("nothing but a pair that fits replaces the one that is served", async (t) => {
	const directory = t.testdir(files(first));
	const { source, said, present } = await follow(t, directory);
	const failures = () => said.filter((one) => one === "failed unusable").length;
	const mistakes: [what: string, change: () => Promise<void>][] = [
		["a key of another", () => writeFile(join(directory, "tls.key"), second.key)],
		["no PEM", () => writeFile(join(directory, "tls.crt"), "nothing")],
		["a file that is gone", () => rm(join(directory, "tls.crt"))],
		[
			"a pair that expired",
			async () => {
				await writeFile(join(directory, "tls.crt"), expired.certificate);
				await writeFile(join(directory, "tls.key"), expired.key);
			},
		],
	];
	for (const [what, change] of mistakes) {
		const before = failures();
		await change();
		await eventually(() => failures() > before, { timeout: 10, what: `${what} is refused` });
		t.equal(present(), first.certificate, `${what}: the old one is kept`);
		t.ok(source.check().ok);
	}
	await writeFile(join(directory, "tls.crt"), second.certificate);
	await writeFile(join(directory, "tls.key"), second.key);
	await eventually(() => present() === second.certificate, { timeout: 10, what: "a good pair is taken" });
});

t.test("without a usable pair it does not start", async (t) => {
	await t.rejects(follow(t, t.testdir({})), { name: "FlagValueError", message: /tls.crt: file or folder not found/ });
	await t.rejects(follow(t, t.testdir({ "tls.crt": first.certificate, "tls.key": second.key })), {
		message: /tls.key is not the key of tls.crt/,
	});
});

t.test("an expired pair is served as it is, and not ready", async (t) => {
	const { source } = await follow(t, t.testdir(files(expired)));
	t.match(source.check(), { ok: false, detail: "the one in the files is not valid now" });
});

t.test("a directory that is put in the place of the other is read within a minute of the wall clock", async (t) => {
	const parent = t.testdir({ certs: files(first), other: files(second) });
	const clock = virtualClock(Date.now());
	const { present } = await follow(t, join(parent, "certs"), clock);
	await rename(join(parent, "certs"), join(parent, "old"));
	await rename(join(parent, "other"), join(parent, "certs"));
	clock.advance(61_000);
	await eventually(() => present() === second.certificate, { timeout: 10, what: "it is read again" });
	t.equal(present(), second.certificate);
});

t.test("which pair is chosen", async (t) => {
	const one = (fingerprint: string, notBefore: number, notAfter: number) => ({ fingerprint, notBefore, notAfter });
	t.equal(choosePair(one("a", 0, 10), one("a", 0, 10), 5), "same");
	t.equal(choosePair(one("a", 0, 10), one("b", 0, 20), 5), "take");
	t.equal(choosePair(one("a", 0, 10), one("b", 0, 5), 5), "keep", "expired");
	t.equal(choosePair(one("a", 0, 10), one("b", 6, 20), 5), "keep", "not valid yet");
	t.equal(choosePair(one("a", 0, 5), one("b", 6, 20), 5), "take", "the present one is not valid either");
});

t.test("less than TLS 1.2 is refused", async (t) => {
	const app = buildServer({
		tls: first,
		clientAuthority: undefined,
		decide: async () => ({ allowed: true, warnings: [] }),
		logger: pino({ level: "silent" }),
	});
	changeCertificate(app, second, undefined);
	await app.listen({ host: "127.0.0.1", port: 0 });
	t.teardown(() => app.close());
	const { port } = app.server.address() as AddressInfo;
	const handshake = async (minVersion: "TLSv1.1" | "TLSv1.2", maxVersion: "TLSv1.1" | "TLSv1.2") => {
		const ciphers = "DEFAULT@SECLEVEL=0";
		const socket = connect({ host: "127.0.0.1", port, ca: second.authority, minVersion, maxVersion, ciphers });
		t.teardown(() => socket.destroy());
		await once(socket, "secureConnect");
		return socket.getProtocol();
	};
	t.equal(await handshake("TLSv1.2", "TLSv1.2"), "TLSv1.2");
	await t.rejects(handshake("TLSv1.1", "TLSv1.1"), { code: /PROTOCOL_VERSION/ });
});
