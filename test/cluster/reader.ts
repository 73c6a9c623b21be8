// What `kubectl get … -o json` answers, without a process for each question: tests ask many times until something holds.
import { parseArgs } from "node:util";
import { callApi } from "./api.ts";
import type { Kinds, Plane, Resource } from "./kinds.ts";

/** What a request asks for. */
export interface Question {
	kinds: string[];
	name?: string;
	/** Undefined: all of them. */
	namespace?: string;
	selector?: string;
	fieldSelector?: string;
}

/**
 * Reads the arguments of `kubectl get`.
 * @throws Error where they are not `get KIND[,KIND] [NAME] [-n NAMESPACE | -A] [-l SELECTOR] [--field-selector SELECTOR]` or `get KIND/NAME …`
 */
export const questionOf = (args: readonly string[]): Question => {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			namespace: { type: "string", short: "n", default: "default" },
			selector: { type: "string", short: "l" },
			"field-selector": { type: "string" },
			all: { type: "boolean", short: "A", default: false },
		},
	});
	const [verb, what = "", named, ...more] = positionals;
	const [kinds = "", inside] = what.split("/");
	if (verb !== "get" || kinds === "" || more.length > 0 || (named !== undefined && inside !== undefined))
		throw new Error(`"${args.join(" ")}" is not a question that is answered without kubectl`);
	const name = named ?? inside;
	return {
		kinds: kinds.split(","),
		...(name === undefined ? {} : { name }),
		...(values.all ? {} : { namespace: values.namespace }),
		...(values.selector === undefined ? {} : { selector: values.selector }),
		...(values["field-selector"] === undefined ? {} : { fieldSelector: values["field-selector"] }),
	};
};

const pathOf = ({ root, plural, namespaced }: Resource, question: Question): string => {
	const { name, namespace, selector, fieldSelector } = question;
	const where = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : "";
	const query = new URLSearchParams({
		...(selector === undefined ? {} : { labelSelector: selector }),
		...(fieldSelector === undefined ? {} : { fieldSelector }),
	});
	return `${root}${where}/${plural}${name === undefined ? "" : `/${name}`}${query.size === 0 ? "" : `?${query}`}`;
};

const isNotFound = (status: number, body: Record<string, unknown>): boolean =>
	status === 404 && (body["details"] as { name?: string } | undefined)?.name !== undefined;

/** The object as kubectl prints it: without what only field managers read. */
const printed = (object: unknown): object => {
	const { metadata, ...rest } = object as { metadata?: object };
	if (metadata === undefined) return rest;
	return { ...rest, metadata: { ...metadata, managedFields: undefined } };
};

/** Answers questions about a cluster; undefined where an object is not found. @throws Error where the API server answers with another error, or knows no such kind */
// biome-ignore lint/suspicious/noExplicitAny: objects of all kinds, of which tests look at parts
export const readerOf = (plane: Plane, kinds: Kinds): ((args: readonly string[]) => Promise<any>) => {
	const readOne = async (kind: string, question: Question) => {
		const resource = await kinds.resolve(kind);
		const path = pathOf(resource, question);
		const { status, body } = await callApi(plane, "GET", path);
		if (status === 200) return { resource, body };
		if (isNotFound(status, body)) return undefined;
		if (status === 404) kinds.forget();
		throw new Error(`GET ${path} is answered with ${status}: ${body["message"]}`);
	};
	return async (args) => {
		const question = questionOf(args);
		if (question.name !== undefined) {
			const found = await readOne(question.kinds[0] ?? "", question);
			return found === undefined ? undefined : printed(found.body);
		}
		const items: unknown[] = [];
		for (const kind of question.kinds) {
			const list = await readOne(kind, question);
			const { apiVersion, kind: itemKind } = list?.resource ?? {};
			for (const item of (list?.body["items"] ?? []) as object[])
				items.push({ apiVersion, kind: itemKind, ...printed(item) });
		}
		return { apiVersion: "v1", kind: "List", items };
	};
};
