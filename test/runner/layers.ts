// What the coverage of the unit stage is of, and where it is collected.

/** Folders of the program's code. */
export const LAYERS = ["src", "webhooks", "reconcilers", "certs"] as const;

/** Holds one file for each process. */
export const COVERAGE = ".tap/coverage";
