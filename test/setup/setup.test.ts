// The parts of the set-up that look at the machine, and the set-up as make starts it.
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { goProblem, isOlder, requiredGo } from "./go.ts";
import { missingPrograms, PROGRAMS } from "./programs.ts";
import { systemOf } from "./system.ts";

t.test("systems by their os-release", async (t) => {
	const cases: [string, string, string, string][] = [
		["Debian", "linux", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', "apt"],
		["Ubuntu", "linux", 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', "apt"],
		["Linux Mint", "linux", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', "apt"],
		["Fedora", "linux", "NAME=Fedora Linux\nID=fedora\n", "dnf"],
		["Rocky Linux", "linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', "dnf"],
		["Alpine", "linux", "ID=alpine\n", "unknown"],
		["a Linux without the file", "linux", "", "unknown"],
		["macOS", "darwin", "", "homebrew"],
	];
	for (const [name, platform, release, manager] of cases)
		t.equal(systemOf(platform, release, 0).manager, manager, name);
	t.equal(systemOf("linux", "", 0).root, true);
	t.equal(systemOf("linux", "", 1000).root, false);
	t.equal(systemOf("win32", "", undefined).root, false);
});

t.test("programs by name and by path", async (t) => {
	const folder = t.testdir({ gpg: "" });
	const absent = join(folder, "runc");
	const programs = [
		{ name: "gpg", debian: "gnupg", purposes: [] },
		{ name: "no-such-program", debian: "none", purposes: [] },
		{ name: join(folder, "gpg"), debian: "gnupg", purposes: [] },
		{ name: absent, debian: "runc", purposes: [] },
	];
	const missing = missingPrograms(programs, `/nowhere:${folder}`).map(({ name }) => name);
	t.same(missing, ["no-such-program", absent]);
});

t.test("versions of Go", async (t) => {
	t.equal(isOlder("1.9", "1.26"), true);
	t.equal(isOlder("1.26", "1.26.0"), false);
	t.equal(isOlder("1.26.6", "1.26.10"), true);
	t.equal(isOlder("2.0", "1.30"), false);
	t.equal(requiredGo(["module a\n\ngo 1.26.0\n", "module b\ngo 1.26.6\n", "module c\n", "go 1.9\n"]), "1.26.6");
});

t.test("Go that fits, and Go that does not", async (t) => {
	const cases: [string, string | undefined, string, RegExp | undefined][] = [
		["newer", "go1.27.1", "local", undefined],
		["the same", "go1.26.6", "local", undefined],
		["older, but it fetches a newer one", "go1.24.4", "auto", undefined],
		["older, with a minimum", "go1.24.4", "go1.24.9+auto", undefined],
		["older, and told to stay", "go1.26.5", "local", /^Go 1\.26\.5 is too old, version 1\.26\.6 or newer is required/],
		["before Go could fetch another", "go1.19.8", "auto", /^Go 1\.19\.8 is too old/],
		["before the setting", "go1.19.8", "", /^Go 1\.19\.8 is too old/],
		["development version", "devel go1.28-abc", "local", undefined],
		["none", undefined, "", /^Go 1\.26\.6 or newer is not installed: install it from https:\/\/go\.dev/],
	];
	for (const [name, version, toolchain, expected] of cases) {
		const problem = goProblem(version === undefined ? undefined : { version, toolchain }, "1.26.6");
		if (expected === undefined) t.equal(problem, undefined, name);
		else t.match(problem, expected, name);
	}
});

t.test("the set-up where nothing is installed", async (t) => {
	// Root on Debian would install: the first program that it calls for that refuses.
	const folder = t.testdir({ "apt-get": "#!/bin/sh\necho no network\nexit 100\n" });
	chmodSync(join(folder, "apt-get"), 0o755);
	const script = join(import.meta.dirname, "setup.ts");
	const { stdout, status } = spawnSync(process.execPath, [script, "unit"], { env: { PATH: folder, HOME: folder } });
	const lines = stdout.toString().trimEnd().split("\n");
	t.equal(status, 1);
	t.equal(lines.at(-1), "0 passed, 1 failed");
	t.match(stdout.toString(), /Go 1\.26\.6 or newer is not installed/);
	for (const name of ["gpg", "shellcheck"]) t.match(lines[0], name);
});

t.test("every program has a Debian package, and no program is listed twice", async (t) => {
	t.same(
		PROGRAMS.filter(({ debian }) => debian === ""),
		[],
	);
	t.equal(new Set(PROGRAMS.map(({ name }) => name)).size, PROGRAMS.length);
});
