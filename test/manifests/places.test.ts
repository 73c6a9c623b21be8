// A finding in vars names the line of the vars that it is about, not the line at which vars begin.
import t from "tap";
import type { Problem } from "../../src/domain/report.ts";
import { readManifests } from "../../src/manifests/documents.ts";
import { placesIn } from "../../src/manifests/places.ts";

const FILE = `apiVersion: riotkit.org/v1alpha1
kind: ScheduledBackup
metadata: {name: app}
spec:
  collectionId: c
  vars: |
    Params:
      host: a
    HelmValues:
      env:
        PATH_X: b
      volumes:
        - name: one
        - name: two
`;
const FLOW = FILE.replace(/vars: \|[\s\S]*/, 'vars: "Params: {host: a}"\n');
const read = (text: string) => {
	const [manifest] = readManifests("app.yaml", text).manifests;
	if (manifest === undefined) throw new Error("no manifest");
	return manifest;
};
const problem = (path: string, message: string): Problem => ({ path, reason: "FieldValueInvalid", message });

const errors: [what: string, path: string, message: string, line: number][] = [
	["a path in vars", "spec.vars", "HelmValues.env.PATH_X: $(…) is not evaluated", 11],
	["an item of a list", "spec.vars", "HelmValues.volumes[1].name: wrong", 14],
	["as much of the path as is there", "spec.vars", "Params.port is needed", 7],
	["a path of which nothing is there", "spec.vars", "Repository.url is needed", 6],
	["a line that the message says", "spec.vars", "not valid YAML at line 2, column 7: x", 8],
	["what a template says of vars", "spec.vars", 'template: t:7:46: executing "t" at <.Params.x>: no entry', 6],
	["no path", "spec.vars", "is no map", 6],
	["another field", "spec.collectionId", "Params.host: is not looked for", 5],
];
for (const [what, path, message, line] of errors)
	t.test(what, async (t) => {
		t.equal(placesIn(read(FILE)).of(problem(path, message)), `app.yaml:${line}`);
	});

const warnings: [warning: string, line: number][] = [
	['Params.host (vars line 2) prints as 1.1; to keep it write "1.10"', 8],
	["HelmValues.env.PATH_X is a literal secret", 11],
	["spec.collectionId: differs", 5],
	["something about the whole", 1],
];
for (const [warning, line] of warnings)
	t.test(warning, async (t) => {
		t.equal(placesIn(read(FILE)).ofWarning(warning), `app.yaml:${line}`);
	});

t.test("vars that are no block, and vars that are no YAML", async (t) => {
	t.equal(placesIn(read(FLOW)).of(problem("spec.vars", "Params.host: wrong")), "app.yaml:6");
	const broken = read(FLOW.replace("{host: a}", "{host"));
	t.equal(placesIn(broken).of(problem("spec.vars", "Params.host: wrong")), "app.yaml:6");
});
