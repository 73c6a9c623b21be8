// Which system this is, as far as the installation of packages depends on it. Pure but for `readSystem`.
import { readFileSync } from "node:fs";

/** How packages are installed: apt, dnf, Homebrew, or in a way that this project does not know. */
export type PackageManager = "apt" | "dnf" | "homebrew" | "unknown";

export interface System {
	manager: PackageManager;
	/** Whether this process may install packages. */
	root: boolean;
}

/**
 * @param platform as Node.js names it
 * @param release text of `/etc/os-release` (https://www.freedesktop.org/software/systemd/man/os-release.html); empty where there is none
 * @param user numeric user ID; undefined where the system has none
 */
export const systemOf = (platform: string, release: string, user: number | undefined): System => {
	const names = [...release.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap(([, value = ""]) => value.split(" "));
	const managers: [PackageManager, boolean][] = [
		["homebrew", platform === "darwin"],
		["apt", names.includes("debian") || names.includes("ubuntu")],
		["dnf", names.includes("fedora") || names.includes("rhel")],
	];
	const manager = managers.find(([, is]) => is)?.[0] ?? "unknown";
	return { manager, root: user === 0 };
};

/** This machine. */
export const readSystem = (): System => {
	let release = "";
	try {
		release = readFileSync("/etc/os-release", "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	}
	return systemOf(process.platform, release, process.getuid?.());
};
