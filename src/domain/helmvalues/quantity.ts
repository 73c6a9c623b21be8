// Resource quantities (`500m`, `2Gi`): what the API server would refuse must be told before the CronJob is written.
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/

const QUANTITY = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE]([-+]?[0-9]{1,2}))?$/;
const DECIMAL_SUFFIXES: Readonly<Record<string, number>> = {
	n: -9,
	u: -6,
	m: -3,
	k: 3,
	M: 6,
	G: 9,
	T: 12,
	P: 15,
	E: 18,
};
const BINARY_SUFFIXES: readonly string[] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** Longer texts are no amounts that anybody means. */
const LENGTH_LIMIT = 40;
/** Billionths: the finest that Kubernetes keeps. */
const NANO = 9;

/** Billionths in one. */
export const ONE = 10n ** BigInt(NANO);

const scaled = (digits: bigint, exponent: number): bigint => {
	if (exponent >= 0) return digits * 10n ** BigInt(exponent);
	const divisor = 10n ** BigInt(-exponent);
	// What is finer than a billionth is rounded up, as Kubernetes does it.
	return (digits + divisor - 1n) / divisor;
};

/** A quantity in billionths; undefined where it is none or negative (no resource may be). */
export const parseQuantity = (text: string): bigint | undefined => {
	if (text.length > LENGTH_LIMIT) return undefined;
	const [all, sign, whole, fraction = "", suffix = "", exponent = "0"] = QUANTITY.exec(text) ?? [];
	const digits = `${whole}${fraction}`;
	if (all === undefined || digits === "") return undefined;
	const factor = 1024n ** BigInt(BINARY_SUFFIXES.indexOf(suffix) + 1);
	const power = NANO - fraction.length + (DECIMAL_SUFFIXES[suffix] ?? 0) + Number(exponent);
	const value = scaled(BigInt(digits) * factor, power);
	return sign === "-" && value > 0n ? undefined : value;
};
