// What the guides print is what works: their manifests are accepted by a real API server and their helm commands by real
// Helm, and what they promise to prevent or to allow is tried.
import { globSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadAll } from "js-yaml";
import t from "tap";
import { execute } from "../cluster/execute.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { codeBlocks, sectionOf } from "../docs/pages.ts";
import { type Manifest, startHelm } from "./support/chart.ts";
import { ENCRYPTING_TEMPLATE, encryptedBackup, isKept, namespaceWithVars } from "./support/keys.ts";
import { manifest, namespace } from "./support/objects.ts";
import { awaitReady, merge, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const pages = globSync("docs/*.md").sort();

/** Kubernetes' own groups; what other programs bring is not known here. */
const OWN = /^(v1|apps\/v1|batch\/v1|(networking|rbac\.authorization|admissionregistration)\.k8s\.io\/v1)$/;

t.test("manifests of Kubernetes' own kinds are accepted as they are printed", async (t) => {
	await session.apply(manifest(namespace("team-a"), namespace("backups")));
	let found = 0;
	for (const page of pages)
		for (const block of codeBlocks(readFileSync(page, "utf8"), "yaml")) {
			const objects = loadAll(block) as (Manifest | null)[];
			// A kubeconfig is a file, and no object, though it calls itself one of v1.
			if (!objects.every((object) => OWN.test(`${object?.apiVersion}`) && object?.kind !== "Config")) continue;
			found++;
			const { code, stderr } = await session.kubectl("apply --dry-run=server --validate=strict -f -", block);
			t.equal(code, 0, `${page}: ${objects.map((object) => object?.kind)}: ${stderr}`);
		}
	t.ok(found >= 4, "they are found");
});

/** Commands of a page that begin with `helm`, continued lines joined. */
const helmCommands = (page: string): string[] =>
	codeBlocks(readFileSync(page, "utf8"), "sh")
		.flatMap((block) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
		.filter((line) => line.startsWith("helm "));

t.test("helm commands are run as they are printed", async (t) => {
	const helm = await startHelm(t, session.plane.kubeconfig);
	const folder = t.testdir({ "ca.crt": "-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n" });
	symlinkSync(join(process.cwd(), "charts"), join(folder, "charts"));
	const run = async (command: string): Promise<void> => {
		const args =
			command
				.split(/\s+[#>]/)[0]
				?.trim()
				.split(/\s+/)
				.slice(1) ?? [];
		const { code, stderr } = await helm.run(args.map((arg) => arg.replace(/^charts\//, `${folder}/charts/`)));
		t.equal(code, 0, `${command}: ${stderr}`);
	};
	const [first = "", ...others] = helmCommands("docs/install.md").filter((line) => line.startsWith("helm install"));
	t.equal(others.length, 2, "one command for each other mode of certificates");
	for (const command of others) await run(`${command.replaceAll("ca.crt", `${folder}/ca.crt`)} --dry-run=client`);
	await run(first);
	const [history = "", now = "", preview = "", upgrade = "", takeOver = ""] = helmCommands("docs/upgrade.md");
	t.match(preview, `${upgrade} --dry-run=server`, "what is previewed is what is done");
	for (const command of [history, now, preview, upgrade]) await run(command);
	const [replicas = ""] = helmCommands("docs/high-availability.md");
	await run(replicas);
	const { items } = await session.json("get deployments -n backups");
	t.match(items, [{ metadata: { name: "backup-maker-controller" }, spec: { replicas: 2 } }]);
	const { args } = items[0].spec.template.spec.containers[0];
	t.ok(args.includes("--leader-elect"), "nothing has to be switched on");
	for (const command of helmCommands("docs/install.md").filter((line) => line.startsWith("helm uninstall")))
		await run(command);
	const definition = "crd scheduledbackups.riotkit.org";
	t.ok(await session.json(`get ${definition}`), "the CustomResourceDefinitions stay");
	await mustKubectl(session, `delete ${definition}`);
	// The original's, say: made by kubectl, and not what ours is.
	const other = readFileSync("crds/scheduledbackups.riotkit.org.yaml", "utf8").replace(
		"name: Operation",
		"name: Other",
	);
	await mustKubectl(session, "apply -f -", other);
	await run(takeOver);
	const { spec } = await session.json(`get ${definition}`);
	t.match(spec.versions[0].additionalPrinterColumns, [{}, {}, { name: "Operation" }], "it is ours now");
	// The next tests have a controller that registers itself under this name.
	await run("helm uninstall backup-maker-controller -n backups");
});

t.test("break glass: writes pass while the controller is down, and are checked again when it is back", async (t) => {
	const [page, heading] = ["docs/operations.md", "### The webhook is down"];
	const commands = codeBlocks(sectionOf(page, heading), "sh").join("").split("\n");
	const patch = commands.find((line) => line.includes('"failurePolicy":"Ignore"')) ?? "";
	const remove = commands.find((line) => line.startsWith("kubectl delete validatingwebhook")) ?? "";
	const follow = async (command: string): Promise<void> => {
		const { code, stderr } = await execute("bash", ["-euc", command], {
			env: {
				PATH: `${dirname(session.plane.binaries.kubectl)}:${process.env["PATH"]}`,
				KUBECONFIG: session.plane.kubeconfig,
			},
		});
		t.equal(code, 0, `${command}: ${stderr}`);
	};
	const bad = manifest(
		encryptedBackup("bad", "glass", {}, { templateRef: { name: "nope" }, varsSecretRef: { secretName: "nope" } }),
	);
	const dryRun = () => session.kubectl("apply --dry-run=server -f -", bad);
	const controller = await session.controller();
	await session.apply(namespaceWithVars("glass"));
	t.match(await dryRun(), { code: 1, stderr: /does not exist/ });
	await controller.kill();
	t.match(await dryRun(), { code: 1, stderr: /failed calling webhook "validate.riotkit.org"/ });
	await follow(patch);
	t.match(await dryRun(), { code: 0 });
	await follow(patch.replace("Ignore", "Fail"));
	t.match(await dryRun(), { code: 1, stderr: /failed calling webhook/ });
	await follow(remove);
	t.match(await dryRun(), { code: 0 });
	await session.controller();
	t.match(await dryRun(), { code: 1, stderr: /does not exist/ }, "the registration is made again");
});

t.test("keys: immutable once they are made, and not deleted by accident", async (t) => {
	const page = "docs/hardening.md";
	const at = { namespace: "keys", name: "app1" };
	await session.apply(ENCRYPTING_TEMPLATE);
	await session.apply(namespaceWithVars("keys"));
	await session.apply(manifest(encryptedBackup("app1", "keys")));
	const made = await awaitReady(session, at);
	await merge(session, "secret", { namespace: "keys", name: "keys" }, { immutable: true });
	await merge(session, "scheduledbackup", at, { spec: { cronJob: { scheduleEvery: "0 3 * * *" } } });
	const after = await awaitReady(session, at);
	t.equal(after.status?.gpgKey?.fingerprint, made.status?.gpgKey?.fingerprint, "it is used as before");

	const [policy = ""] = codeBlocks(sectionOf(page, "### Keep keys from being deleted"), "yaml");
	await session.apply(policy);
	// A policy is in force some moments after it was applied.
	await eventually(() => isKept(session, { namespace: "keys", name: "keys" }), { what: "the policy is in force" });
	t.match(await session.kubectl("delete secret -n keys keys"), {
		code: 1,
		stderr: /take the label riotkit.org\/type off/,
	});
	await mustKubectl(session, "delete secret -n keys vars");
	await mustKubectl(session, "delete namespace keys --timeout=60s");
	t.equal(await session.json("get namespace keys"), undefined, "a namespace can go all the same");
});
