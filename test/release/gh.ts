// A stand-in for `gh release`, as far as the workflow uses it: one page in the file `page.json` of the folder GH_FOLDER, and the
// arguments of each call, a JSON array per line, in `calls` there.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

/** The page as it is kept. */
export interface StoredPage {
	draft: boolean;
	/** Texts by name. */
	files: Record<string, string>;
	/** Names of files whose upload was interrupted. */
	interrupted?: string[];
}

const { values, positionals } = parseArgs({
	args: process.argv.slice(3),
	allowPositionals: true,
	options: {
		"verify-tag": { type: "boolean" },
		prerelease: { type: "boolean" },
		clobber: { type: "boolean" },
		title: { type: "string" },
		"notes-file": { type: "string" },
		json: { type: "string" },
		draft: { type: "string" },
		pattern: { type: "string" },
		output: { type: "string" },
	},
});
const [verb, , ...paths] = positionals;
const folder = process.env["GH_FOLDER"] ?? "";
const file = join(folder, "page.json");
const page = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as StoredPage) : undefined;

const fail = (message: string): never => {
	process.stderr.write(`${message}\n`);
	return process.exit(1);
};
const found = (): StoredPage => page ?? fail("release not found");
const save = (changed: StoredPage): void => writeFileSync(file, JSON.stringify(changed));
const texts = (): Record<string, string> =>
	Object.fromEntries(paths.map((path) => [basename(path), readFileSync(path, "latin1")]));

const upload = ({ draft, files, interrupted = [] }: StoredPage): void => {
	const taken = Object.keys(texts()).filter((name) => name in files || interrupted.includes(name));
	if (taken.length > 0 && values.clobber !== true) fail(`asset under the same name already exists: ${taken}`);
	save({ draft, files: { ...files, ...texts() }, interrupted: interrupted.filter((name) => !taken.includes(name)) });
};

const view = ({ draft, files, interrupted = [] }: StoredPage): string => {
	const assets = Object.keys(files).map((name) => ({ name, state: "uploaded" }));
	const started = interrupted.map((name) => ({ name, state: "starter" }));
	return `${JSON.stringify({ isDraft: draft, assets: [...assets, ...started] })}\n`;
};

appendFileSync(join(folder, "calls"), `${JSON.stringify(process.argv.slice(2))}\n`);
if (verb === "create") {
	if (page !== undefined) fail("a release with the same tag name already exists");
	save({ draft: false, files: texts() });
} else if (verb === "view") process.stdout.write(view(found()));
else if (verb === "upload") upload(found());
else if (verb === "edit") save({ ...found(), draft: values.draft !== "false" });
else if (verb === "download") process.stdout.write(found().files[values.pattern ?? ""] ?? fail("no assets match"));
else fail(`unknown command ${verb}`);
