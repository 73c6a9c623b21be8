// All mistakes of an object are told at once, whatever finds them: correcting one never reveals another.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { backup, stderrOf } from "./admission/row.ts";
import { startWithFixtures } from "./admission/world.ts";
import { action, type Fields, manifest, secret, template } from "./support/objects.ts";

t.setTimeout(300_000);

const session = await startWithFixtures(t);
await session.apply(
	manifest(
		template("reads-three", {
			backup: "echo {{ .Params.host }} {{ .Params.password }}\necho {{ .Params.absent }} {{ .Params.user }}\n",
			restore: "echo {{ .Params.password }}\n",
		}),
	),
);

/** What is written in one place of the manifest. */
interface Part {
	spec?: Fields;
	/** In `Params`. */
	params?: string;
	/** In `HelmValues`. */
	pod?: string;
}

interface Mistake {
	wrong: Part;
	right: Part;
	/** All that is said of it. */
	told: string[];
}

/** One of every kind, in the order in which they are told: schema, CEL, schedule, Secrets, template, pod options. */
const MISTAKES: readonly Mistake[] = [
	{
		wrong: { spec: { operation: "backups" } },
		right: {},
		told: ['spec.operation: Unsupported value: "backups": supported values: "backup", "restore"'],
	},
	{
		wrong: { spec: { cronJob: { scheduleEvery: "61 2 * * *", timeZone: "Local" } } },
		right: {},
		told: [
			'spec.cronJob.timeZone: Invalid value: "Local": must be the name of a time zone, such as Etc/UTC or Europe/Warsaw; the zone of a machine is not one',
			'spec.cronJob.scheduleEvery: "61 2 * * *" is no schedule: minute "61" is outside of 0-59; five fields (`00 02 * * *`) or one of @hourly, @daily, @weekly, @monthly, @yearly, @every 90m',
		],
	},
	{
		wrong: { spec: { gpgKeySecretRef: { secretName: "only-public" } } },
		right: {},
		told: [
			'spec.gpgKeySecretRef: Secret "only-public" holds the public key ("key.pub") but no private key ("key"); add the missing half, or name a Secret or keys that hold neither, so that a new pair can be made',
		],
	},
	{
		wrong: { spec: { tokenSecretRef: { secretName: "nosuch" } } },
		right: {},
		told: ['spec.tokenSecretRef.secretName: Secret "nosuch" does not exist'],
	},
	{
		wrong: { spec: { varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.password", "Params.absent"] } } },
		right: { params: ", absent: no more" },
		told: [
			'spec.varsSecretRef.importOnlyKeys[1]: Secret "vars" has no key "Params.absent"',
			'spec.vars: template: reads-three:2:15: executing "reads-three" at <.Params.absent>: map has no entry for key "absent" (ClusterBackupProcedureTemplate "reads-three", backup script)',
		],
	},
	{
		wrong: {},
		right: { params: ", user: riotkit" },
		told: [
			'spec.vars: template: reads-three:2:36: executing "reads-three" at <.Params.user>: map has no entry for key "user" (ClusterBackupProcedureTemplate "reads-three", backup script)',
		],
	},
	{
		wrong: { pod: ", resource: {}, env: {A: $(id)}" },
		right: {},
		told: [
			'spec.vars: HelmValues.env.A: $(…) and ${…} are not evaluated here; put the value into the Secret of varsSecretRef, under the key "HelmValues.env.A"',
			"spec.vars: HelmValues.resource: unknown key; did you mean resources?",
		],
	},
	{
		wrong: { pod: ", envFrom: [{secretRef: {name: nosuch}}]" },
		right: {},
		told: ['spec.vars: HelmValues.envFrom[0]: Secret "nosuch" does not exist'],
	},
];

/** A manifest of these parts over what is right. */
const manifestOf = (parts: readonly Part[]): string => {
	const all = (place: "params" | "pod"): string => parts.map((part) => part[place] ?? "").join("");
	const vars = `Params: {host: db.example.org${all("params")}}\nHelmValues: {podLabels: {}${all("pod")}}\n`;
	const spec: Fields = Object.assign({}, ...parts.map((part) => part.spec));
	return backup({ templateRef: { name: "reads-three" }, vars, ...spec });
};

const denialOf = (mistakes: readonly Mistake[]): string =>
	stderrOf({ input: "", denied: mistakes.flatMap(({ told }) => told) });

t.test("mistakes of every kind come all at once", async (t) => {
	const input = manifestOf(MISTAKES.map(({ wrong }) => wrong));
	t.strictSame(await session.kubectl("apply -f -", input), { code: 1, stdout: "", stderr: denialOf(MISTAKES) });
});

t.test("other commands are told the same", async (t) => {
	const input = manifestOf(MISTAKES.map(({ wrong }) => wrong));
	for (const args of ["create -f -", "apply --server-side -f -", "apply --dry-run=server -f -"]) {
		t.equal((await session.kubectl(args, input)).stderr, denialOf(MISTAKES), args);
	}
});

t.test("correcting one mistake reveals no other", async (t) => {
	for (const corrected of MISTAKES) {
		const rest = MISTAKES.filter((mistake) => mistake !== corrected);
		const input = manifestOf([corrected.right, ...rest.map(({ wrong }) => wrong)]);
		const { stderr } = await session.kubectl("apply -f -", input);
		t.equal(stderr, denialOf(rest), `without ${corrected.told[0]}`);
	}
});

t.test("with all of them corrected it is accepted", async (t) => {
	const { code, stderr } = await session.kubectl("apply -f -", manifestOf(MISTAKES.map(({ right }) => right)));
	t.strictSame({ code, stderr }, { code: 0, stderr: "" });
});

t.test("several files of one apply", async (t) => {
	const files: [name: string, manifest: string][] = [
		["1-fine.yaml", manifest(secret("in-a-folder", { a: "b" }))],
		["2-wrong.yaml", backup({ templateRef: { name: "nosuch" } }, { name: "wrong" })],
		["3-wrong.yaml", manifest(action("now", "nosuch", { targetVersion: "v1" }))],
	];
	const folder = join(session.folder, "manifests");
	await mkdir(folder);
	for (const [name, text] of files) await writeFile(join(folder, name), text);
	const { code, stdout, stderr } = await session.kubectl(["apply", "-f", folder]);
	t.equal(code, 1);
	t.equal(stdout, "secret/in-a-folder created\n");
	t.equal(
		stderr.replaceAll(folder, "folder"),
		[
			'Error from server (Invalid): error when creating "folder/2-wrong.yaml": admission webhook "validate.riotkit.org" denied the request: The ScheduledBackup "wrong" is invalid: spec.templateRef.name: ClusterBackupProcedureTemplate "nosuch" does not exist',
			'Error from server (Invalid): error when creating "folder/3-wrong.yaml": admission webhook "mutate.riotkit.org" denied the request: The RequestedBackupAction "now" is invalid:',
			"* spec.targetVersion: Forbidden: only a restore has a version to restore; a backup makes a new one",
			'* spec.scheduledBackupRef.name: ScheduledBackup "nosuch" does not exist',
			"",
		].join("\n"),
	);
});

t.test("an update tells them as a create does", async (t) => {
	const input = manifestOf(MISTAKES.map(({ wrong }) => wrong));
	await session.apply(backup({}, { name: "updated" }));
	const { stderr } = await session.kubectl("apply -f -", input.replace("name: app\n", "name: updated\n"));
	t.equal(stderr, denialOf(MISTAKES).replace('"app"', '"updated"'));
});
