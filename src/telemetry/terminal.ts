// Log lines for people: the JSON lines, coloured and short. A module of its own, because a pod never needs it.
import type { DestinationStream } from "pino";
import pretty from "pino-pretty";

/** Takes JSON lines. @param destination gets the coloured lines; standard output where absent */
export const terminalLines = (destination?: DestinationStream): DestinationStream =>
	pretty({
		colorize: true,
		ignore: "pid,hostname",
		translateTime: "HH:MM:ss.l",
		...(destination === undefined ? {} : { destination }),
		sync: true,
	});
