// The chart as Helm packages it; the same sources and time always give the same bytes.
import { cp, lutimes, mkdtemp, readdir, rename, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../image/program.ts";

export interface ChartOptions {
	/** The Helm program. */
	helm: string;
	/** Folder with Chart.yaml; its name is the chart's. */
	source: string;
	/** File to write. */
	target: string;
	/** Seconds since 1970. */
	epoch: number;
}

/** Helm 4 writes the times of files into the archive. */
const setTimes = async (folder: string, epoch: number): Promise<void> => {
	for (const name of await readdir(folder, { recursive: true })) await lutimes(join(folder, name), epoch, epoch);
};

/**
 * Packages the chart.
 * @throws Error where Helm refuses it
 */
export const packageChart = async ({ helm, source, target, epoch }: ChartOptions): Promise<void> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-chart-"));
	try {
		const copy = join(folder, "chart");
		await cp(source, copy, { recursive: true });
		await setTimes(copy, epoch);
		const printed = await runProgram(helm, ["package", copy, "--destination", join(folder, "out")]);
		const made = /saved it to: (.*)$/m.exec(printed)?.[1];
		if (made === undefined) throw new Error(`helm package does not name its file: ${printed}`);
		// `helm push` writes this time into the artifact.
		await utimes(made, epoch, epoch);
		await rename(made, target);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
