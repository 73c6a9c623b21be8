// Names, as the API server checks them before everything else.
import t from "tap";
import { metadataProblems } from "../../src/api/metadata.ts";
import { scheduledBackup, withMetadata } from "./objects.ts";

const SUBDOMAIN = "a lowercase RFC 1123 subdomain must consist of";
const LABEL = "a lowercase RFC 1123 label must consist of";

const CHARACTERS = "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const rows: Record<string, [metadata: unknown, problems: string[]]> = {
	"a name": [{ name: "app1.example" }, []],
	"a prefix": [{ generateName: "app1-backup-" }, []],
	"a name of 253": [{ name: "a".repeat(253) }, []],
	"a name of 254": [
		{ name: "a".repeat(254) },
		[`metadata.name: Invalid value: "${"a".repeat(254)}": must be no more than 253`],
	],
	"no name": [{}, ["metadata.name: Required value: name or generateName is required"]],
	"no metadata": [undefined, ["metadata.name: Required value: name or generateName is required"]],
	"metadata that is no map": ["x", []],
	capitals: [{ name: "App" }, [`metadata.name: Invalid value: "App": ${SUBDOMAIN}`]],
	"a number": [{ name: 5 }, [`metadata.name: Invalid value: 5: ${SUBDOMAIN}`]],
	"a bad prefix": [{ generateName: "App-" }, [`metadata.generateName: Invalid value: "App-": ${SUBDOMAIN}`]],
	"a prefix that is a number": [{ generateName: 5 }, [`metadata.generateName: Invalid value: 5: ${SUBDOMAIN}`]],
	"a namespace": [{ name: "a", namespace: "team-1" }, []],
	"an empty namespace": [{ name: "a", namespace: "" }, []],
	"a dotted namespace": [{ name: "a", namespace: "a.b" }, [`metadata.namespace: Invalid value: "a.b": ${LABEL}`]],
	"a long namespace": [
		{ name: "a", namespace: "a".repeat(64) },
		[`metadata.namespace: Invalid value: "${"a".repeat(64)}": ${LABEL}`],
	],
	"a namespace that is a number": [{ name: "a", namespace: 5 }, [`metadata.namespace: Invalid value: 5: ${LABEL}`]],
	"labels and annotations": [{ name: "a", labels: { x: "y" }, annotations: null }, []],
	"labels and annotations of every form": [
		{
			name: "a",
			labels: { a: "", "A.b_c": "x", "example.org/Name": "a.b-C_1" },
			annotations: { "Example.org/x": " any text ", a: "" },
		},
		[],
	],
	"labels that the API server refuses": [
		{
			name: "a",
			labels: { "a b": "x", c: "d e", "": "v", "/x": "w", "a/b/c": "q", "UP/x": "1", f: "f".repeat(64) },
		},
		[
			`metadata.labels: Invalid value: "a b": name part must consist of ${CHARACTERS}`,
			`metadata.labels: Invalid value: "d e": a valid label must be an empty string or consist of ${CHARACTERS}`,
			'metadata.labels: Invalid value: "": name part must be non-empty',
			'metadata.labels: Invalid value: "/x": prefix part must be non-empty',
			`metadata.labels: Invalid value: "a/b/c": a valid label key must consist of ${CHARACTERS}`,
			`metadata.labels: Invalid value: "UP/x": prefix part ${SUBDOMAIN}`,
			`metadata.labels: Invalid value: "${"f".repeat(64)}": must be no more than 63 bytes`,
		],
	],
	"keys that are too long": [
		{ name: "a", annotations: { ["n".repeat(64)]: "", [`${"p".repeat(254)}/x`]: "" } },
		[
			`metadata.annotations: Invalid value: "${"n".repeat(64)}": name part must be no more than 63 bytes`,
			`metadata.annotations: Invalid value: "${"p".repeat(254)}/x": prefix part must be no more than 253 bytes`,
		],
	],
	"annotations that are too large together": [
		{ name: "a", annotations: { a: "x".repeat(200_000), b: "é".repeat(40_000) } },
		[
			"metadata.annotations: Too long: may not be more than 262144 bytes; kubectl apply keeps a copy of the manifest there; kubectl apply --server-side does not",
		],
	],
	"labels that are no map": [
		{ name: "a", labels: [] },
		['metadata.labels: Invalid value: "array": metadata.labels in body must be of type object: "array"'],
	],
	"an annotation that is no text": [
		{ name: "a", annotations: { "riotkit.org/force": true } },
		[
			'metadata.annotations[riotkit.org/force]: Invalid value: "boolean": metadata.annotations[riotkit.org/force] in body must be of type string: "boolean"; put it in quotes',
		],
	],
};

for (const [name, [metadata, problems]] of Object.entries(rows))
	t.test(name, async (t) => {
		const lines = metadataProblems(withMetadata(scheduledBackup(), metadata)).map(
			({ path, message, hint }) => `${path}: ${message}${hint === undefined ? "" : `; ${hint}`}`,
		);
		t.equal(lines.length, problems.length);
		for (const [index, start] of problems.entries()) t.equal(lines[index]?.slice(0, start.length), start);
	});
