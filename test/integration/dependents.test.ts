// One edit of a template can break the backups of many teams: who would be broken is told before it happens, and whoever
// must do it can say so.
import t from "tap";
import { callApi } from "../cluster/api.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { type Fields, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { awaitReady, merge, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();

const NAMESPACES = ["team-a", "team-b"];
const PASSWORD = { "Params.password": "canary" };
await session.apply(manifest(...NAMESPACES.map((name) => namespace(name))));
await session.apply(manifest(...NAMESPACES.map((at) => secret("vars", PASSWORD, { namespace: at }))));

/** Makes `count` ScheduledBackups that use the template, in both namespaces, and answers their names in order. */
const dependents = async (of: string, count: number, spec: Fields = {}): Promise<string[]> => {
	const places = Array.from({ length: count }, (_, index) => ({
		name: `${of}-${String(index).padStart(2, "0")}`,
		namespace: NAMESPACES[index % NAMESPACES.length] ?? "",
	}));
	await session.apply(
		manifest(
			...places.map(({ name, namespace }) =>
				scheduledBackup(name, { cronJob: undefined, templateRef: { name: of }, ...spec }, { namespace }),
			),
		),
	);
	await Promise.all(places.map((place) => awaitReady(session, place)));
	return places.map(({ name, namespace }) => `${namespace}/${name}`).sort();
};

const HINT = 'to do it all the same, set the annotation riotkit.org/force: "true"';
const mistyped = (name: string) => template(name, { backup: "echo {{ .Params.hosst }}\n" });

const broken = (of: string, name: string): string =>
	`would break ScheduledBackup ${name}: spec.vars: template: ${of}:1:15: executing "${of}" at <.Params.hosst>: map has no entry for key "hosst" (ClusterBackupProcedureTemplate "${of}", backup script)`;
const inUse = (name: string): string => `is in use by ScheduledBackup ${name}`;
const denial = (of: string, path: string, lines: readonly string[]): string => {
	const bullets =
		lines.length === 1 ? ` ${path}: ${lines[0]}\n` : ` \n${lines.map((line) => `* ${path}: ${line}\n`).join("")}`;
	return `The ClusterBackupProcedureTemplate "${of}" is invalid:${bullets}`;
};
const warnings = (lines: readonly string[]): string =>
	lines.map((line) => `Warning: ${line.length > 120 ? `${line.slice(0, 119)}…` : line}\n`).join("");
const FORCED = { metadata: { annotations: { "riotkit.org/force": "true" } } };
/** The template's backup script as the API server has it. */
const backupScript = async (name: string): Promise<string> => (await session.json(`get cbpt ${name}`)).spec.backup;

t.test("thirteen dependents: ten are named, three counted, and nothing changes", async (t) => {
	await session.apply(manifest(template("shared")));
	const names = await dependents("shared", 13);
	const before = await session.json("get cbpt shared");
	const first = names.slice(0, 10);
	const edit = await session.kubectl("apply -f -", manifest(mistyped("shared")));
	t.strictSame(edit, {
		code: 1,
		stdout: "",
		stderr: denial("shared", "spec", [
			...first.map((name) => broken("shared", name)),
			`and 3 more ScheduledBackups; ${HINT}`,
		]),
	});
	t.strictSame(await session.kubectl("delete cbpt shared"), {
		code: 1,
		stdout: "",
		stderr: denial("shared", "metadata.name", [...first.map(inUse), `and 3 more ScheduledBackups; ${HINT}`]),
	});
	t.strictSame(await session.json("get cbpt shared"), before);
	await mustKubectl(session, "annotate cbpt shared riotkit.org/force=true");
	t.strictSame(await session.kubectl("delete cbpt shared --dry-run=server"), {
		code: 0,
		stdout: 'clusterbackupproceduretemplate.riotkit.org "shared" deleted (server dry run)\n',
		stderr: warnings([...first.map(inUse), "and 3 more ScheduledBackups"]),
	});
	const forced = { ...mistyped("shared"), metadata: { name: "shared", ...FORCED.metadata } };
	t.strictSame(await session.kubectl("apply -f -", manifest(forced)), {
		code: 0,
		stdout: "clusterbackupproceduretemplate.riotkit.org/shared configured\n",
		stderr: warnings([...first.map((name) => broken("shared", name)), "and 3 more ScheduledBackups"]),
	});
	t.match(await backupScript("shared"), "hosst");
});

t.test("an edit that breaks nobody passes without a word", async (t) => {
	await session.apply(manifest(template("quiet")));
	await dependents("quiet", 2);
	const edited = template("quiet", { backup: "echo again {{ .Params.host }}\n" });
	t.strictSame(await session.kubectl("apply -f -", manifest(edited)), {
		code: 0,
		stdout: "clusterbackupproceduretemplate.riotkit.org/quiet configured\n",
		stderr: "",
	});
});

t.test("a template that does not parse breaks all, and says only that", async (t) => {
	const { stderr } = await session.kubectl("apply -f -", manifest(template("quiet", { backup: "{{ end }}" })));
	t.equal(stderr, denial("quiet", "spec.backup", ["template: quiet:1: unexpected {{end}}"]));
});

t.test("dependents that were broken before do not count, nor those that are being deleted", async (t) => {
	await session.apply(manifest(template("partly")));
	await session.apply(
		manifest(secret("gone", PASSWORD, { namespace: "team-a" }), secret("gone", PASSWORD, { namespace: "team-b" })),
	);
	const [fine = "", leaving = ""] = await dependents("partly", 2);
	const spec = {
		templateRef: { name: "partly" },
		varsSecretRef: { secretName: "gone", importOnlyKeys: ["Params.password"] },
	};
	await session.apply(manifest(scheduledBackup("was-broken", spec, { namespace: "team-a" })));
	await awaitReady(session, { namespace: "team-a", name: "was-broken" });
	await mustKubectl(session, "delete secret gone -n team-a");
	const [namespace = "", name = ""] = leaving.split("/");
	await merge(session, "scheduledbackup", { namespace, name }, { metadata: { finalizers: ["example.org/keep"] } });
	await mustKubectl(session, `delete scheduledbackup -n ${namespace} ${name} --wait=false`);
	const path = "/apis/riotkit.org/v1alpha1/clusterbackupproceduretemplates/partly?dryRun=All";
	const named = async (): Promise<string[]> => {
		const { body } = await callApi(session.plane, "PATCH", path, mistyped("partly"));
		return [fine, leaving, "team-a/was-broken"].filter((one) =>
			String(body["message"]).includes(broken("partly", one)),
		);
	};
	await eventually(async () => (await named()).join() === fine, { what: "only the one that was fine is named" });
	const { stderr } = await session.kubectl("apply -f -", manifest(mistyped("partly")));
	t.equal(stderr, denial("partly", "spec", [`${broken("partly", fine)}; ${HINT}`]));
	const deletion = await session.kubectl("delete cbpt partly");
	t.equal(deletion.stderr, denial("partly", "metadata.name", [inUse(fine), `${inUse("team-a/was-broken")}; ${HINT}`]));
	await merge(session, "scheduledbackup", { namespace, name }, { metadata: { finalizers: null } });
});

t.test("what a Secret was given just now counts: only what fails over the live objects is denied", async (t) => {
	await session.apply(manifest(template("grows")));
	const vars = { varsSecretRef: { secretName: "grows" } };
	await session.apply(manifest(...NAMESPACES.map((at) => secret("grows", PASSWORD, { namespace: at }))));
	await dependents("grows", 2, vars);
	const edited = template("grows", { backup: "echo {{ .Params.host }} {{ .Params.user }}\n" });
	const grown = NAMESPACES.map((at) => secret("grows", { ...PASSWORD, "Params.user": "x" }, { namespace: at }));
	const { code, stderr } = await session.kubectl("apply -f -", manifest(...grown, edited));
	t.strictSame({ code, stderr }, { code: 0, stderr: "" });
});

t.test("a template that nobody uses any more can be deleted", async (t) => {
	await mustKubectl(session, "delete scheduledbackup -n team-a --all");
	await mustKubectl(session, "delete scheduledbackup -n team-b --all");
	t.strictSame(await session.kubectl("delete cbpt quiet grows"), {
		code: 0,
		stdout: [
			'clusterbackupproceduretemplate.riotkit.org "quiet" deleted\n',
			'clusterbackupproceduretemplate.riotkit.org "grows" deleted\n',
		].join(""),
		stderr: "",
	});
});

t.test("deleting all templates at once is no way around", async (t) => {
	await session.apply(manifest(template("swept")));
	await dependents("swept", 1);
	const swept = await session.kubectl([
		"delete",
		"--raw",
		"/apis/riotkit.org/v1alpha1/clusterbackupproceduretemplates",
	]);
	t.not(swept.code, 0, "the collection is refused");
	t.ok(await session.json("get cbpt swept"), "it is still there");
});
