// Secret values, marked, through real runs: they are looked for in everything that the cluster keeps and prints. They may
// be found in the user's own Secrets and nowhere else.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { canaryOf, canaryOfKey, createSearch, marked } from "../integration/support/canary.ts";
import { manifest, secret } from "../integration/support/objects.ts";
import { awaitReady, merge, mustKubectl, readSecret } from "../integration/support/status.ts";
import { install, NAMESPACE, RELEASE } from "./install.ts";
import { wordProcedure } from "./procedures.ts";
import { ask, awaitEnd, runSchedule, runToSuccess } from "./runs.ts";
import { beginStory, STORE_TOKEN, storyBackup } from "./stories.ts";
import { useNode } from "./world.ts";

t.setTimeout(600_000);

const VALUES = { password: marked("password"), environment: marked("environment"), rotated: marked("rotated") };
const world = await useNode(t);
await install(t, world);
const story = await beginStory(world, "canary");
const { team, name } = story;

/** Everything of every kind, in all namespaces, as text by kind. */
const everything = async (): Promise<Map<string, string>> => {
	const kinds = (await mustKubectl(world, "api-resources --verbs=list -o name")).trim().split("\n");
	const texts = new Map<string, string>();
	for (const kind of kinds) {
		const { code, stdout } = await world.kubectl(`get ${kind} -A -o json`);
		if (code !== 0) continue;
		const items: { metadata: { name: string; namespace?: string } }[] = JSON.parse(stdout).items;
		const theirs = ({ metadata }: (typeof items)[number]): boolean =>
			kind === "secrets" && metadata.namespace === team && ["access", "keys"].includes(metadata.name);
		texts.set(kind, JSON.stringify(items.filter((item) => !theirs(item))));
	}
	return texts;
};

/** Logs of all containers that the node has kept, those of runs too, and what the API server and kubelet logged. */
const nodeLogs = async (): Promise<Map<string, string>> => {
	const { folder } = world.node;
	const pods = (await readdir(join(folder, "pods"), { recursive: true })).filter((file) => file.endsWith(".log"));
	const paths = [
		...pods.map((file) => join(folder, "pods", file)),
		...["audit.log", "kube-apiserver.log", "kubelet.log", "kube-controller-manager.log"].map((file) =>
			join(folder, file),
		),
	];
	const texts = await Promise.all(paths.map((path) => readFile(path, "utf8").catch(() => "")));
	return new Map(paths.map((path, at) => [path, texts[at] ?? ""]));
};

await t.test("no secret value is anywhere but in the user's Secrets", async (t) => {
	const spec = {
		cronJob: { enabled: true, scheduleEvery: "0 0 1 1 *" },
		varsSecretRef: { secretName: "access", importOnlyKeys: ["Params.password", "HelmValues.env.MARKED"] },
	};
	const backup = storyBackup(story, { procedure: "e2e-word", params: {}, spec });
	const marks = { "Params.password": VALUES.password, "HelmValues.env.MARKED": VALUES.environment };
	await world.apply(manifest(secret("access", { token: STORE_TOKEN, ...marks }, { namespace: team })));
	await world.apply(manifest(wordProcedure, backup));
	await awaitReady(world, { namespace: team, name });
	await runSchedule(world, team, name, "by-hand");
	await runToSuccess(world, { namespace: team, name: "restore", of: name, spec: { action: "restore" } });
	await merge(world, "secret", { namespace: team, name: "access" }, { stringData: { token: VALUES.rotated } });
	await ask(world, { namespace: team, name: "refused", of: name });
	t.equal((await awaitEnd(world, { namespace: team, name: "refused" })).status?.phase, "Failed");

	const keys = await readSecret(world, { namespace: team, name: "keys" });
	const search = createSearch([
		...Object.entries(VALUES).map(([kind, value]) => canaryOf(kind, value)),
		canaryOf("passphrase", keys?.get("passphrase")?.toString() ?? ""),
		canaryOfKey("private key", keys?.get("key")?.toString() ?? ""),
	]);
	t.not(search(VALUES.password).length, 0, "the search finds what it looks for");
	const places = await everything();
	for (const kind of ["configmaps", "cronjobs.batch", "jobs.batch", "events", "pods", "scheduledbackups.riotkit.org"])
		t.ok((places.get(kind)?.length ?? 0) > 2, `there are ${kind} to search`);
	const logs = await nodeLogs();
	t.ok(
		[...logs.keys()].some((path) => path.includes(NAMESPACE)),
		"the controller's log is among those searched",
	);
	const metrics = await mustKubectl(world, [
		...["get", "--raw", `/api/v1/namespaces/${NAMESPACE}/services/${RELEASE}-metrics:8080/proxy/metrics`],
	]);
	for (const [place, text] of [...places, ...logs, ["metrics", metrics] as const]) t.same(search(text), [], place);
});
