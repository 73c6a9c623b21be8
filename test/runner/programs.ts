// Programs that are built beside the first stages: a stage that needs them waits, and shows how long it will be.
import type { Stage } from "../cluster/buildlist.ts";
import type { Builds } from "../cluster/builds.ts";

const SHOW_EVERY = 20_000;

/** Waits until all that the stage needs is built. @throws Error with the end of the log where a build failed */
export const waitForBuilds = async (builds: Builds, stage: Stage): Promise<void> => {
	const show = (): void => {
		const remaining = builds.remaining(stage);
		if (remaining !== "") process.stdout.write(`… ${stage} waits: ${remaining}\n`);
	};
	show();
	const timer = setInterval(show, SHOW_EVERY);
	await builds.ready(stage).finally(() => clearInterval(timer));
};
