// What the checks say of the cases, as `path: message; hint` and warnings: the words that the documentation must use.
import { readFileSync } from "node:fs";
import { checkManifests } from "../../src/cli/check.ts";
import { problemText, type Report } from "../../src/domain/report.ts";
import { createKeyInspector, generateIdentity } from "../../src/gpg/index.ts";
import { readManifests } from "../../src/manifests/documents.ts";
import { cases, idle, small, world } from "./cases.ts";

const SETTINGS = {
	backupMakerImage: "example.org/backup-maker:1",
	missingReferences: "deny",
	allowPrivilegedPods: false,
} as const;

/** All that is found in each case, by its name. */
export const reportsOfCases = async (): Promise<ReadonlyMap<string, Report>> => {
	const identity = await generateIdentity({ userIds: ["a@example.org"], passphrase: "p", date: new Date() });
	const [template] = readManifests("pg13", readFileSync("examples/template-pg13.yaml", "utf8")).manifests;
	if (template === undefined) throw new Error("examples/template-pg13.yaml holds no template");
	const around = [...world(identity, template.object), small, idle];
	const inspector = createKeyInspector();
	const reports = new Map<string, Report>();
	for (const [name, given] of Object.entries(cases)) {
		const manifests = [given, ...around].map((object) => ({ file: name, lineOf: () => 1, object }));
		const [found] = await checkManifests(manifests, { settings: SETTINGS, inspector });
		reports.set(name, found?.report ?? { errors: [], warnings: [] });
	}
	return reports;
};

/** Every sentence, by the name of the case that it was said of. */
export const saidOfCases = async (): Promise<ReadonlyMap<string, readonly string[]>> =>
	new Map(
		[...(await reportsOfCases())].map(([name, { errors, warnings }]) => [
			name,
			[...errors.map(problemText), ...warnings],
		]),
	);
