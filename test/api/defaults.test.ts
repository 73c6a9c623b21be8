// The same defaults as the API server's: deep, only where the parent is given, and never over a given value.
import t from "tap";
import {
	applyDefaults,
	defaultClusterBackupProcedureTemplate,
	defaultRequestedBackupAction,
	defaultScheduledBackup,
} from "../../src/api/defaults.ts";
import { procedureTemplate, requestedBackupAction, scheduledBackup } from "./objects.ts";

const CRON_DEFAULTS = {
	enabled: true,
	scheduleEvery: "00 02 * * *",
	timeZone: "Etc/UTC",
	suspend: false,
	concurrencyPolicy: "Forbid",
	successfulJobsHistoryLimit: 3,
	failedJobsHistoryLimit: 1,
};

t.test("ScheduledBackup", async (t) => {
	const given = scheduledBackup({
		cronJob: {},
		gpgKeySecretRef: { secretName: "keys" },
		tokenSecretRef: { secretName: "keys" },
		varsSecretRef: { secretName: "keys", importOnlyKeys: ["a"] },
	});
	const before = structuredClone(given);
	const object = defaultScheduledBackup(given);
	t.strictSame(object.spec, {
		...given.spec,
		cronJob: CRON_DEFAULTS,
		gpgKeySecretRef: {
			secretName: "keys",
			createIfNotExists: false,
			privateKey: "key",
			publicKey: "key.pub",
			passphraseKey: "passphrase",
		},
		tokenSecretRef: { secretName: "keys", tokenKey: "token" },
		templateRef: { kind: "ClusterBackupProcedureTemplate", name: "pg13" },
	});
	t.strictSame(object.status, { observedGeneration: -1 });
	t.strictSame(given, before, "the given object is not changed");
});

t.test("no parent, no default", async (t) => {
	const { spec } = defaultScheduledBackup(scheduledBackup());
	t.notOk("cronJob" in spec || "gpgKeySecretRef" in spec || "tokenSecretRef" in spec);
});

t.test("what is given stays", async (t) => {
	const cronJob = {
		...CRON_DEFAULTS,
		enabled: false,
		scheduleEvery: "",
		timeZone: "Europe/Warsaw",
		failedJobsHistoryLimit: 0,
	};
	t.strictSame(defaultScheduledBackup(scheduledBackup({ cronJob })).spec.cronJob, cronJob);
	const status = { observedGeneration: 3 };
	t.strictSame(defaultScheduledBackup({ ...scheduledBackup(), status }).status, status);
});

t.test("a null counts as absent, as the API server does it", async (t) => {
	const { spec } = defaultScheduledBackup(scheduledBackup({ cronJob: null, templateRef: { kind: null, name: "x" } }));
	t.notOk("cronJob" in spec);
	t.equal(spec.templateRef.kind, "ClusterBackupProcedureTemplate");
});

t.test("what is no map or no list is left for the validation", async (t) => {
	const { spec } = defaultScheduledBackup(scheduledBackup({ cronJob: "x", varsSecretRef: { importOnlyKeys: "y" } }));
	t.match(spec, { cronJob: "x", varsSecretRef: { importOnlyKeys: "y" } });
});

t.test("the other kinds", async (t) => {
	t.equal(defaultRequestedBackupAction(requestedBackupAction()).spec.kindType, "Job");
	t.equal(defaultClusterBackupProcedureTemplate(procedureTemplate()).spec.templateLanguage, "GoTemplate");
	const secret = { apiVersion: "v1", kind: "Secret" };
	t.equal(applyDefaults(secret), secret);
	const nothing = {};
	t.equal(applyDefaults(nothing), nothing);
});

t.test("a default is never shared between objects", async (t) => {
	const [one, two] = [defaultScheduledBackup(scheduledBackup()), defaultScheduledBackup(scheduledBackup())];
	t.not(one.status, two.status);
});
