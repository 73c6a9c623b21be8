// What the coverage of the unit stage is of, and the folders of that stage.

/** Folders of the program's code. */
export const LAYERS = ["src", "webhooks", "reconcilers", "certs"] as const;

/** Holds one file for each process. */
export const COVERAGE = ".tap/coverage";

/** Holds each source without its types, for one run of the unit stage. */
export const STRIPPED = ".tap/stripped";
