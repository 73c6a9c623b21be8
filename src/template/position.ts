// Where in a template something is, as Go counts: lines from 1, columns from 0 and in bytes.

export interface Place {
	readonly line: number;
	readonly column: number;
}

/** The place of an index (UTF-16 units) into a text. */
export function placeAt(text: string, position: number): Place {
	const lineStart = text.lastIndexOf("\n", position - 1) + 1;
	let line = 1;
	for (let at = text.indexOf("\n"); at >= 0 && at < position; at = text.indexOf("\n", at + 1)) line++;
	return { line, column: position === 0 ? 0 : Buffer.byteLength(text.slice(lineStart, position)) };
}
