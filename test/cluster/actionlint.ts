// actionlint, which checks GitHub's workflows as GitHub reads them: https://github.com/rhysd/actionlint
import { join } from "node:path";
import { buildFamily } from "./family.ts";

/** The family of its one program. */
export const actionlint = {
	folder: join(import.meta.dirname, "tools", "actionlint"),
	module: "github.com/rhysd/actionlint",
	packages: { actionlint: "github.com/rhysd/actionlint/cmd/actionlint" },
	/** With nothing cached, on 2 cores. */
	seconds: 15,
} as const;

/** The program's path. @throws Error where Go is missing or the build fails */
export const findActionlint = async (): Promise<string> => (await buildFamily(actionlint)).actionlint;
