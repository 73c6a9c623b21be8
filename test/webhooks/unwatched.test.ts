// With --watch-namespaces: what is said of namespaces that nobody works in, and that it is said once.
import t from "tap";
import type { Admission } from "../../webhooks/admission.ts";
import { admit } from "../../webhooks/admit.ts";
import type { Phase } from "../../webhooks/server.ts";
import {
	actionOf,
	admissionOf,
	emptyWorld,
	problemsOf,
	requestOf,
	scheduledBackupOf,
	templateOf,
	type World,
} from "./world.ts";

const template = templateOf("pg13", "echo {{ .Params.db }}");
const breaking = templateOf("pg13", "echo {{ .Params.database }}");

const inTeam = <T extends { metadata: { namespace?: string } }>(object: T): T => ({
	...object,
	metadata: { ...object.metadata, namespace: "team" },
});

const backup = scheduledBackupOf("app1");
const changed = { ...backup, spec: { ...backup.spec, collectionId: "2222" } };
const labelled = { ...backup, metadata: { ...backup.metadata, labels: { a: "b" } } };

const worldOf = (): World => ({
	...emptyWorld(),
	templates: new Map([["pg13", template]]),
	scheduledBackups: new Map([
		["team/app1", inTeam(backup)],
		["default/app1", backup],
	]),
	// The watches know of their own namespaces alone.
	watched: { templates: new Map([["pg13", template]]), scheduledBackups: [] },
});

const HERE = 'this controller does not work in namespace "team" (--watch-namespaces)';
const OTHERS =
	"ScheduledBackups of other namespaces were not looked at (--watch-namespaces): the template may be in use there";

const cases: { name: string; request: Parameters<typeof admit>[2]; phase?: Phase; all?: true; warnings: string[] }[] = [
	{ name: "a ScheduledBackup elsewhere", request: requestOf("CREATE", inTeam(backup)), warnings: [HERE] },
	{ name: "its change", request: requestOf("UPDATE", inTeam(changed), inTeam(backup)), warnings: [HERE] },
	{
		name: "a change of its labels",
		request: requestOf("UPDATE", inTeam(labelled), inTeam(backup)),
		warnings: [],
	},
	{ name: "its deletion", request: requestOf("DELETE", inTeam(backup)), warnings: [] },
	{ name: "an action elsewhere", request: requestOf("CREATE", inTeam(actionOf("run"))), warnings: [HERE] },
	{
		name: "the mutating call, which comes first",
		request: requestOf("CREATE", inTeam(backup)),
		phase: "mutate",
		warnings: [],
	},
	{ name: "a ScheduledBackup here", request: requestOf("CREATE", backup), warnings: [] },
	{ name: "a new template", request: requestOf("CREATE", template), warnings: [] },
	{ name: "an edit of a template", request: requestOf("UPDATE", breaking, template), warnings: [OTHERS] },
	{ name: "the deletion of a template", request: requestOf("DELETE", template), warnings: [OTHERS] },
	{
		name: "everything, where all namespaces are watched",
		request: requestOf("CREATE", inTeam(backup)),
		all: true,
		warnings: [],
	},
	{ name: "the edit, then", request: requestOf("UPDATE", breaking, template), all: true, warnings: [] },
];

for (const { name, request, phase = "validate", all, warnings } of cases)
	t.test(name, async (t) => {
		const admission: Admission = { ...admissionOf(worldOf()), watchNamespaces: all ? [] : ["default", "other"] };
		const verdict = await admit(admission, phase, request);
		t.same(problemsOf(verdict), []);
		t.same(
			verdict.warnings.filter((warning) => /watch-namespaces/.test(warning)),
			warnings,
		);
	});

t.test("what is refused elsewhere is told so too", async (t) => {
	const admission = { ...admissionOf(worldOf()), watchNamespaces: ["default"] };
	const wrong = inTeam(scheduledBackupOf("app2", { vars: "Params: {}" }));
	const verdict = await admit(admission, "validate", requestOf("CREATE", wrong));
	t.equal(verdict.allowed, false);
	t.equal(verdict.warnings[0], HERE);
});
