// .editorconfig states what Biome and the project's files do.
import { readFileSync } from "node:fs";
import { matchesGlob } from "node:path";
import t from "tap";
import { execute } from "../cluster/execute.ts";

interface Section {
	glob: string;
	values: Record<string, string>;
}

/** https://spec.editorconfig.org/#file-format */
const sections = (text: string): Section[] =>
	text
		.split(/^(?=\[)/m)
		.slice(1)
		.map((part) => ({
			glob: /^\[(.*)\]$/m.exec(part)?.[1] ?? "",
			values: Object.fromEntries(
				[...part.matchAll(/^(\w+) = (\S+)$/gm)].map(([, key = "", value = ""]) => [key, value]),
			),
		}));

const found = sections(readFileSync(".editorconfig", "utf8"));

/** What an editor does with a file: later sections win, `unset` takes a value back. */
const settingsOf = (file: string): Record<string, string> =>
	Object.assign(
		{},
		...found
			.filter(({ glob }) => matchesGlob(file, glob.includes("/") ? glob : `**/${glob}`))
			.map(({ values }) => values),
	);

t.test("it agrees with Biome", async (t) => {
	const { formatter } = JSON.parse(readFileSync("biome.json", "utf8"));
	const { indent_style, max_line_length } = settingsOf("src/cli.ts");
	t.strictSame(
		{ indentStyle: indent_style, lineWidth: Number(max_line_length) },
		{
			indentStyle: formatter.indentStyle,
			lineWidth: formatter.lineWidth,
		},
	);
});

t.test("it agrees with the files", async (t) => {
	const { stdout } = await execute("git", ["ls-files"]);
	const files = stdout.trimEnd().split("\n");
	t.ok(files.length > 500);
	for (const file of files) {
		const { indent_style, insert_final_newline, end_of_line } = settingsOf(file);
		const text = readFileSync(file, "utf8");
		const wrong = [
			// Biome checks TypeScript, where the lines of a text may begin with anything.
			...(indent_style === "tab" && !file.endsWith(".ts") && /^ {2,}[^\s*]/m.test(text) ? ["spaces"] : []),
			...(indent_style === "space" && /^\t/m.test(text) && !file.endsWith(".md") ? ["tabs"] : []),
			...(insert_final_newline === "true" && !text.endsWith("\n") ? ["no line break at the end"] : []),
			...(end_of_line === "lf" && text.includes("\r\n") ? ["CRLF"] : []),
		];
		if (wrong.length > 0) t.fail(`${file}: ${wrong.join(", ")}`);
	}
});
