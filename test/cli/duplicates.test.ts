// `lint` where the given files define an object more than once.
import t from "tap";
import { ACTION, all, BACKUP, run, SECRETS, TEMPLATE } from "./running.ts";

const HINT = "delete or rename one of the two, or check manifests of different clusters in separate runs";
const SECRET =
	"apiVersion: v1\nkind: Secret\nmetadata:\n  name: vars\n  namespace: default\nstringData: {Params.a: canary}\n";
const LIST = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata:
      name: keys
    stringData: {key: private x, key.pub: "public me@example.org"}
`;
const deployment = (version: string): string =>
	`apiVersion: apps/${version}\nkind: Deployment\nmetadata:\n  name: web\n`;
const namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: default\n";

const cases: [name: string, files: Record<string, string>, lines: string[], code: number][] = [
	[
		"a Secret that the objects refer to",
		{ ...all, "z.yaml": SECRET },
		[
			`z.yaml:4: error: Secret default/vars: metadata.name: Duplicate value: "vars": first defined in s.yaml:6; ${HINT}`,
		],
		1,
	],
	[
		"a Secret in a List",
		{ ...all, "z.yaml": LIST },
		[
			`z.yaml:7: error: Secret default/keys: metadata.name: Duplicate value: "keys": first defined in s.yaml:11; ${HINT}`,
		],
		1,
	],
	[
		"both in one file, and a third one",
		{ ...all, "z.yaml": `${namespace}---\n${namespace}---\n${namespace}` },
		[9, 14].map(
			(line) =>
				`z.yaml:${line}: error: Namespace default: metadata.name: Duplicate value: "default": first defined in z.yaml:4; ${HINT}`,
		),
		1,
	],
	[
		"an object of ours",
		{ ...all, "z.yaml": TEMPLATE },
		[
			`z.yaml:3: error: ClusterBackupProcedureTemplate plain: metadata.name: Duplicate value: "plain": first defined in t.yaml:3; ${HINT}`,
		],
		1,
	],
	[
		"a kind that no check reads, in two versions",
		{ ...all, "y.yaml": deployment("v1"), "z.yaml": deployment("v1beta1") },
		[
			`z.yaml:4: warning: Deployment default/web: metadata.name: Duplicate value: "web": first defined in y.yaml:4; ${HINT}`,
		],
		0,
	],
	["generated names", { ...all, "z.yaml": ACTION }, [], 0],
	["another namespace", { ...all, "z.yaml": SECRET.replace("namespace: default", "namespace: other") }, [], 0],
	["no Kubernetes objects", { ...all, "y.yaml": "name: web\n", "z.yaml": "name: web\n" }, [], 0],
];
for (const [name, files, lines, code] of cases)
	t.test(`the same object twice: ${name}`, async (t) => {
		const ran = await run(files, {});
		t.same(ran.out.trimEnd().split("\n").slice(0, -1), lines);
		t.equal(ran.code, code);
		const rendered = await run(files, { command: "render", output: "yaml" });
		t.same(rendered.error.trimEnd(), lines.join("\n"), "render reports the same");
	});

t.test("the last line counts other objects that are defined twice apart from ours", async (t) => {
	const twice = { "y.yaml": deployment("v1"), "z.yaml": deployment("v1"), "sz.yaml": SECRET };
	const last = ({ out }: { out: string }) => out.trimEnd().split("\n").at(-1);
	t.equal(last(await run({ ...all, ...twice }, {})), "3 checked, 3 allowed, 0 denied, 2 duplicates of other kinds");
	t.equal(last(await run({ ...all, "z.yaml": TEMPLATE }, {})), "4 checked, 3 allowed, 1 denied");
});

t.test("as JSON, the second definition has an entry of its own", async (t) => {
	const { out } = await run({ ...all, "z.yaml": SECRET }, { output: "json" });
	t.match(JSON.parse(out).at(-1), {
		kind: "Secret",
		namespace: "default",
		name: "vars",
		allowed: false,
		errors: [{ path: "metadata.name", reason: "FieldValueDuplicate" }],
		warnings: [],
	});
});

t.test("a file that is given more than once is read once", async (t) => {
	const files = { "d/b.yaml": BACKUP, "d/s.yaml": SECRETS, "t.yaml": TEMPLATE, "-": ACTION };
	const once = { code: 0, out: "3 checked, 3 allowed, 0 denied\n", error: "" };
	for (const given of [
		["d", "t.yaml", "-"],
		["d", "d/b.yaml", "./t.yaml", "t.yaml", "-", "-"],
		["d/s.yaml", "d", `${process.cwd()}/t.yaml`, "t.yaml", "-"],
	])
		t.same(
			await run({ ...files, "./t.yaml": TEMPLATE, [`${process.cwd()}/t.yaml`]: TEMPLATE }, { files: given }),
			once,
		);
	t.match(await run({ "d/b.yaml": BACKUP, "b.yaml": BACKUP }, { files: ["d", "b.yaml"] }), { code: 1 }, "a copy");
});

t.test("duplicates alone are nothing to check", async (t) => {
	for (const text of [SECRET, deployment("v1")])
		t.match(await run({ "a.yaml": text, "b.yaml": text }, {}), { code: 2, error: /^nothing to check/ });
});
