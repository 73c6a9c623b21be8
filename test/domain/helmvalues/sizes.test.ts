// One object must not hold the controller by how much it lists.
import t from "tap";
import { parseHelmValues } from "../../../src/domain/helmvalues.ts";

const SETTINGS = { backupMakerImage: "", missingReferences: "deny", allowPrivilegedPods: false } as const;

const messages = (key: string, items: number): string[] => {
	const list = Array.from({ length: items }, () => new Map([["operator", "Exists"]]));
	return parseHelmValues(new Map([[key, list]]), SETTINGS).report.errors.map(({ message }) => message);
};

t.test("lists that are too long are refused before their parts are looked at", async (t) => {
	const started = process.cpuUsage();
	t.same(messages("volumes", 40_000), ["HelmValues.volumes: has 40000 entries; at most 64 are allowed"]);
	t.ok(process.cpuUsage(started).user < 1_000_000, "in less than a second of CPU");
	t.same(messages("tolerations", 257), ["HelmValues.tolerations: has 257 entries; at most 256 are allowed"]);
	t.same(messages("tolerations", 256), []);
});
