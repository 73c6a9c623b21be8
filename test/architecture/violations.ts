// Finds what a file does that its layer may not. Pure text work, so that its own test needs no files.
import { posix } from "node:path";
import { generatedFiles, impureExpressions, type Layer, LINE_LIMIT, layers, typeOnlyExceptions } from "./layers.ts";

interface Import {
	specifier: string;
	typeOnly: boolean;
}

const IMPORT = /^[ \t]*(?:import|export)\b(?<clause>[^;"']*?)\bfrom\s*["'](?<specifier>[^"']+)["']/gm;
const SIDE_EFFECT = /^[ \t]*import\s*["'](?<specifier>[^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["'](?<specifier>[^"']+)["']/g;

const isTypeOnly = (clause: string): boolean => {
	if (/^\s*type\b/.test(clause)) return true;
	const names = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(clause)?.groups?.["names"]?.split(",") ?? [""];
	return (
		names.filter((name) => name.trim() !== "").every((name) => /^\s*type\s/.test(name)) && names.join("").trim() !== ""
	);
};

/** The text without comments, lines kept. A comment sign inside a text counts as one: that hides code, never invents it. */
const withoutComments = (text: string): string =>
	text
		.replaceAll(/\/\*.*?\*\//gs, (comment) => comment.replaceAll(/[^\n]/g, " "))
		.replaceAll(/(^|[\s;{}(),])\/\/.*$/gm, "$1");

const importsOf = (text: string): Import[] => [
	...[...text.matchAll(IMPORT)].map(({ groups }) => ({
		specifier: groups?.["specifier"] ?? "",
		typeOnly: isTypeOnly(groups?.["clause"] ?? ""),
	})),
	...[...text.matchAll(SIDE_EFFECT), ...text.matchAll(DYNAMIC)].map(({ groups }) => ({
		specifier: groups?.["specifier"] ?? "",
		typeOnly: false,
	})),
];

const isInside = (file: string, path: string): boolean => file === path || file.startsWith(`${path}/`);

/** The layer that a file belongs to; undefined where the table knows none. */
export const layerOf = (file: string): Layer | undefined =>
	layers
		.filter((layer) => isInside(file, layer.path))
		.toSorted((left, right) => right.path.length - left.path.length)[0];

const packageName = (specifier: string): string =>
	specifier.startsWith("node:") ? specifier : specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

const mayLoad = (layer: Layer, name: string): boolean =>
	layer.packages.includes(name) || (name.startsWith("node:") && layer.packages.includes("node:*"));

const packageViolation = (file: string, layer: Layer, { specifier, typeOnly }: Import): string[] => {
	const name = packageName(specifier);
	if (mayLoad(layer, name)) return [];
	if (typeOnly && (!layer.pure || typeOnlyExceptions[file] === name)) return [];
	return [`${file}: ${layer.path} may not import ${name}`];
};

const relativeViolation = (file: string, layer: Layer, { specifier }: Import): string[] => {
	const target = posix.normalize(posix.join(posix.dirname(file), specifier));
	const other = layerOf(target);
	if (other === undefined) return [`${file}: imports ${target}, which is in no layer`];
	if (other.path === layer.path || layer.imports.includes(other.path)) return [];
	return [`${file}: ${layer.path} may not import ${other.path} (${target})`];
};

const impurities = (file: string, layer: Layer, text: string): string[] => {
	if (!layer.pure || generatedFiles.includes(file)) return [];
	return text.split("\n").flatMap((line, index) =>
		impureExpressions
			.map((expression) => expression.exec(line)?.[0])
			.filter((found) => found !== undefined)
			.map((found) => `${file}:${index + 1}: ${layer.path} is pure, but says ${found}`),
	);
};

/** Every rule that a source file breaks, one line each. `file` is its path from the root, `text` its content. */
export const importViolations = (file: string, text: string): string[] => {
	const layer = layerOf(file);
	if (layer === undefined) return [`${file}: is in no layer; add it to test/architecture/layers.ts`];
	const code = withoutComments(text);
	const imports = importsOf(code).flatMap((found) =>
		found.specifier.startsWith(".") ? relativeViolation(file, layer, found) : packageViolation(file, layer, found),
	);
	return [...new Set([...imports, ...impurities(file, layer, code)])];
};

/** A file's length, where it is over the limit and written by hand. */
export const sizeViolations = (file: string, lines: number): string[] =>
	lines > LINE_LIMIT && !generatedFiles.includes(file) ? [`${file}: ${lines} lines, more than ${LINE_LIMIT}`] : [];
