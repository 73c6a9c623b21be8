import t from "tap";
import { isBlankScript } from "../../../src/domain/script/blank.ts";

const rows: Record<string, [text: string, blank: boolean]> = {
	nothing: ["", true],
	"white space": [" \n\t\r\n ", true],
	comments: ["#!/bin/bash\n  # later\n\n#", true],
	"a command": ["#!/bin/bash\nfalse", false],
	"a command before a comment": ["true # later", false],
	"a secret in a comment": ["# @BMC{Params.a}@", false],
	"no comment": ["\\# x", false],
};

for (const [name, [text, blank]] of Object.entries(rows))
	t.test(name, async (t) => t.equal(isBlankScript(text), blank));
