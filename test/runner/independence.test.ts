// The runner starts, and prints its counts, whatever is wrong with the product: it loads none of the product's modules before a
// stage needs them.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import t from "tap";

const STATIC_IMPORT = /^(?:import|export)\s(?!type\s)(?:[^;"]*?\sfrom\s)?"(\.[^"]+)";/gm;

/** Files that are loaded when this one is, by their paths from the root. */
const loadedWith = (file: string, seen = new Set<string>()): Set<string> => {
	if (seen.has(file)) return seen;
	seen.add(file);
	for (const [, path = ""] of readFileSync(file, "utf8").matchAll(STATIC_IMPORT))
		loadedWith(relative(".", join(dirname(file), path)), seen);
	return seen;
};

/** What writes image archives knows nothing of the product. */
const WRITERS = ["image/oci.ts", "image/program.ts"];
const PRODUCT = /^(?:src|webhooks|reconcilers|certs|bundle|image|release|action)\//;

for (const program of ["test/run.ts", "test/setup/setup.ts"])
	t.test(`${program} loads nothing of the product`, async (t) => {
		const loaded = [...loadedWith(program)];
		t.ok(loaded.length > 5, `${loaded.length} files`);
		t.same(
			loaded.filter((file) => PRODUCT.test(file) && !WRITERS.includes(file)),
			[],
		);
	});
