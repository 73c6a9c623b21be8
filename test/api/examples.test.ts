// The examples that README and demo use pass the schema, and hold no field that nobody knows.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import t from "tap";
import { applyDefaults } from "../../src/api/defaults.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { schemaProblems, unknownFieldProblems } from "../../src/api/validate.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const files = globSync("examples/**/*.yaml", { cwd: ROOT }).sort();

t.ok(files.length > 0, "there are examples");
for (const file of files)
	t.test(file, async (t) => {
		for (const object of loadAll(readFileSync(`${ROOT}${file}`, "utf8")) as KubernetesObject[])
			t.strictSame([...unknownFieldProblems(object), ...schemaProblems(applyDefaults(object))], [], object.kind ?? "");
	});
