// Logs: JSON lines, one event each, for machines (terminal.ts makes coloured lines of them). Redaction is the second fence: no code
// of ours logs objects of the API, but one that did by mistake would not show a Secret.
import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "../config.ts";
import { plainError } from "./errors.ts";

export type { Logger } from "pino";

export interface LoggerOptions {
	/** The least important that is printed. */
	level: LogLevel;
	/** Standard output where undefined. */
	destination?: DestinationStream | undefined;
}

/** Names of properties that are never printed, at the top and three levels down. */
const SECRET_NAMES = [
	"data",
	"stringData",
	"vars",
	"headers",
	"authorization",
	"Authorization",
	"token",
	"password",
	"passphrase",
	"privateKey",
	"kubeconfig",
	"body",
];

const everywhere = (name: string): string[] => ["", "*.", "*.*.", "*.*.*."].map((prefix) => `${prefix}${name}`);

/** The root logger; modules take children of it as an argument. */
export const createLogger = (options: LoggerOptions): Logger => {
	return pino(
		{
			level: options.level,
			base: null,
			timestamp: pino.stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
			redact: { paths: SECRET_NAMES.flatMap(everywhere), censor: "[redacted]" },
			serializers: { err: (error) => plainError(error) },
		},
		options.destination ?? pino.destination({ dest: 1, sync: true }),
	);
};
