import t from "tap";
import { createLineSplitter } from "../../../src/kube/reflector/lines.ts";

const text = (lines: (Buffer | undefined)[]): (string | undefined)[] => lines.map((line) => line?.toString());

t.test("any way of cutting the bytes gives the same lines", (t) => {
	const bytes = Buffer.from('{"a":"ä€😀"}\n\n{"b":1}\n{"torn"');
	const wanted = ['{"a":"ä€😀"}', '{"b":1}'];
	for (let size = 1; size <= bytes.length; size++) {
		const splitter = createLineSplitter();
		const lines: (Buffer | undefined)[] = [];
		for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size)));
		t.strictSame(text(lines), wanted, `chunks of ${size}`);
	}
	t.end();
});

t.test("a line that is too long is lost alone", (t) => {
	const splitter = createLineSplitter(5);
	t.strictSame(text(splitter.push(Buffer.from("12345\n123456\n1\n123"))), ["12345", undefined, "1"]);
	t.strictSame(text(splitter.push(Buffer.from("456"))), []);
	t.strictSame(text(splitter.push(Buffer.from("789\nab\n"))), [undefined, "ab"]);
	t.end();
});
