// Parts of the documentation's pages, for tests that run or check what is printed there.
import { readFileSync } from "node:fs";

/** The text under a heading, up to the next heading of the same rank or a higher one. Throws where there is no such heading. */
export const sectionOf = (file: string, heading: string): string => {
	const lines = readFileSync(file, "utf8").split("\n");
	const start = lines.indexOf(heading);
	if (start < 0) throw new Error(`${file} has no heading "${heading}"`);
	const rank = heading.indexOf(" ");
	const rest = lines.slice(start + 1);
	let inCode = false;
	const end = rest.findIndex((line) => {
		if (line.trimStart().startsWith("```")) inCode = !inCode;
		return !inCode && /^#+ /.test(line) && line.indexOf(" ") <= rank;
	});
	return rest.slice(0, end < 0 ? undefined : end).join("\n");
};

/** The code blocks of a language, without the indentation that a list gives them. */
export const codeBlocks = (text: string, language: string): string[] =>
	[...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^\\1\`\`\``, "gms"))].map(([, indent = "", block = ""]) =>
		block
			.split("\n")
			.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
			.join("\n"),
	);
