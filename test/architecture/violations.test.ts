// The check itself: each rule of the layout, kept and broken once.
import t from "tap";
import { layers } from "./layers.ts";
import { importViolations, layerOf, sizeViolations } from "./violations.ts";

const rows: Record<string, [file: string, text: string, violations: string[]]> = {
	"down is fine": ["src/domain/a.ts", 'import { x } from "../api/x.ts";\nexport * from "./b.ts";', []],
	"up is not": [
		"src/api/a.ts",
		'import type { Report } from "../domain/report.ts";',
		["src/api/a.ts: src/api may not import src/domain (src/domain/report.ts)"],
	],
	"over several lines": [
		"src/template/a.ts",
		'import {\n\ttype A,\n\tb,\n} from "../domain/b.ts";',
		["src/template/a.ts: src/template may not import src/domain (src/domain/b.ts)"],
	],
	"an export too": [
		"src/gather/a.ts",
		'export { x } from "../kube/x.ts";',
		["src/gather/a.ts: src/gather may not import src/kube (src/kube/x.ts)"],
	],
	"a dynamic import too": [
		"reconcilers/a.ts",
		'const { x } = await import("../webhooks/x.ts");',
		["reconcilers/a.ts: reconcilers may not import webhooks (webhooks/x.ts)"],
	],
	"an import for its effect too": [
		"webhooks/a.ts",
		'import "../certs/x.ts";',
		["webhooks/a.ts: webhooks may not import certs (certs/x.ts)"],
	],
	"edges do not know each other": [
		"certs/a.ts",
		'import { x } from "../reconcilers/x.ts";',
		["certs/a.ts: certs may not import reconcilers (reconcilers/x.ts)"],
	],
	"the composition root knows all": [
		"src/main.ts",
		'import { a } from "../webhooks/a.ts";\nimport { b } from "../certs/b.ts";\nimport { c } from "./kube/c.ts";',
		[],
	],
	"the generator is no part of the pure layer": [
		"src/api/generate/a.ts",
		'import { readFileSync } from "node:fs";\nconst now = Date.now();',
		[],
	],
	"nor may that import it": [
		"src/api/a.ts",
		'import { x } from "./generate/x.ts";',
		["src/api/a.ts: src/api may not import src/api/generate (src/api/generate/x.ts)"],
	],
	"a folder that nobody decided on": [
		"src/misc/a.ts",
		"",
		["src/misc/a.ts: is in no layer; add it to test/architecture/layers.ts"],
	],
	"an import of no layer": [
		"src/domain/a.ts",
		'import { x } from "../../test/x.ts";',
		["src/domain/a.ts: imports test/x.ts, which is in no layer"],
	],
	"a package of the layer": ["src/kube/a.ts", 'import { Agent } from "undici";', []],
	"a package of another layer": [
		"reconcilers/a.ts",
		'import { Agent } from "undici";',
		["reconcilers/a.ts: reconcilers may not import undici"],
	],
	"types of a package are free": [
		"reconcilers/a.ts",
		'import type { Logger } from "pino";\nimport { type Registry } from "prom-client";',
		[],
	],
	"but not in a pure layer": [
		"src/domain/a.ts",
		'import type { V1Pod } from "@kubernetes/client-node";',
		["src/domain/a.ts: src/domain may not import @kubernetes/client-node"],
	],
	"except for the wire shapes": [
		"src/api/kubernetes.ts",
		'import type { V1Pod } from "@kubernetes/client-node/dist/x";',
		[],
	],
	"whose code stays out": [
		"src/api/kubernetes.ts",
		'import { V1Pod, type V1Job } from "@kubernetes/client-node";',
		["src/api/kubernetes.ts: src/api may not import @kubernetes/client-node"],
	],
	"files in a pure layer": [
		"src/domain/a.ts",
		'import { readFileSync } from "node:fs";\nimport { createHash } from "node:crypto";',
		["src/domain/a.ts: src/domain may not import node:fs"],
	],
	"clock, randomness and process in a pure layer": [
		"src/template/a.ts",
		"const a = Date.now();\nconst b = new Date();\nconst c = Math.random() + process.pid;\nconst d = new Date(0);",
		[
			"src/template/a.ts:1: src/template is pure, but says Date.now",
			"src/template/a.ts:2: src/template is pure, but says new Date()",
			"src/template/a.ts:3: src/template is pure, but says Math.random",
			"src/template/a.ts:3: src/template is pure, but says process.",
		],
	],
	"what a pure module keeps for itself": [
		"src/domain/a.ts",
		[
			"const a = new Map<string, string>();",
			"let b = 0;",
			"export const c = new WeakSet();",
			"const table: ReadonlyMap<string, string> = new Map();",
			"const f = () => {",
			"\tconst inside = new Map();",
			"\tlet also = 0;",
			"};",
		].join("\n"),
		[
			"src/domain/a.ts:1: src/domain is pure, but says const a = new Map",
			"src/domain/a.ts:2: src/domain is pure, but says let b",
			"src/domain/a.ts:3: src/domain is pure, but says export const c = new WeakSet",
		],
	],
	"a comment may speak of them": [
		"src/domain/a.ts",
		'// Date.now() is an argument\n/* import { x } from "../kube/x.ts";\n Math.random */\nconst url = "http://x";',
		[],
	],
};

for (const [name, [file, text, violations]] of Object.entries(rows))
	t.test(name, async (t) => t.strictSame(importViolations(file, text), violations));

t.test("a file that is too long", async (t) => {
	t.strictSame(sizeViolations("src/domain/a.ts", 300), []);
	t.strictSame(sizeViolations("src/domain/a.ts", 301), ["src/domain/a.ts: 301 lines, more than 300"]);
	t.strictSame(sizeViolations("src/api/types.ts", 1000), [], "unless a program wrote it");
});

t.test("the table has no circle: what a layer imports never imports it", async (t) => {
	const reaches = (from: string, seen = new Set<string>()): Set<string> => {
		for (const next of layers.find(({ path }) => path === from)?.imports ?? [])
			if (!seen.has(next)) reaches(next, seen.add(next));
		return seen;
	};
	const inside = (path: string) => path.startsWith("src/config");
	for (const { path } of layers.filter((layer) => !inside(layer.path))) t.notOk(reaches(path).has(path), path);
	t.equal(layerOf("src/api/generate/x.ts")?.path, "src/api/generate", "the longest path wins");
});
