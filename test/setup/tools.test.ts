// The set-up from end to end on a machine that is a folder: its PATH has only programs that are scripts here.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import t, { type Test } from "tap";
import { ensureTools, missingTools } from "./tools.ts";

const GO = "#!/bin/sh\nprintf 'go1.30.0\\nlocal\\n'\n";
/** Notes how it was called, and makes the programs of the packages that it knows. */
const APT = (folder: string, programs: readonly string[]): string => `#!/bin/sh
echo "$* $DEBIAN_FRONTEND" >>${folder}/apt.log
[ "$2" = install ] || exit 0
${programs.map((name) => `: >${folder}/${name}`).join("\n")}
`;

/** Makes PATH a folder with these scripts for one test. */
const machine = async (t: Test, scripts: (folder: string) => Record<string, string>): Promise<string> => {
	const folder = t.testdir({});
	await mkdir(folder, { recursive: true });
	for (const [name, script] of Object.entries(scripts(folder))) {
		await writeFile(join(folder, name), script);
		await chmod(join(folder, name), 0o755);
	}
	const before = process.env["PATH"] ?? "";
	process.env["PATH"] = [folder, "/nowhere"].join(delimiter);
	t.teardown(() => {
		process.env["PATH"] = before;
	});
	return folder;
};

const debian = { manager: "apt", root: true } as const;

t.test("root on Debian: the packages are installed, once", async (t) => {
	const folder = await machine(t, (path) => ({ go: GO, "apt-get": APT(path, ["gpg", "fish", "zsh", "shellcheck"]) }));
	await ensureTools("unit", debian);
	const calls = "-qq update noninteractive\n-qq install -y gnupg fish zsh shellcheck noninteractive\n";
	t.equal(await readFile(join(folder, "apt.log"), "utf8"), calls);
	await ensureTools("unit", debian);
	t.equal(await readFile(join(folder, "apt.log"), "utf8"), calls, "nothing is left to install");
	t.same(await missingTools("unit"), { programs: [], go: undefined });
});

t.test("a package that does not bring its program", async (t) => {
	await machine(t, (path) => ({ go: GO, "apt-get": APT(path, ["gpg", "fish", "zsh"]) }));
	await t.rejects(ensureTools("unit", debian), { message: /still missing: shellcheck$/ });
});

t.test("apt fails: its words", async (t) => {
	await machine(t, () => ({ go: GO, "apt-get": "#!/bin/sh\necho 'E: no network' >&2\nexit 100\n" }));
	const message = "apt-get update ended with exit code 100:\nE: no network";
	await t.rejects(ensureTools("unit", debian), { message });
});

t.test("a user on Debian: the command, and nothing is called", async (t) => {
	const folder = await machine(t, (path) => ({ go: GO, "apt-get": APT(path, ["gpg", "fish", "zsh", "shellcheck"]) }));
	await t.rejects(ensureTools("unit", { manager: "apt", root: false }), {
		message: /\n {2}sudo apt-get install gnupg fish zsh shellcheck$/,
	});
	await t.rejects(readFile(join(folder, "apt.log")), { code: "ENOENT" });
});

t.test("Go that is too old is reported together with the packages, and nothing is installed", async (t) => {
	const old = "#!/bin/sh\nprintf 'go1.19.8\\n\\n'\n";
	const folder = await machine(t, (path) => ({ go: old, "apt-get": APT(path, ["gpg", "fish", "zsh", "shellcheck"]) }));
	await t.rejects(ensureTools("unit", debian), {
		message: /apt-get install gnupg fish zsh shellcheck\nGo 1\.19\.8 is too old/,
	});
	await t.rejects(readFile(join(folder, "apt.log")), { code: "ENOENT" });
});
