// What GitHub already has of a release, by its command line (https://cli.github.com/manual/gh_release).
import { createHash } from "node:crypto";
import { runProgram } from "../../image/program.ts";

/** A release's page. */
export interface Page {
	/** Not visible to users yet. */
	isDraft: boolean;
	/** Names of the files whose upload has ended. */
	files: string[];
}

interface View {
	isDraft: boolean;
	assets: { name: string; state: string }[];
}

/** The page of a tag; undefined where there is none. @throws Error where GitHub does not answer */
export const findPage = async (tag: string): Promise<Page | undefined> => {
	try {
		const printed = await runProgram("gh", ["release", "view", tag, "--json", "isDraft,assets"]);
		const { isDraft, assets } = JSON.parse(printed) as View;
		return { isDraft, files: assets.filter(({ state }) => state === "uploaded").map(({ name }) => name) };
	} catch (error) {
		if ((error as Error).message.includes("release not found")) return undefined;
		throw error;
	}
};

/** The SHA-256 of the list of checksums on the page, hexadecimal: the same list means the same files. */
export const publishedChecksums = async (tag: string, list: string): Promise<string> => {
	const text = await runProgram("gh", ["release", "download", tag, "--pattern", list, "--output", "-"]);
	return createHash("sha256").update(text).digest("hex");
};
