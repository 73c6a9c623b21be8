// Cuts a watch's byte stream into lines. Works on bytes, since a newline byte is never part of a longer UTF-8
// character: a character that is split over two chunks is whole again before it is decoded.

/** Bytes. An object has at most 3 MiB (etcd's limit twice over); what is longer is no watch event. */
const LONGEST_LINE = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface LineSplitter {
	/** The lines that this chunk completes, without their newline, empty ones left out; undefined for one too long. */
	push(chunk: Uint8Array): (Buffer | undefined)[];
}

/** Holds the rest of a line until its end comes. A rest without a newline at the end of the stream is a torn event: dropped. */
export const createLineSplitter = (longest = LONGEST_LINE): LineSplitter => {
	let parts: Uint8Array[] = [];
	let size = 0;
	let overflow = false;

	const keep = (part: Uint8Array): void => {
		size += part.length;
		overflow ||= size > longest;
		if (overflow) parts = [];
		else if (part.length > 0) parts.push(part);
	};
	const take = (): Buffer | undefined => {
		const line = overflow ? undefined : Buffer.concat(parts);
		parts = [];
		size = 0;
		overflow = false;
		return line;
	};
	return {
		push: (chunk) => {
			const lines: (Buffer | undefined)[] = [];
			let start = 0;
			for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
				keep(chunk.subarray(start, end));
				const line = take();
				if (line === undefined || line.length > 0) lines.push(line);
				start = end + 1;
			}
			keep(chunk.subarray(start));
			return lines;
		},
	};
};
