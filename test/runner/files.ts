// Which test file belongs to which stage: the folder says it, however deep the file lies in it.
import { globSync } from "node:fs";

/** The stages that run test files. */
export type FileStage = "unit" | "integration" | "e2e";

const FOLDERS: Readonly<Record<Exclude<FileStage, "unit">, string>> = {
	integration: "test/integration/",
	e2e: "test/e2e/",
};

/** The stage that runs this test file. In: its path from the root, as `test/kube/errors.test.ts`. */
export const stageOf = (file: string): FileStage => {
	for (const [stage, folder] of Object.entries(FOLDERS)) if (file.startsWith(folder)) return stage as FileStage;
	return "unit";
};

/** All test files of a stage below `root`, sorted. */
export const filesOf = (stage: FileStage, root = "."): string[] =>
	globSync("test/**/*.test.ts", { cwd: root })
		.filter((file) => stageOf(file) === stage)
		.sort();
