// `render`: which objects are printed, and that nothing secret is.
import t from "tap";
import { fixture } from "../fixtures/seed.ts";
import { ACTION, all, BACKUP, run, SECRETS, TEMPLATE, warn } from "./running.ts";

t.test("render: the objects of what is accepted", async (t) => {
	const json = await run(all, { command: "render", output: "json" });
	t.equal(json.code, 0);
	t.equal(json.error, "");
	const list = JSON.parse(json.out);
	t.match(list, { apiVersion: "v1", kind: "List" });
	t.same(
		list.items.map((item: { kind: string }) => item.kind),
		["ConfigMap", "ConfigMap", "CronJob", "Job"],
	);
	t.match(list.items[3].metadata.name, /^now-xxxxx-/);
	t.notMatch(json.out, /ownerReferences/, "an API server takes them as they are");
	const yaml = await run(all, { command: "render", output: "yaml" });
	t.match(yaml.out, /^---\napiVersion: v1\nkind: ConfigMap\n/);
	t.match(yaml.out, /^ {2}backup\.sh: echo @BMC\{/m);
	t.notMatch(yaml.out, /canary/);
});

t.test("render: findings go to standard error, the rest is still printed", async (t) => {
	const generated = BACKUP.replace("name: app1", "generateName: made-");
	const { code, out, error } = await run(
		{ ...all, "x.yaml": TEMPLATE, "g.yaml": generated },
		{ command: "render", output: "json" },
	);
	t.equal(code, 1);
	t.match(error, /^x\.yaml:3: error: .*Duplicate value: "plain"/);
	const names = JSON.parse(out).items.map((item: { metadata: { name: string } }) => item.metadata.name);
	t.ok(names.includes("made-xxxxx"));
	t.ok(names.includes("app1"));
	const nothing = await run({ "b.yaml": BACKUP }, { command: "render", output: "yaml" });
	t.match(nothing, { code: 1, out: "" });
	const assumed = await run({ "b.yaml": BACKUP, "t.yaml": TEMPLATE }, { command: "render", output: "json", ...warn });
	t.equal(assumed.code, 0);
	t.equal(JSON.parse(assumed.out).items.length, 3);
	const alone = await run({ "a.yaml": ACTION, "b.yaml": BACKUP }, { command: "render", output: "json", ...warn });
	t.same(JSON.parse(alone.out).items, []);
	const unready = await run(
		{ "a.yaml": ACTION, "b.yaml": BACKUP.replace("keys}", "none}"), "t.yaml": TEMPLATE, "s.yaml": SECRETS },
		{ command: "render", output: "json" },
	);
	t.same(JSON.parse(unready.out).items, []);
});

t.test("render: the seed's example", async (t) => {
	const files = Object.fromEntries(
		["seed/scheduledbackup", "seed/requestedbackupaction", "seed-secret", "seed-template"].map((name) => [
			name,
			fixture(`${name}.yaml`),
		]),
	);
	const { code, out, error } = await run(files, { command: "render", output: "yaml" });
	t.equal(code, 0);
	t.notMatch(out, /canary/);
	t.match(error, /literal secret/);
});
