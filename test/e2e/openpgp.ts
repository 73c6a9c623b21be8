// Stock gpg as the judge of what was stored.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../image/program.ts";
import { execute } from "../cluster/execute.ts";

/** Whether it begins with a session key packet, in the old or new format: https://www.rfc-editor.org/rfc/rfc9580#section-4.2 */
export const isOpenPgp = (content: Buffer): boolean => {
	const first = content[0] ?? 0;
	const tag = (first & 0x40) === 0 ? (first >> 2) & 0x0f : first & 0x3f;
	return (first & 0x80) !== 0 && tag === 1;
};

/** Decrypts with gpg and nothing but the key; its home is made and removed here. */
export const decrypt = async (
	content: Buffer,
	{ privateKey, passphrase }: { privateKey: string; passphrase: string },
): Promise<Buffer> => {
	const home = await mkdtemp(join(tmpdir(), "gpg-"));
	const env = { GNUPGHOME: home };
	try {
		await writeFile(join(home, "content"), content);
		await writeFile(join(home, "key"), privateKey);
		const secretly = ["--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0"];
		const imported = await execute("gpg", [...secretly, "--import", join(home, "key")], { input: passphrase, env });
		if (imported.code !== 0) throw new Error(`gpg imports no key: ${imported.stderr}`);
		const output = join(home, "plain");
		const args = [...secretly, "--output", output, "--decrypt", join(home, "content")];
		const decrypted = await execute("gpg", args, { input: passphrase, env });
		if (decrypted.code !== 0) throw new Error(`gpg decrypts nothing: ${decrypted.stderr}`);
		return await readFile(output);
	} finally {
		await runProgram("gpgconf", ["--kill", "all"], { env }).catch(() => "");
		await rm(home, { recursive: true, force: true });
	}
};
