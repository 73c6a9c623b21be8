// The values of flags, read strictly: what is none of the allowed ones is a usage mistake that names them.
import { isImageReference } from "../api/image.ts";
import { parseGoDuration } from "../domain/schedule-duration.ts";
import { UsageMistake } from "./arguments.ts";

/** Where a server listens. */
export interface BindAddress {
	/** All interfaces where absent. */
	host?: string;
	/** 0: any free one. */
	port: number;
}

/** A host and a port as one text: `:8080`, `127.0.0.1:8080`, `[::1]:8080`. */
export const hostAndPort = ({ host = "", port }: { host?: string; port: number | string }): string =>
	`${host.includes(":") ? `[${host}]` : host}:${port}`;

/** `:9443`, `127.0.0.1:0`, `[::1]:8080`; undefined for `0`, which turns the server off. @throws UsageMistake */
export const bindAddress = (flag: string, text: string): BindAddress | undefined => {
	if (text === "0") return undefined;
	const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
	const port = Number(match?.[3]);
	if (match === null || port > 65_535)
		throw new UsageMistake(`--${flag} is an address such as :8080 or 127.0.0.1:8080, not ${JSON.stringify(text)}`);
	const host = match[1] ?? match[2];
	return host ? { host, port } : { port };
};

/** One of a few words. @throws UsageMistake */
export const oneOf = <Word extends string>(flag: string, text: string, words: readonly Word[]): Word => {
	const word = words.find((candidate) => candidate === text);
	if (word === undefined) throw new UsageMistake(`--${flag} is ${words.join(" or ")}, not ${JSON.stringify(text)}`);
	return word;
};

/** Namespaces, separated by commas; none for an empty text. @throws UsageMistake */
export const namespaces = (flag: string, text: string): string[] => {
	const names = text.split(",").flatMap((part) => part.trim() || []);
	const wrong = names.find((name) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name));
	if (wrong !== undefined) throw new UsageMistake(`--${flag}: ${JSON.stringify(wrong)} is no namespace name`);
	return [...new Set(names)];
};

/** An https URL without credentials, query or fragment, as webhook registrations take it. @throws UsageMistake */
export const webhookUrl = (flag: string, text: string): string => {
	const url = URL.parse(text);
	if (url === null || url.protocol !== "https:" || url.username || url.password || url.search || url.hash)
		throw new UsageMistake(`--${flag} is a URL such as https://127.0.0.1:9443, not ${JSON.stringify(text)}`);
	return url.href.replace(/\/$/, "");
};

/** A container image. @throws UsageMistake */
export const image = (flag: string, text: string): string => {
	if (isImageReference(text)) return text;
	throw new UsageMistake(`--${flag} is an image such as registry.example.org/tools:1.2, not ${JSON.stringify(text)}`);
};

const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** A name of a Kubernetes object, or none for an empty text. @throws UsageMistake */
export const objectName = (flag: string, text: string | undefined): string | undefined => {
	if (!text) return undefined;
	if (text.length <= 253 && NAME.test(text)) return text;
	throw new UsageMistake(`--${flag}: ${JSON.stringify(text)} is no name of an object`);
};

/**
 * A value of a label, or none for an empty text. @throws UsageMistake
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const labelValue = (flag: string, text: string | undefined): string | undefined => {
	if (!text) return undefined;
	if (/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(text)) return text;
	throw new UsageMistake(
		`--${flag}: ${JSON.stringify(text)} is no value of a label (at most 63 letters, digits, "-", "_" and ".", at both ends a letter or digit)`,
	);
};

/** DNS names and IP addresses, separated by commas; none for an empty text. @throws UsageMistake */
export const hosts = (flag: string, text: string): string[] => {
	const names = text.split(",").flatMap((part) => part.trim() || []);
	const wrong = names.find(
		(name) => name.length > 253 || !(NAME.test(name) || /^[0-9a-fA-F:]+(:[0-9.]+)?$/.test(name)),
	);
	if (wrong !== undefined) throw new UsageMistake(`--${flag}: ${JSON.stringify(wrong)} is no DNS name or IP address`);
	return [...new Set(names)];
};

/** Milliseconds of a Go duration such as `15s` or `1m30s`, one second or more. @throws UsageMistake */
export const milliseconds = (flag: string, text: string): number => {
	const nanoseconds = parseGoDuration(text);
	const found = nanoseconds === undefined ? Number.NaN : Number(nanoseconds / 1_000_000n);
	if (found >= 1000) return found;
	throw new UsageMistake(
		`--${flag}: Invalid value: ${JSON.stringify(text)}: must be a duration of 1s or more, such as 15s or 1m30s`,
	);
};

/** Seconds of a Go duration such as `8760h` or `1h30m`, at least `least` of them. @throws UsageMistake */
export const duration = (flag: string, text: string, least: number): number => {
	const nanoseconds = parseGoDuration(text);
	const seconds = nanoseconds === undefined ? Number.NaN : Number(nanoseconds / 1_000_000_000n);
	if (seconds >= least) return seconds;
	throw new UsageMistake(
		`--${flag} is a duration such as 168h or 90m, of ${least / 60} minutes or more, not ${JSON.stringify(text)}`,
	);
};
