// Secret values that are known again wherever they turn up: as they are, and in the encodings that they travel in.
import { randomBytes } from "node:crypto";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";

export interface Canary {
	/** Said where it is found. */
	name: string;
	/** Pieces of the value, any of which gives it away. */
	pieces: readonly string[];
}

/** A value that is nowhere else, with the name in it. */
export const marked = (name: string): string => `canary-${name}-${randomBytes(8).toString("hex")}`;

/** A canary for a value of `marked`, whatever surrounds it: only its random end is looked for. */
export const canaryOf = (name: string, value: string): Canary => ({
	name,
	pieces: [/[0-9a-f]{16}/.exec(value)?.[0] ?? value],
});

/** A canary for an armored key: each line of its body would give a part of it away. */
export const canaryOfKey = (name: string, armored: string): Canary => ({
	name,
	pieces: armored.split("\n").filter((line) => /^[A-Za-z0-9+/]{60,}$/.test(line)),
});

/** Base64 of bytes that stand anywhere in a longer text: three alignments, without the ends that depend on neighbours. */
const base64Forms = (bytes: Buffer): string[] =>
	[0, 1, 2].map((shift) => {
		const text = Buffer.concat([Buffer.alloc(shift), bytes])
			.toString("base64")
			.replace(/=+$/, "");
		return text.slice(shift === 0 ? 0 : shift + 1, -2);
	});

const formsOf = (piece: string): { form: string; text: string }[] => {
	const bytes = Buffer.from(piece);
	const inside = Buffer.from(piece, "base64");
	const hex = [bytes, inside].map((one) => ({ form: "hex", text: one.toString("hex") }));
	return [
		{ form: "plain", text: piece },
		...base64Forms(bytes).map((text) => ({ form: "Base64", text })),
		...hex,
		{ form: "reversed", text: [...piece].reverse().join("") },
	];
};

/** Finds canaries in a text. */
export const createSearch = (canaries: readonly Canary[]) => {
	const forms = canaries.flatMap(({ name, pieces }) =>
		pieces.flatMap((piece) =>
			formsOf(piece).map(({ form, text }) => ({ said: `${name} (${form})`, text: text.toLowerCase() })),
		),
	);
	return (text: string): string[] => {
		const lower = text.toLowerCase();
		return [...new Set(forms.filter((one) => lower.includes(one.text)).map(({ said }) => said))];
	};
};

/** What a process has in its open regular files and in a folder that is its TMPDIR, by path. */
export const filesOf = async (pid: number, temporary: string): Promise<Map<string, string>> => {
	const descriptors = await readdir(`/proc/${pid}/fd`);
	const links = await Promise.all(descriptors.map((one) => readlink(`/proc/${pid}/fd/${one}`).catch(() => "")));
	const left = (await readdir(temporary, { recursive: true })).map((name) => join(temporary, name));
	const files = new Map<string, string>();
	for (const path of [...links.filter((link) => link.startsWith("/")), ...left]) {
		const found = await stat(path.replace(/ \(deleted\)$/, "")).catch(() => undefined);
		if (found?.isFile() === true) files.set(path, await readFile(path, "latin1"));
	}
	for (const own of ["cmdline", "environ"])
		files.set(`/proc/${pid}/${own}`, await readFile(`/proc/${pid}/${own}`, "latin1"));
	return files;
};
