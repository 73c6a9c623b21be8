// Turns the shell files, which editors and shellcheck understand, into the TypeScript modules that the pure code
// imports: nothing is read from disk at run time. `--check` only compares, and exits 1 where a module is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = join(import.meta.dirname, "..", "..");

interface GeneratedModule {
	/** Relative to `src`. */
	readonly module: string;
	/** Constant name → shell file, relative to `src`. */
	readonly texts: Readonly<Record<string, string>>;
	readonly convert: (text: string) => string;
}

/** Without comment lines and indentation: the text goes into every Job. Only for scripts with no multi-line strings. */
const compact = (script: string): string =>
	script
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "" && !line.startsWith("#"))
		.map((line) => `${line}\n`)
		.join("");

const unchanged = (text: string): string => text;

const MODULES: readonly GeneratedModule[] = [
	{
		module: "domain/objects/bootstrap-text.ts",
		texts: { BOOTSTRAP_TEXT: "domain/objects/bootstrap.sh" },
		convert: compact,
	},
	{
		module: "procedures/scripts.ts",
		texts: {
			POSTGRES_BACKUP: "procedures/postgres/backup.sh.tmpl",
			POSTGRES_RESTORE: "procedures/postgres/restore.sh.tmpl",
			MYSQL_DUMP_BACKUP: "procedures/mysql-dump/backup.sh.tmpl",
			MYSQL_DUMP_RESTORE: "procedures/mysql-dump/restore.sh.tmpl",
			TAR_BACKUP: "procedures/tar/backup.sh.tmpl",
			TAR_RESTORE: "procedures/tar/restore.sh.tmpl",
		},
		convert: unchanged,
	},
];

/** One string literal per line, so that a change of one shell line is a change of one line here. */
const constant = (name: string, text: string): string => {
	const lines = text.split(/(?<=\n)/).map((line) => `\t${JSON.stringify(line)},\n`);
	return `export const ${name} = [\n${lines.join("")}].join("");\n`;
};

const generated = (module: GeneratedModule): string => {
	const files = Object.values(module.texts).map((file) => `src/${file}`);
	const constants = Object.entries(module.texts).map(([name, file]) =>
		constant(name, module.convert(readFileSync(join(SOURCES, file), "utf8"))),
	);
	return [
		`// Generated from ${files.join(", ")} by src/procedures/generate/generate.ts. Do not edit.\n`,
		"// biome-ignore-all format: one line of shell per line.\n\n",
		constants.join("\n"),
	].join("");
};

/** Paths (relative to `src`) of the modules that differ from what their shell files give. */
export const staleModules = (): string[] =>
	MODULES.filter((module) => currentText(module) !== generated(module)).map((module) => module.module);

const currentText = (module: GeneratedModule): string | undefined => {
	try {
		return readFileSync(join(SOURCES, module.module), "utf8");
	} catch {
		return undefined;
	}
};

/** Writes all generated modules. */
export const generateModules = (): void => {
	for (const module of MODULES) {
		writeFileSync(join(SOURCES, module.module), generated(module));
	}
};

if (import.meta.main) {
	if (!process.argv.includes("--check")) {
		generateModules();
	} else if (staleModules().length > 0) {
		process.stderr.write(`stale: ${staleModules().join(", ")}; run node src/procedures/generate/generate.ts\n`);
		process.exitCode = 1;
	}
}
