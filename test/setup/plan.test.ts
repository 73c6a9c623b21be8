// What people read, or what is installed, for each system and each thing that is missing.
import t from "tap";
import { planSetup } from "./plan.ts";
import { PROGRAMS, type Program, type Purpose, programsFor } from "./programs.ts";
import type { System } from "./system.ts";

const debianRoot: System = { manager: "apt", root: true };
const debianUser: System = { manager: "apt", root: false };
const fedora: System = { manager: "dnf", root: false };
const macos: System = { manager: "homebrew", root: false };
const other: System = { manager: "unknown", root: false };

const named = (...names: string[]): Program[] => PROGRAMS.filter(({ debian }) => names.includes(debian));
const NO_GO = "Go 1.26.6 or newer is not installed";

interface Case {
	name: string;
	purpose: Purpose;
	system: System;
	lacks: Program[];
	go?: string;
	install?: string[];
	message?: string[];
}

const cases: Case[] = [
	{ name: "nothing is missing", purpose: "test", system: debianUser, lacks: [] },
	{
		name: "Debian, root: installs",
		purpose: "test",
		system: debianRoot,
		lacks: named("gnupg", "runc"),
		install: ["gnupg", "runc"],
	},
	{
		name: "Debian, user: one command",
		purpose: "test",
		system: debianUser,
		lacks: named("gnupg", "runc"),
		message: [
			"This machine lacks programs that `make test` needs: gpg, runc",
			"Install them, then run `make test` again:",
			"  sudo apt-get install gnupg runc",
		],
	},
	{
		name: "Debian, root, no Go: everything at once, and nothing is changed",
		purpose: "e2e",
		system: debianRoot,
		lacks: named("nftables"),
		go: NO_GO,
		message: [
			"This machine lacks programs that `make e2e` needs: nftables",
			"Install them, then run `make e2e` again:",
			"  apt-get install nftables",
			NO_GO,
		],
	},
	{ name: "only Go is missing", purpose: "demo", system: debianRoot, lacks: [], go: NO_GO, message: [NO_GO] },
	{
		name: "Fedora: its names, and no programs of a node",
		purpose: "test",
		system: fedora,
		lacks: [...PROGRAMS],
		message: [
			"This machine lacks programs that `make test` needs: gpg, curl, fish, zsh, shellcheck, redis-server",
			"Install them, then run `make test` again:",
			"  sudo dnf install gnupg2 curl fish zsh ShellCheck redis",
		],
	},
	{
		name: "macOS: without sudo",
		purpose: "unit",
		system: macos,
		lacks: named("gnupg", "shellcheck"),
		message: [
			"This machine lacks programs that `make unit` needs: gpg, shellcheck",
			"Install them, then run `make unit` again:",
			"  brew install gnupg shellcheck",
		],
	},
	{ name: "Fedora lacks only programs of a node", purpose: "e2e", system: fedora, lacks: named("runc") },
	{
		name: "an unknown system: no command",
		purpose: "unit",
		system: other,
		lacks: named("gnupg", "runc"),
		message: [
			"This machine lacks programs that `make unit` needs: gpg",
			"Install them with the package manager of your system, then run `make unit` again.",
		],
	},
];

for (const { name, purpose, system, lacks, go, install = [], message = [] } of cases) {
	t.test(name, async (t) => {
		t.same(planSetup(purpose, system, { programs: lacks, go }), { install, message });
	});
}

t.test("the whole gate needs every program, and the demo none", async (t) => {
	t.same(programsFor("test"), PROGRAMS);
	t.same(programsFor("demo"), []);
});
