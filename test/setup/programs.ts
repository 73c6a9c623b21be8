// The programs that the tests call and this repository does not bring, and the packages that they come from. One list for
// `make test`, the end-to-end tests and the demo.
import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** What a person starts with make. */
export const PURPOSES = ["test", "unit", "integration", "e2e", "demo"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A program, and where it comes from. */
export interface Program {
	/** Its name on PATH, or the one absolute path at which it is used. */
	name: string;
	/** Names of the packages. No name: the system is not known to have it, or nothing that runs there needs it. */
	debian: string;
	fedora?: string;
	homebrew?: string;
	/** Who needs it; `test` needs all. */
	purposes: readonly Purpose[];
}

export const PROGRAMS: readonly Program[] = [
	{ name: "gpg", debian: "gnupg", fedora: "gnupg2", homebrew: "gnupg", purposes: ["unit", "integration", "e2e"] },
	{ name: "curl", debian: "curl", fedora: "curl", homebrew: "curl", purposes: ["integration"] },
	{ name: "fish", debian: "fish", fedora: "fish", homebrew: "fish", purposes: ["unit"] },
	{ name: "zsh", debian: "zsh", fedora: "zsh", homebrew: "zsh", purposes: ["unit"] },
	{ name: "shellcheck", debian: "shellcheck", fedora: "ShellCheck", homebrew: "shellcheck", purposes: ["unit"] },
	{
		name: "redis-server",
		debian: "redis-server",
		fedora: "redis",
		homebrew: "redis",
		purposes: ["integration"],
	},
	// A whole node is started with the paths of Debian's packages.
	{ name: "/usr/sbin/runc", debian: "runc", purposes: ["e2e"] },
	{ name: "/usr/lib/cni/bridge", debian: "containernetworking-plugins", purposes: ["e2e"] },
	{ name: "/usr/sbin/nft", debian: "nftables", purposes: ["e2e"] },
	{ name: "/usr/sbin/debootstrap", debian: "debootstrap", purposes: ["e2e"] },
	{ name: "/usr/sbin/ip", debian: "iproute2", purposes: ["e2e"] },
	// The image has a Node.js without symbols.
	{ name: "/usr/bin/strip", debian: "binutils", purposes: ["e2e"] },
];

/** The programs that one purpose needs. */
export const programsFor = (purpose: Purpose): Program[] =>
	PROGRAMS.filter(({ purposes }) => purpose === "test" || purposes.includes(purpose));

/** Folders that Debian has on root's PATH alone. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * The programs that this machine lacks.
 * @param path as in the environment variable PATH
 */
export const missingPrograms = (programs: readonly Program[], path = process.env["PATH"] ?? ""): Program[] => {
	const folders = [...path.split(delimiter), ...SYSTEM_FOLDERS];
	const isThere = (name: string): boolean =>
		isAbsolute(name) ? existsSync(name) : folders.some((folder) => existsSync(join(folder, name)));
	return programs.filter(({ name }) => !isThere(name));
};
