// Our own checks of the schema are twins of what the API server does with crds/: the same table of mistakes, put to the API
// server with no webhook in between, is answered with the same words.
import t from "tap";
import { readCrds } from "../../src/api/generate/crds.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { ruleTwins } from "../../src/api/rules.ts";
import type { Schema, SchemaRule } from "../../src/api/schema.ts";
import { mistakes } from "../api/mistakes.ts";
import { procedureTemplate, requestedBackupAction, scheduledBackup } from "../api/objects.ts";
import { samples } from "../api/samples.ts";
import { callApi } from "../cluster/api.ts";
import { execute } from "../cluster/execute.ts";
import { startSession } from "../cluster/session.ts";
import type { Fields } from "./support/objects.ts";
import { mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.apply((await execute(process.execPath, ["src/cli.ts", "crds"])).stdout);
await mustKubectl(session, "wait --for=condition=Established crd --all --timeout=60s");

const rulesOf = (schema: Schema): SchemaRule[] => [
	...(schema["x-kubernetes-validations"] ?? []),
	...Object.values(schema.properties ?? {}).flatMap(rulesOf),
	...(schema.items === undefined ? [] : rulesOf(schema.items)),
];
const RULES = readCrds().flatMap(({ schema }) => rulesOf(schema as Schema));

/** Said where the schema does not hold: the CEL rules were not looked at. */
const STOPPED =
	"<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

/** Rows that kubectl or the API server does not take as objects of ours. */
const OTHERS = ["a kind that is not ours", "a version that is not ours"];

/** Where the API server's words are not ours, and why. */
const DIFFERENCES: Readonly<Record<string, string[]>> = {
	// We tell one mistake once.
	"an operation of another type is told once": [
		'spec.operation: Invalid value: "integer": spec.operation in body must be of type string: "integer"',
		'spec.operation: Unsupported value: 5: supported values: "backup", "restore"',
	],
	// Go's types are no words for users, and two of these lines name no field.
	"cron: numbers": [
		'<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.cronJob.failedJobsHistoryLimit',
		'<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.cronJob.successfulJobsHistoryLimit',
		"spec.cronJob.startingDeadlineSeconds: Invalid value: -1: spec.cronJob.startingDeadlineSeconds in body should be greater than or equal to 0",
		'spec.cronJob.successfulJobsHistoryLimit: Invalid value: "float64": spec.cronJob.successfulJobsHistoryLimit in body must be of type int32: "float64"',
	],
	// A create leaves the status out; the test of the subresource is below.
	"a status with a date that is none": [],
};

const causesOf = (stderr: string): string[] => {
	const [first = "", ...more] = stderr.trimEnd().split("\n");
	const only = /^The \w+ "[^"]*" is invalid: (.+)$/.exec(first)?.[1];
	return only === undefined ? more.map((line) => line.replace(/^\* /, "")) : [only];
};

const isOfCel = (line: string): boolean => RULES.some(({ message }) => line.endsWith(message));

/** Our lines as the API server says them: without our hints, and without the rules that it did not get to. */
const wanted = (ours: readonly string[], causes: readonly string[], stopped: boolean): string[] =>
	ours
		.filter((line) => !(stopped && isOfCel(line)))
		.map((line) => causes.find((cause) => line === cause || line.startsWith(`${cause}; `)) ?? line)
		.sort();

const told: string[] = [];

t.test("the table of mistakes", async (t) => {
	for (const [name, [object, ours]] of Object.entries(mistakes)) {
		if (OTHERS.includes(name)) continue;
		const { code, stderr } = await session.kubectl(
			"create --dry-run=server --validate=ignore -f -",
			JSON.stringify(object),
		);
		const all = stderr === "" ? [] : causesOf(stderr);
		const causes = all.filter((cause) => cause !== STOPPED).sort();
		told.push(...causes);
		t.strictSame(causes, DIFFERENCES[name] ?? wanted(ours, causes, all.includes(STOPPED)), name);
		t.equal(code, causes.length === 0 ? 0 : 1, name);
	}
});

t.test("what only an update can get wrong", async (t) => {
	const named = { metadata: { name: "once", namespace: "default" } };
	await session.apply(JSON.stringify({ ...requestedBackupAction(), ...named }));
	const changed = { ...requestedBackupAction({ action: "restore" }), ...named };
	const { stderr } = await session.kubectl("apply -f -", JSON.stringify(changed));
	t.equal(
		stderr,
		'The RequestedBackupAction "once" is invalid: spec: Forbidden: an action cannot be changed, since it runs once; create a new RequestedBackupAction instead\n',
	);
	told.push(...causesOf(stderr));
});

t.test("the status has a schema, too", async (t) => {
	await session.apply(JSON.stringify(scheduledBackup()));
	const patch = '{"status":{"lastFailedTime":"yesterday"}}';
	const args = ["patch", "scheduledbackup", "app1", "--subresource=status", "--type=merge", "-p", patch];
	const told = causesOf((await session.kubectl(args)).stderr);
	t.equal(
		told[0],
		'status.lastFailedTime: Invalid value: "yesterday": lastFailedTime in body must be of type date-time: "yesterday"',
	);
});

t.test("every CEL rule was hit", async (t) => {
	t.ok(RULES.length > 10);
	for (const { rule, message } of RULES)
		t.ok(
			told.some((line) => line.endsWith(message)),
			`${rule}: ${message}`,
		);
});

/** A sample as a part of an object, by rule. */
const EMBED: Readonly<Record<string, (self: unknown) => KubernetesObject>> = {
	tokenKeyIsItsOwn: (self) => scheduledBackup(self as Fields),
	scheduleHasNoTimeZone: (self) => scheduledBackup({ cronJob: { scheduleEvery: self } }),
	scheduleHasFiveFields: (self) => scheduledBackup({ cronJob: { scheduleEvery: self } }),
	timeZoneIsNotLocal: (self) => scheduledBackup({ cronJob: { timeZone: self } }),
	collectionHasNoControlCharacters: (self) => scheduledBackup({ collectionId: self }),
	createdKeyHasEmail: (self) => scheduledBackup({ gpgKeySecretRef: { secretName: "a", ...(self as Fields) } }),
	createdKeyEmailIsOne: (self) => scheduledBackup({ gpgKeySecretRef: { secretName: "a", ...(self as Fields) } }),
	publicKeyIsItsOwn: (self) => scheduledBackup({ gpgKeySecretRef: { secretName: "a", ...(self as Fields) } }),
	passphraseKeyIsItsOwn: (self) => scheduledBackup({ gpgKeySecretRef: { secretName: "a", ...(self as Fields) } }),
	pathHasNoForbiddenSegment: (self) => scheduledBackup({ varsSecretRef: { secretName: "a", importOnlyKeys: [self] } }),
	onlyRestoreHasVersion: (self) => requestedBackupAction({ action: undefined, ...(self as Fields) }),
	imageIsReference: (self) => procedureTemplate({ image: self }),
	templateHasScript: (self) => procedureTemplate(self as Fields),
};

/** What another check tells already: our twin says nothing of it, the API server both. */
const TOLD_TWICE: Readonly<Record<string, unknown[]>> = { scheduleHasFiveFields: [""] };

const PLURALS: Readonly<Record<string, string>> = {
	ScheduledBackup: "namespaces/default/scheduledbackups",
	RequestedBackupAction: "namespaces/default/requestedbackupactions",
	ClusterBackupProcedureTemplate: "clusterbackupproceduretemplates",
};

/** Whether the API server refuses it by this message. */
const refuses = async (object: KubernetesObject, message: string): Promise<boolean> => {
	const named = { ...object, metadata: { ...object.metadata, name: undefined, generateName: "sample-" } };
	const path = `/apis/riotkit.org/v1alpha1/${PLURALS[object.kind ?? ""]}?dryRun=All`;
	const { body } = await callApi(session.plane, "POST", path, named);
	const { causes = [] } = (body["details"] ?? {}) as { causes?: { message: string }[] };
	return causes.some((cause) => cause.message.endsWith(message));
};

t.test("each rule says yes and no where its twin does", async (t) => {
	for (const { name, rule } of ruleTwins.filter((twin) => twin.name !== "actionIsImmutable")) {
		const { message } = RULES.find((candidate) => candidate.rule === rule) as SchemaRule;
		const embed = EMBED[name] as (self: unknown) => KubernetesObject;
		const { accepts, refuses: refused } = samples[name] ?? { accepts: [], refuses: [] };
		const twice = TOLD_TWICE[name] ?? [];
		for (const value of twice)
			t.ok(await refuses(embed(value), message), `${name} refuses ${JSON.stringify(value)}, too`);
		for (const value of accepts.filter((value) => !twice.includes(value)))
			t.notOk(await refuses(embed(value), message), `${name} accepts ${JSON.stringify(value)}`);
		for (const value of refused) t.ok(await refuses(embed(value), message), `${name} refuses ${JSON.stringify(value)}`);
	}
});
