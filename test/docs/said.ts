// What the checks say of the cases, as `path: message; hint` and warnings: the words that the documentation must use.
import { readFileSync } from "node:fs";
import { checkManifests } from "../../src/cli/check.ts";
import { problemText } from "../../src/domain/report.ts";
import { createKeyInspector, generateIdentity } from "../../src/gpg/index.ts";
import { readManifests } from "../../src/manifests/documents.ts";
import { cases, idle, small, world } from "./cases.ts";

const SETTINGS = {
	backupMakerImage: "example.org/backup-maker:1",
	missingReferences: "deny",
	allowPrivilegedPods: false,
} as const;

/** Every sentence, by the name of the case that it was said of. */
export const saidOfCases = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
	const identity = await generateIdentity({ userIds: ["a@example.org"], passphrase: "p", date: new Date() });
	const [template] = readManifests("pg13", readFileSync("examples/template-pg13.yaml", "utf8")).manifests;
	if (template === undefined) throw new Error("examples/template-pg13.yaml holds no template");
	const around = [...world(identity, template.object), small, idle];
	const inspector = createKeyInspector();
	const said = new Map<string, readonly string[]>();
	for (const [name, given] of Object.entries(cases)) {
		const manifests = [given, ...around].map((object) => ({ file: name, lineOf: () => 1, object }));
		const [found] = await checkManifests(manifests, { settings: SETTINGS, inspector });
		const { errors = [], warnings = [] } = found?.report ?? {};
		said.set(name, [...errors.map(problemText), ...warnings]);
	}
	return said;
};
