// Go's durations, for `@every 1h30m`: read as time.ParseDuration does, since that is what the API server asks.

const UNITS: ReadonlyMap<string, bigint> = new Map([
	["ns", 1n],
	["us", 1_000n],
	["µs", 1_000n],
	["μs", 1_000n],
	["ms", 1_000_000n],
	["s", 1_000_000_000n],
	["m", 60_000_000_000n],
	["h", 3_600_000_000_000n],
]);
const LARGEST = 2n ** 63n;
const PART = /^([0-9]*)(\.[0-9]*)?([^.0-9]+)/;

/** Nanoseconds of a fraction such as `.5`: Go keeps 18 to 19 digits and multiplies as float64. */
const fractionOf = (digits: string, unit: bigint): bigint => {
	let value = 0n;
	let scale = 1;
	for (const digit of digits) {
		const next = value * 10n + BigInt(digit);
		if (value > (LARGEST - 1n) / 10n || next > LARGEST) break;
		value = next;
		scale *= 10;
	}
	return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
};

/**
 * The nanoseconds of a Go duration (`90m`, `1h30m`, `-1.5h`); undefined where Go refuses it, or where it is too long for
 * an int64 of nanoseconds (292 years).
 */
export const parseGoDuration = (text: string): bigint | undefined => {
	const negative = text.startsWith("-");
	let rest = text.replace(/^[-+]/, "");
	if (rest === "0") return 0n;
	if (rest === "") return undefined;
	let total = 0n;
	while (rest !== "") {
		const [all, whole, fraction = "", name] = PART.exec(rest) ?? [];
		const unit = UNITS.get(name ?? "");
		if (all === undefined || unit === undefined || `${whole}${fraction}`.replace(".", "") === "") return undefined;
		total += BigInt(whole as string) * unit + fractionOf(fraction.slice(1), unit);
		if (total > LARGEST) return undefined;
		rest = rest.slice(all.length);
	}
	if (negative) return -total;
	return total === LARGEST ? undefined : total;
};
