// A ScheduledBackup that uses a password, and a cluster of Maps in which that is fine: what tests of admission begin with.
import { admit } from "../../webhooks/admit.ts";
import { admissionOf, emptyWorld, requestOf, scheduledBackupOf, secretOf, templateOf, type World } from "./world.ts";

/** Prints the password. */
export const PASSWORD_TEMPLATE = templateOf("pg13", "echo {{ .Params.password }}");
/** Uses a password of a Secret. */
export const withPassword = scheduledBackupOf("app1", {
	varsSecretRef: { secretName: "backup-keys", importOnlyKeys: ["Params.password"] },
});

/** A cluster that has all that `withPassword` refers to, but for the changes. */
export const worldWith = (change: Partial<World> = {}): World => ({
	...emptyWorld(),
	templates: new Map([["pg13", PASSWORD_TEMPLATE]]),
	secrets: new Map([["default/backup-keys", secretOf("backup-keys", { "Params.password": "x" })]]),
	...change,
});

/** The verdict of the validating webhook on a create, or on an update of `old`. */
export const validate = (world: World, object = withPassword, old?: typeof withPassword) =>
	admit(admissionOf(world), "validate", requestOf(old === undefined ? "CREATE" : "UPDATE", object, old));
