// `node test/setup/setup.ts PURPOSE`: the set-up of a make target. Where it fails, its last line is the one that `make test`
// promises: `N passed, N failed`.
import { PURPOSES, type Purpose } from "./programs.ts";
import { ensureTools } from "./tools.ts";

const purpose = process.argv[2];
if (!PURPOSES.includes(purpose as Purpose))
	throw new Error(`not a purpose: ${purpose}; these are: ${PURPOSES.join(", ")}`);
try {
	await ensureTools(purpose as Purpose);
} catch (error) {
	process.stdout.write(`${(error as Error).message}\n0 passed, 1 failed\n`);
	process.exitCode = 1;
}
