// Rows that tell what is said about a GPG identity.
import type { Test } from "tap";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import type { IdentityFacts, ScheduledBackupFacts, SecretFacts } from "../../../src/domain/facts.ts";
import { facts, goodIdentity, gpgKeys, plainBackup, secretMap, secretWith, settings } from "../../fixtures/seed.ts";
import { holdFindings } from "../wholefindings.ts";

export interface Row {
	name: string;
	spec?: Record<string, unknown>;
	annotations?: Record<string, string>;
	secret?: SecretFacts | "absent";
	identity?: Partial<IdentityFacts>;
	world?: Partial<ScheduledBackupFacts>;
	presence: string;
	errors: string[];
	warnings?: string[];
}

/** A reference to a key that is made where there is none. */
export const made = { secretName: "keys", email: "example@example.org", createIfNotExists: true };
export const FINGERPRINT = goodIdentity.fingerprint as string;

const evaluated = (row: Row) => {
	const object = plainBackup(row.spec);
	const metadata = { ...object.metadata, ...(row.annotations && { annotations: row.annotations }) };
	const secrets = row.secret === "absent" ? secretMap("keys") : secretMap(row.secret ?? secretWith("keys", gpgKeys));
	const identity = { ...goodIdentity, ...row.identity };
	const world = facts({ secrets, identity, ...row.world });
	return evaluateScheduledBackup({ ...object, metadata }, world, settings);
};

/** One subtest a row, and one for all their findings as wholes. @param file of test/domain/findings */
export const checkRows = (t: Test, rows: readonly Row[], file: string): void => {
	for (const row of rows) {
		t.test(row.name, async (t) => {
			const { report, keys } = evaluated(row);
			t.equal(keys.presence, row.presence);
			t.same(
				report.errors.map(({ path, message }) => `${path}: ${message}`),
				row.errors,
			);
			t.same(report.warnings, row.warnings ?? []);
		});
	}
	t.test("every finding as a whole", async (t) =>
		holdFindings(
			t,
			file,
			rows.map((row) => [row.name, evaluated(row).report.errors] as const),
		),
	);
};
