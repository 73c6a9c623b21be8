// Shows how long builds still take, until they are there.
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between two looks. */
const LOOK = 1_000;

/** Where the text goes. */
export interface Screen {
	write(text: string): void;
	/** Whether one line can be written again and again. */
	isTTY: boolean;
}

/**
 * Waits for `done`, and meanwhile shows `remaining`: in one line of a terminal, elsewhere a line for each change of the text.
 * @throws what `done` throws
 */
export const waitShowing = async (
	done: Promise<void>,
	remaining: () => string,
	{ write, isTTY }: Screen,
	pause: () => Promise<unknown> = () => delay(LOOK),
): Promise<void> => {
	let ended = false;
	let shown = "";
	const settled = done.finally(() => {
		ended = true;
	});
	settled.catch(() => undefined);
	// A microtask later it is known whether there is anything to wait for.
	await Promise.resolve().then(() => undefined);
	while (!ended) {
		const text = remaining();
		if (text !== shown && text !== "") write(isTTY ? `\r\u001b[K${text}` : `${text}\n`);
		shown = text;
		await Promise.race([pause(), settled.catch(() => undefined)]);
	}
	if (isTTY && shown !== "") write("\r\u001b[K");
	await settled;
};
