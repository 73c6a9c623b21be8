import t from "tap";
import { parseWatchEvent } from "../../../src/kube/reflector/event.ts";

const metadata = { name: "a", uid: "u", resourceVersion: "5" };
const rows: [line: string, wanted: object][] = [
	[JSON.stringify({ type: "ADDED", object: { metadata } }), { type: "changed", resourceVersion: "5" }],
	[JSON.stringify({ type: "MODIFIED", object: { metadata } }), { type: "changed", resourceVersion: "5" }],
	[JSON.stringify({ type: "DELETED", object: { metadata } }), { type: "deleted", resourceVersion: "5" }],
	[
		JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } }),
		{ type: "bookmark", resourceVersion: "9" },
	],
	[JSON.stringify({ type: "ERROR", object: { code: 410 } }), { type: "error", status: { code: 410 } }],
	["{", { type: "unparsable", why: "not JSON" }],
	["null", { type: "unparsable", why: "no event" }],
	["[]", { type: "unparsable", why: "no event" }],
	['{"type":"ADDED","object":null}', { type: "unparsable", why: "no event" }],
	['{"type":"ADDED","object":{}}', { type: "unparsable", why: "no resourceVersion" }],
	[
		JSON.stringify({ type: "ADDED", object: { metadata: { resourceVersion: "5" } } }),
		{ type: "unparsable", why: "no name or UID" },
	],
	[JSON.stringify({ type: "toString", object: { metadata } }), { type: "unparsable", why: "unknown type" }],
	[JSON.stringify({ type: "NEWER", object: { metadata } }), { type: "unparsable", why: "unknown type" }],
];
for (const [line, wanted] of rows)
	t.test(line, (t) => {
		t.match(parseWatchEvent(Buffer.from(line)), wanted);
		t.end();
	});
t.test("a line that was too long", (t) => {
	t.match(parseWatchEvent(undefined), { type: "unparsable", why: "line too long" });
	t.end();
});
