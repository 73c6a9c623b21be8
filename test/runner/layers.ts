// What the coverage of the unit stage is of, and the folders of that stage.

/** Folders of the program's code. */
export const LAYERS = ["src", "webhooks", "reconcilers", "certs"] as const;

/** Pure code, which its own tests cover whole: every line and branch. Folders, or what the paths of some files begin with. */
export const WHOLE = ["src/api/", "src/domain/", "src/template/", "webhooks/review"] as const;

/** Whether a unit test file is one of those of pure code. Tests mirror the sources: `test/domain/` is of `src/domain/`. */
export const isOfPureCode = (file: string): boolean =>
	WHOLE.some((path) => file.startsWith(`test/${path.replace(/^src\//, "")}`));

/** Holds one file for each process. */
export const COVERAGE = ".tap/coverage";

/** Holds each source without its types, for one run of the unit stage. */
export const STRIPPED = ".tap/stripped";
