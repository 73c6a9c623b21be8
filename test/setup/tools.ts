// Makes sure that the machine has what one purpose needs, before anything of it runs.
import { BUILDS, type Stage } from "../cluster/buildlist.ts";
import { execute } from "../cluster/execute.ts";
import { findGoProblem } from "./go.ts";
import { type Missing, planSetup } from "./plan.ts";
import { missingPrograms, type Purpose, programsFor } from "./programs.ts";
import { readSystem, type System } from "./system.ts";

/** The machine lacks programs; the message says which, and how to install them. */
export class ToolsMissing extends Error {}

const somethingToBuild = async (stage: Stage): Promise<boolean> => {
	const needed = BUILDS.filter(({ stages }) => stages.includes(stage));
	return (await Promise.all(needed.map(({ isMade }) => isMade()))).includes(false);
};

/** Go builds the judges of the unit tests, and the programs of the other stages once. */
const needsGo = async (purpose: Purpose): Promise<boolean> => {
	if (purpose === "test" || purpose === "unit") return true;
	return somethingToBuild(purpose);
};

/** What this machine lacks for a purpose. */
export const missingTools = async (purpose: Purpose): Promise<Missing> => ({
	programs: missingPrograms(programsFor(purpose)),
	go: (await needsGo(purpose)) ? await findGoProblem() : undefined,
});

const install = async (packages: readonly string[]): Promise<void> => {
	process.stdout.write(`installing ${packages.join(" ")}\n`);
	const env = { DEBIAN_FRONTEND: "noninteractive" };
	for (const args of [["update"], ["install", "-y", ...packages]]) {
		const { code, stdout, stderr } = await execute("apt-get", ["-qq", ...args], { env });
		if (code === 0) continue;
		const output = `${stdout}${stderr}`.trim().slice(-2000);
		throw new ToolsMissing(`apt-get ${args.join(" ")} ended with exit code ${code}:\n${output}`);
	}
};

/**
 * Checks that the machine has all that a purpose needs. As root on Debian or Ubuntu it installs the packages that are missing.
 * @throws ToolsMissing where something is missing after that, or can only be installed by a person
 */
export const ensureTools = async (purpose: Purpose, system: System = readSystem()): Promise<void> => {
	const plan = planSetup(purpose, system, await missingTools(purpose));
	if (plan.message.length > 0) throw new ToolsMissing(plan.message.join("\n"));
	if (plan.install.length === 0) return;
	await install(plan.install);
	const rest = missingPrograms(programsFor(purpose)).map(({ name }) => name);
	if (rest.length > 0)
		throw new ToolsMissing(`The packages are installed, but these programs are still missing: ${rest.join(", ")}`);
};
