// An object of which no list and no text is longer than shows that it is too long. The webhook sees an object before the API
// server has applied `maxItems` and `maxLength`, so without this every check would have to cope with megabytes.
import { isRecord, propertiesOf, type Schema } from "./schema.ts";

const boundedText = ({ maxLength }: Schema, text: string): string => {
	if (maxLength === undefined) return text;
	// The schema counts characters, of which each takes at most two UTF-16 units.
	const most = 2 * maxLength;
	return text.length <= most ? text : text.slice(0, most + 1);
};

/**
 * A copy of the value in which every list and text that is longer than its schema allows is cut, so that it still is too long:
 * a list to one item more than `maxItems`, a text to one UTF-16 unit more than `maxLength` characters can have.
 * What is allowed comes back as it is.
 */
export const bounded = (schema: Schema, value: unknown): unknown => {
	if (typeof value === "string") return boundedText(schema, value);
	if (Array.isArray(value)) {
		const { items, maxItems = value.length } = schema;
		const kept = value.slice(0, maxItems + 1);
		return items === undefined ? kept : kept.map((item) => bounded(items, item));
	}
	if (!isRecord(value)) return value;
	const result: Record<string, unknown> = { ...value };
	for (const [name, property] of Object.entries(propertiesOf(schema)))
		if (Object.hasOwn(value, name)) result[name] = bounded(property, value[name]);
	return result;
};
