// Builds the program that users install: the sources and all packages as a few JavaScript files with source maps, under
// lib/. The npm package and the image ship these files, and no node_modules (docs/adr/0031).
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { OLDEST_NODE } from "../src/nodeversion.ts";
import { licensesText } from "./licenses.ts";
import { OPENPGP, separateOpenpgp } from "./openpgp.ts";
import { compiledValidators } from "./validators.ts";

const TREE = fileURLToPath(new URL("..", import.meta.url));

/** Files of the tree that the program reads, beside lib/. */
export const DATA = ["crds", "package.json"] as const;

/** What was built. */
export interface Bundle {
	/** The program, `lib/bmc.js`, executable. */
	program: string;
	/** Paths of the packages in it, such as `node_modules/a/node_modules/b`, sorted. */
	packages: string[];
}

interface OutputFile {
	name: string;
	contents: Uint8Array;
}

const PROGRAM = "bmc.js";

/** CommonJS packages call `require` for Node's own modules. */
const BANNER = `import { createRequire as createBundleRequire } from "node:module"; const require = createBundleRequire(import.meta.url);`;

const packageOf = (input: string): string[] => {
	const [, path] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
	return path === undefined ? [] : [path];
};

/** Only packages of which something is left in the output count. */
const packagesOf = ({ outputs }: Metafile): string[] => {
	const inputs = Object.values(outputs).flatMap((output) =>
		Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
	);
	return [...new Set(inputs.flatMap(packageOf))].sort();
};

const compile = () =>
	build({
		absWorkingDir: TREE,
		entryPoints: { bmc: "src/cli.ts", worker: "src/gpg/thread/worker.ts" },
		outdir: join(TREE, "lib"),
		bundle: true,
		// A package is where node_modules says, wherever a link leads.
		preserveSymlinks: true,
		// Each command loads what it needs: chunks are made where the sources import dynamically.
		splitting: true,
		format: "esm",
		platform: "node",
		target: `node${OLDEST_NODE}`,
		banner: { js: BANNER },
		// Names stay, so that stack traces can be read without the source map.
		minifySyntax: true,
		minifyWhitespace: true,
		sourcemap: true,
		sourcesContent: false,
		legalComments: "none",
		entryNames: "[name]",
		chunkNames: "[name]-[hash]",
		plugins: [compiledValidators(), separateOpenpgp()],
		metafile: true,
		write: false,
		logLevel: "error",
	});

/** Milliseconds; a file that no build has renamed for so long is left from one that was ended. */
const ABANDONED = 3_600_000;

/** Whether a file is one that another builder has not renamed yet. */
const isTemporary = async (folder: string, name: string): Promise<boolean> => {
	if (!name.startsWith(".")) return false;
	// Renamed meanwhile: it is not there to be removed.
	const written = await stat(join(folder, name)).catch(() => undefined);
	return written === undefined || Date.now() - written.mtimeMs < ABANDONED;
};

/** Removes what an earlier build left. Another builder may do the same at this time. */
const removeOthers = async (folder: string, current: ReadonlySet<string>): Promise<void> => {
	for (const name of await readdir(folder)) {
		if (current.has(name) || (await isTemporary(folder, name))) continue;
		await rm(join(folder, name), { recursive: true, force: true });
	}
};

/** Chunks first and the program last; what an earlier build left goes after that. A reader never finds half a bundle. */
const writeFiles = async (folder: string, files: readonly OutputFile[]): Promise<void> => {
	await mkdir(folder, { recursive: true });
	const order = files.toSorted((left, right) => Number(left.name === PROGRAM) - Number(right.name === PROGRAM));
	for (const { name, contents } of order) {
		const temporary = join(folder, `.${name}.${process.pid}`);
		await writeFile(temporary, contents);
		if (name === PROGRAM) await chmod(temporary, 0o755);
		await rename(temporary, join(folder, name));
	}
	await removeOthers(folder, new Set(files.map(({ name }) => name)));
};

const textFile = (name: string, text: string): OutputFile => ({ name, contents: Buffer.from(text) });

/**
 * Builds the bundle.
 * @param root folder that gets `lib/`, and beside it the files that the program reads; the source tree itself if absent
 * @throws Error where a source does not compile
 */
export const makeBundle = async (root: string = TREE): Promise<Bundle> => {
	const { outputFiles, metafile } = await compile();
	const packages = [...packagesOf(metafile), OPENPGP.package].sort();
	const lib = join(root, "lib");
	await writeFiles(lib, [
		...outputFiles.map(({ path, contents }) => ({ name: path.slice(join(TREE, "lib").length + 1), contents })),
		{ name: OPENPGP.name, contents: await readFile(join(TREE, OPENPGP.file)) },
		textFile("THIRD-PARTY-LICENSES.txt", await licensesText(TREE, packages)),
	]);
	if (resolve(root) !== resolve(TREE))
		for (const path of DATA) await cp(join(TREE, path), join(root, path), { recursive: true });
	return { program: join(lib, PROGRAM), packages };
};

/** Builds the bundle in the source tree. Out: the path of the program, to be run by Node.js. */
export const buildBundle = async (): Promise<string> => (await makeBundle()).program;

if (process.argv[1] === import.meta.filename) process.stdout.write(`${await buildBundle()}\n`);
