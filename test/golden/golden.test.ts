// What whole manifests come to, written out so that a person can read and review it: `UPDATE_GOLDEN=1 node
// test/golden/golden.test.ts` writes the files anew, and the diff shows what a change does to users' clusters.
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { dump } from "js-yaml";
import t, { type Test } from "tap";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { fileReferences } from "../../src/cli/references.ts";
import { actionJob } from "../../src/domain/action.ts";
import { desiredObjects } from "../../src/domain/desired.ts";
import { evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import { parseJobDefaults } from "../../src/domain/jobdefaults.ts";
import { BOOTSTRAP_TEXT } from "../../src/domain/objects/bootstrap-text.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { gatherScheduledBackup } from "../../src/gather/scheduledbackup.ts";
import { readManifests } from "../../src/manifests/documents.ts";
import { fixture, seedAction, seedBackup, settings, withSpec } from "../fixtures/seed.ts";
import { inspector } from "../gather/world.ts";
import { compareWithFile } from "./expected.ts";

const world = (...files: string[]) =>
	fileReferences(files.flatMap((file) => readManifests(file, fixture(file)).manifests.map(({ object }) => object)));

const seedWorld = world("seed-secret.yaml", "seed-template.yaml");

const planOf = async (object: ScheduledBackup, changes: Partial<Settings> = {}): Promise<BackupPlan> => {
	const facts = await gatherScheduledBackup(seedWorld, inspector(), object, { deepKeyCheck: false });
	const { plan, report } = evaluateScheduledBackup(object, facts, { ...settings, ...changes });
	if (plan === undefined) throw new Error(report.errors.map(({ path, message }) => `${path}: ${message}`).join("\n"));
	return plan;
};

const objectsOf = async (object: ScheduledBackup, changes: Partial<Settings> = {}): Promise<KubernetesObject[]> => {
	const { configMaps, envSecret, cronJob } = desiredObjects(await planOf(object, changes), object);
	return [...configMaps, envSecret, cronJob].filter((made) => made !== undefined);
};

/** The bootstrap is tested by itself; here it would only hide what is ours. */
const readable = (object: KubernetesObject): string =>
	dump(JSON.parse(JSON.stringify(object).replaceAll(JSON.stringify(BOOTSTRAP_TEXT), '"(bootstrap)"')), {
		lineWidth: -1,
		noRefs: true,
	});

/** The files that were compared. */
const compared = new Set<string>();

const compare = (t: Test, name: string, objects: readonly KubernetesObject[]): void => {
	const file = fileURLToPath(new URL(`${name}.yaml`, import.meta.url));
	compared.add(basename(file));
	const text = objects.map((object) => `---\n${readable(object)}`).join("");
	compareWithFile(t, text, { file, writtenBy: "test/golden/golden.test.ts" });
};

const restoreAction = (): RequestedBackupAction => ({
	...seedAction(),
	metadata: { ...seedAction().metadata, name: "app1-restore-to-v1" },
	spec: { ...seedAction().spec, action: "restore", targetVersion: "v1" },
});

const INTERNAL = `
Params: {hostname: db.example.org, port: 5432, db: shop, user: shop}
Repository: {url: "https://backups.example.org"}
HelmValues:
  serviceAccountName: backups
  env: {PGSSLMODE: require}
  envFrom: [{secretRef: {name: backup-keys}}]
  resources: {limits: {memory: 512Mi}}
  securityContext: {runAsNonRoot: true, capabilities: {drop: [ALL]}}
`;

const internal = (): ScheduledBackup =>
	withSpec(seedBackup(), { templateRef: { kind: "internal", name: "postgres" }, vars: INTERNAL });

const JOB_DEFAULTS = `
image: registry.example.org/backup-maker:v1
imagePullSecrets: [{name: registry}]
serviceAccountName: shared
priorityClassName: low
nodeSelector: {disk: ssd}
tolerations: [{key: backups, operator: Exists}]
resources: {limits: {memory: 256Mi, cpu: 1}, requests: {cpu: 100m}}
podLabels: {team: platform}
podSecurityContext: {runAsNonRoot: true, runAsUser: 1000}
securityContext: {readOnlyRootFilesystem: true}
`;

t.test("job defaults, alone and under pod options", async (t) => {
	const { defaults: jobDefaults, mistakes } = parseJobDefaults(JOB_DEFAULTS);
	t.same(mistakes, []);
	const { configMaps: _scripts, cronJob: alone } = desiredObjects(
		await planOf(seedBackup(), { jobDefaults }),
		seedBackup(),
	);
	const { cronJob: under } = desiredObjects(await planOf(internal(), { jobDefaults }), internal());
	compare(
		t,
		"job-defaults",
		[alone, under].filter((made) => made !== undefined),
	);
});

t.test("the seed's ScheduledBackup", async (t) => compare(t, "seed-scheduledbackup", await objectsOf(seedBackup())));

t.test("the seed's RequestedBackupAction", async (t) =>
	compare(t, "seed-requestedbackupaction", [actionJob(await planOf(seedBackup()), seedAction())]),
);

t.test("a restore of a version", async (t) =>
	compare(t, "restore-to-version", [actionJob(await planOf(seedBackup()), restoreAction())]),
);

t.test("an internal procedure with pod options", async (t) =>
	compare(t, "internal-with-pod-options", await objectsOf(internal())),
);

t.test("no file is left over", async (t) => {
	const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".yaml"));
	t.same(new Set(files), compared);
});

t.test("no value of any Secret is in any object", async (t) => {
	const all = [
		...(await objectsOf(seedBackup())),
		...(await objectsOf(internal())),
		actionJob(await planOf(seedBackup()), restoreAction()),
	];
	const text = JSON.stringify(all);
	const encoded = ["canary-of-the-token", "canary-of-the-password"].map((value) =>
		Buffer.from(value).toString("base64"),
	);
	t.notMatch(text, /canary/);
	for (const value of encoded) t.notOk(text.includes(value));
});

t.test("the same input always gives the same bytes", async (t) => {
	const first = JSON.stringify(await objectsOf(seedBackup()));
	const parsed = JSON.parse(JSON.stringify(seedBackup())) as ScheduledBackup;
	t.equal(JSON.stringify(await objectsOf(parsed)), first);
	const defaulted = withSpec(seedBackup(), {
		cronJob: {
			...seedBackup().spec.cronJob,
			timeZone: "Etc/UTC",
			suspend: false,
			concurrencyPolicy: "Forbid",
			successfulJobsHistoryLimit: 3,
			failedJobsHistoryLimit: 1,
		},
	});
	t.equal(JSON.stringify(await objectsOf(defaulted)), first, "with defaults filled in by the API server");
});
