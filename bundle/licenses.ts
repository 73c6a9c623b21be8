// The licenses of the packages in the bundle: most require that their text goes with every copy.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const LICENSE_FILE = /^(licen[cs]e|notice|copying)/i;

const textOf = async (tree: string, path: string): Promise<string> => {
	const folder = join(tree, path);
	const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
		name: string;
		version: string;
		license: string;
	};
	const files = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).sort();
	const texts = await Promise.all(files.map(async (file) => (await readFile(join(folder, file), "utf8")).trim()));
	return [`${name} ${version} (${license})`, ...texts].join("\n\n");
};

/**
 * One text with name, version and license files of each package.
 * @param tree folder with node_modules
 * @param packages such as `node_modules/a`
 */
export const licensesText = async (tree: string, packages: readonly string[]): Promise<string> => {
	const texts = await Promise.all(packages.map((path) => textOf(tree, path)));
	return `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
};
