// The change that makes a live object what we want, as a JSON merge patch (RFC 7396). Not server-side apply: that leaves
// in place what others add to maps and keyed lists (an environment variable, a node selector), and cannot be told to only
// create. A patch that names UID and resourceVersion meets exactly the object that was looked at.

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A merge patch that turns `live` into `wanted`: what `wanted` does not state is taken out, and the API server then fills
 * in its own default again; lists are replaced as a whole.
 */
export const replacing = (live: unknown, wanted: unknown): unknown => {
	if (!isRecord(live) || !isRecord(wanted)) return wanted;
	const extra = Object.keys(live).filter((key) => wanted[key] === undefined);
	return {
		...Object.fromEntries(extra.map((key) => [key, null])),
		...Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, replacing(live[key], value)])),
	};
};
