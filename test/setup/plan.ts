// What has to be done about missing programs, and in which words. Pure.

import { isAbsolute } from "node:path";
import type { Program, Purpose } from "./programs.ts";
import type { PackageManager, System } from "./system.ts";

/** What a machine lacks. */
export interface Missing {
	programs: readonly Program[];
	/** What is wrong with Go; undefined where it fits or is not needed. */
	go?: string | undefined;
}

/** What follows from it. */
export interface Plan {
	/** Debian packages that this process installs itself. */
	install: string[];
	/** Why nothing can start, line by line; empty where nothing is missing, or all of it is installed here. */
	message: string[];
}

const PACKAGE_OF: Readonly<Record<PackageManager, (program: Program) => string | undefined>> = {
	apt: ({ debian }) => debian,
	dnf: ({ fedora }) => fedora,
	homebrew: ({ homebrew }) => homebrew,
	unknown: () => undefined,
};

const COMMAND: Readonly<Record<PackageManager, string>> = {
	apt: "apt-get install",
	dnf: "dnf install",
	homebrew: "brew install",
	unknown: "",
};

/** The one command that installs the packages. */
const commandFor = ({ manager, root }: System, packages: readonly string[]): string => {
	const sudo = root || manager === "homebrew" ? "" : "sudo ";
	return `${sudo}${COMMAND[manager]} ${packages.join(" ")}`;
};

/** Programs that are of use on this system: a whole node runs with the paths of Debian's packages alone. */
const useful = (programs: readonly Program[], { manager }: System): Program[] =>
	programs.filter(({ name }) => manager === "apt" || !isAbsolute(name));

const lines = (purpose: Purpose, system: System, packages: readonly string[], { programs, go }: Missing): string[] => {
	const again = `then run \`make ${purpose}\` again`;
	const names = programs.map(({ name, debian }) => (isAbsolute(name) ? debian : name)).join(", ");
	const told: string[] = [];
	if (programs.length > 0) told.push(`This machine lacks programs that \`make ${purpose}\` needs: ${names}`);
	if (packages.length > 0) told.push(`Install them, ${again}:`, `  ${commandFor(system, packages)}`);
	else if (programs.length > 0) told.push(`Install them with the package manager of your system, ${again}.`);
	if (go !== undefined) told.push(go);
	return told;
};

/** Decides what is installed here, or what people read before anything starts. */
export const planSetup = (purpose: Purpose, system: System, missing: Missing): Plan => {
	const programs = useful(missing.programs, system);
	const packages = [...new Set(programs.flatMap((program) => PACKAGE_OF[system.manager](program) ?? []))];
	if (programs.length === 0 && missing.go === undefined) return { install: [], message: [] };
	// Where Go is missing nothing can start, so nothing is changed either.
	if (system.manager === "apt" && system.root && missing.go === undefined) return { install: packages, message: [] };
	return { install: [], message: lines(purpose, system, packages, { programs, go: missing.go }) };
};
