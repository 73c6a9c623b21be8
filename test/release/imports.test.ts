// Jobs with rights to publish install nothing from npm, so what they run must not need it.
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";

/** Everything that a file imports, and what its imports import. */
const importsOf = (file: string, seen = new Set<string>()): Set<string> => {
	for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(/\bfrom "([^"]+)"/g)) {
		const target = specifier.startsWith(".") ? join(dirname(file), specifier) : specifier;
		if (seen.has(target)) continue;
		seen.add(target);
		if (specifier.startsWith(".")) importsOf(target, seen);
	}
	return seen;
};

for (const file of [...globSync("release/publish/*.ts"), "action/lint.ts"].sort()) {
	t.test(file, async (t) => {
		const imported = [...importsOf(file)];
		t.ok(imported.length > 2, "they are found");
		t.strictSame(
			imported.filter((one) => !one.startsWith("node:") && !one.endsWith(".ts")),
			[],
		);
	});
}
