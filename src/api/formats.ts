// The formats that the CRDs' schemas name.
import type { Format } from "ajv";

const INT32_LIMIT = 2 ** 31;

/** RFC 3339, as the API server's `date-time` format requires it. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** By the name that a schema uses. */
export const FORMATS: Readonly<Record<string, Format>> = {
	int32: { type: "number", validate: (value: number) => value >= -INT32_LIMIT && value < INT32_LIMIT },
	int64: { type: "number", validate: Number.isSafeInteger },
	"date-time": DATE_TIME,
};
