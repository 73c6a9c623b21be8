// What the table's manifests refer to, made once per control plane.
import type { Test } from "tap";
import { generateIdentity } from "../../../src/gpg/index.ts";
import { type Session, startSession } from "../../cluster/session.ts";
import { manifest, namespace, scheduledBackup } from "../support/objects.ts";
import { awaitCondition, awaitReady } from "../support/status.ts";
import { keyFixtures } from "./keys.ts";
import { fixtures } from "./row.ts";
import { secretFixtures } from "./secrets.ts";
import { templateFixtures } from "./templates.ts";

const PASSPHRASE = "canary-of-the-passphrase";

/** A control plane, a controller, and all fixtures of the rows; none of them is a ScheduledBackup `app`. */
export const startWithFixtures = async (t: Test): Promise<Session> => {
	const session = await startSession(t);
	await session.controller();
	const key = await generateIdentity({ userIds: ["team@example.org"], passphrase: PASSPHRASE, date: new Date() });
	await session.apply(fixtures(key, PASSPHRASE));
	await session.apply(`${templateFixtures}---\n${secretFixtures}---\n${keyFixtures(key, PASSPHRASE)}`);
	const waiting = namespace("waiting", { "riotkit.org/missing-references": "warn" });
	const waits = scheduledBackup("waits", {}, { namespace: "waiting" });
	await session.apply(
		manifest(waiting, waits, scheduledBackup("no-restore", { templateRef: { name: "backup-only" } })),
	);
	await awaitReady(session, { namespace: "default", name: "no-restore" });
	// Until it was looked at, nothing is said of it.
	await awaitCondition(session, { namespace: "waiting", name: "waits" }, { type: "Ready", status: "False" });
	return session;
};
