// The files that mutants are made of, by layer, so that a sample can hold some of each.
import { globSync } from "node:fs";

const PATTERNS = ["src/**/*.ts", "webhooks/**/*.ts", "reconcilers/**/*.ts", "certs/**/*.ts"];

/**
 * Not mutated: what a program wrote, tables that were copied from a standard, and the programs that write (their whole output is
 * compared in the static checks).
 */
const EXCLUDED = [
	"src/api/types.ts",
	"src/api/schemas.ts",
	"src/procedures/scripts.ts",
	"src/domain/objects/bootstrap-text.ts",
	"src/domain/timezone-names.ts",
	"src/*/generate/**",
];

/** `src/domain` of `src/domain/vars/parse.ts`; `src` of a file right in it; `webhooks` of `webhooks/server.ts`. */
export const layerOf = (file: string): string => {
	const [top = "", folder = "", ...rest] = file.split("/");
	return top === "src" && rest.length > 0 ? `${top}/${folder}` : top;
};

/** Paths from `root`, sorted. */
export const mutatedFiles = (root: string): string[] =>
	globSync(PATTERNS, { cwd: root, exclude: EXCLUDED })
		.map((path) => path.replaceAll("\\", "/"))
		.sort();
