// Whose rights count where a ScheduledBackup is admitted, and that a denial does not tell what the user may not read.
import t from "tap";
import { admit } from "../../webhooks/admit.ts";
import { validate, withPassword, worldWith } from "./backupworld.ts";
import { admissionOf, problemsOf, requestOf, scheduledBackupOf, secretOf, templateOf } from "./world.ts";

t.test("the requesting user is asked for, with everything that the API server said of them", async (t) => {
	const world = worldWith();
	await validate(world);
	t.same(world.questions, [
		{
			user: { username: "jane", groups: ["team"] },
			namespace: "default",
			verb: "get",
			group: "",
			resource: "secrets",
			name: "backup-keys",
		},
	]);
});

t.test("what a user may not read is denied in the same words, whether it exists or not", async (t) => {
	const forbidden = new Set(["get secrets backup-keys"]);
	const there = await validate(worldWith({ forbidden }));
	const gone = await validate(worldWith({ forbidden, secrets: new Map() }));
	const lacking = await validate(
		worldWith({ forbidden, secrets: new Map([["default/backup-keys", secretOf("backup-keys", {})]]) }),
	);
	t.notOk(there.allowed);
	t.match(problemsOf(there), [/^spec\.varsSecretRef\.secretName: you are not allowed to read Secret "backup-keys"/]);
	t.same(gone, there);
	t.same(lacking, there);
	const warned = await admit(
		admissionOf(worldWith({ forbidden, secrets: new Map() }), "warn"),
		"validate",
		requestOf("CREATE", withPassword),
	);
	t.same(problemsOf(warned), problemsOf(there), "also where missing references only warn");
});

t.test("rights are asked for once each, however many fields name the Secret", async (t) => {
	const world = worldWith();
	const object = scheduledBackupOf("app1", {
		...withPassword.spec,
		tokenSecretRef: { secretName: "backup-keys", tokenKey: "Params.password" },
	});
	await validate(world, object);
	t.equal(world.questions.length, 1);
});

t.test("making a key takes the rights to make it", async (t) => {
	const gpgKeySecretRef = { secretName: "keys", email: "a@example.org", createIfNotExists: true };
	const object = scheduledBackupOf("app1", { ...withPassword.spec, gpgKeySecretRef });
	const verdict = await validate(worldWith({ forbidden: new Set(["patch secrets keys"]) }), object);
	t.match(problemsOf(verdict), [
		/^spec\.gpgKeySecretRef\.createIfNotExists: you are not allowed to change Secret "keys"/,
	]);
});

t.test("running as a service account takes the right to have its token", async (t) => {
	const vars = "HelmValues:\n  serviceAccountName: dumper\n";
	const world = worldWith({
		templates: new Map([["pg13", templateOf("pg13", "true")]]),
		forbidden: new Set(["create serviceaccounts dumper"]),
	});
	const verdict = await validate(world, scheduledBackupOf("app1", { vars }));
	t.match(problemsOf(verdict), [/^spec\.vars: you are not allowed to create a token of ServiceAccount "dumper"/]);
	t.match(world.questions, [{ verb: "create", resource: "serviceaccounts", subresource: "token", name: "dumper" }]);
});

t.test("a schedule that restores takes the right to, at every change of its spec", async (t) => {
	const { varsSecretRef } = withPassword.spec;
	const spec = { operation: "restore" as const, ...(varsSecretRef === undefined ? {} : { varsSecretRef }) };
	const restoring = scheduledBackupOf("app1", spec);
	const changed = scheduledBackupOf("app1", { ...spec, collectionId: "2222" });
	const forbidden = () => worldWith({ forbidden: new Set(["restore scheduledbackups app1"]) });
	const refusal = ['spec.operation: you are not allowed to restore ScheduledBackup "app1"'];
	t.same(problemsOf(await validate(forbidden(), restoring)), refusal);
	t.same(problemsOf(await validate(forbidden(), changed, restoring)), refusal);
	t.same(problemsOf(await validate(forbidden(), restoring, withPassword)), refusal);
	t.match(await validate(forbidden(), withPassword, restoring), { allowed: true }, "no restore any more");
	t.match(await validate(worldWith(), restoring), { allowed: true });
	const off = { ...admissionOf(forbidden()), requireRestoreRight: false };
	t.match(await admit(off, "validate", requestOf("CREATE", restoring)), { allowed: true });
	const unnamed = { ...restoring, metadata: { generateName: "app-", namespace: "default" } };
	const all = worldWith({ forbidden: new Set(["restore scheduledbackups "]) });
	t.same(problemsOf(await validate(all, unnamed)), [
		"spec.operation: you are not allowed to restore every ScheduledBackup of the namespace",
	]);
});
