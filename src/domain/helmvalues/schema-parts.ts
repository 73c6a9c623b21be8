// Short words for the few forms of JSON Schema that describe pod options. Every object is closed: an unknown key in a
// pod is a mistyped one, and the API server would silently drop it.

/** The part of JSON Schema that is used here. */
export interface Schema {
	type: "object" | "array" | "string" | "integer" | "boolean";
	properties?: Record<string, Schema>;
	required?: readonly string[];
	additionalProperties?: false | Schema;
	propertyNames?: { format: string };
	items?: Schema;
	format?: string;
	enum?: readonly string[];
	minimum?: number;
	maximum?: number;
}

/** An object with these keys and no others. */
export const object = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
	type: "object",
	properties,
	additionalProperties: false,
	...(required.length === 0 ? {} : { required }),
});

/** An object with any keys of a format, all of one kind. */
export const map = (keyFormat: string, values: Schema): Schema => ({
	type: "object",
	propertyNames: { format: keyFormat },
	additionalProperties: values,
});

export const list = (items: Schema): Schema => ({ type: "array", items });

/** Text of a format, of a set, or any. */
export const text = (kind?: string | { enum: readonly string[] }): Schema => {
	if (kind === undefined) return { type: "string" };
	return typeof kind === "string" ? { type: "string", format: kind } : { type: "string", enum: kind.enum };
};

/** A whole number, both bounds included. */
export const number = (minimum: number, maximum: number): Schema => ({ type: "integer", minimum, maximum });
