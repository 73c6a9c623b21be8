// Secret values are marked, and then looked for wherever they should not be, as they are and encoded: in every version of
// every object, in all that kubectl prints, in what the controller sends, logs, counts and keeps in files.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { KubernetesObject, Secret } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { watchKind } from "../cluster/api.ts";
import { startProxy } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { canaryOf, canaryOfKey, createSearch, filesOf, marked } from "./support/canary.ts";
import { EMAIL } from "./support/keys.ts";
import { canariesOf, makeMistakes, mistaken, secretsOf, surroundings } from "./support/mistakes.ts";
import { action, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { podOf, setPodStatus } from "./support/run.ts";
import { awaitCondition, awaitReady, merge, mustKubectl, readSecret } from "./support/status.ts";
import { postTo } from "./support/webhook.ts";

t.setTimeout(480_000);

const KINDS: Record<string, string> = {
	configmaps: "/api/v1/configmaps",
	events: "/api/v1/events",
	pods: "/api/v1/pods",
	jobs: "/apis/batch/v1/jobs",
	cronjobs: "/apis/batch/v1/cronjobs",
	scheduledbackups: "/apis/riotkit.org/v1alpha1/scheduledbackups",
	requestedbackupactions: "/apis/riotkit.org/v1alpha1/requestedbackupactions",
	templates: "/apis/riotkit.org/v1alpha1/clusterbackupproceduretemplates",
};

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
const temporary = await mkdtemp(join(tmpdir(), "canary-"));
t.teardown(() => rm(temporary, { recursive: true, force: true }));
const controller = await session.controller({
	kubeconfig: proxy.kubeconfig,
	flags: ["--debug"],
	env: { TMPDIR: temporary },
});

const histories = new Map<string, { changes: readonly { object: KubernetesObject }[]; stop(): void }>();
for (const [kind, path] of Object.entries(KINDS)) {
	const history = await watchKind<KubernetesObject>(session.plane, path);
	t.teardown(() => history.stop());
	histories.set(kind, history);
}

/** All that kubectl has printed. */
const printed: string[] = [];
const say = async (args: string, input?: string) => {
	const result = await session.kubectl(args, input);
	printed.push(result.stdout, result.stderr);
	return result;
};

const mistakes = await makeMistakes();
const secrets = new Map(mistakes.map((mistake) => [mistake.name, secretsOf(mistake)]));
const literals = mistakes.flatMap(({ name, literals: values = [] }) =>
	values.map((value) => canaryOf(`${name} literal`, value)),
);

const GOOD = {
	password: marked("good-password"),
	token: marked("good-token"),
	passphrase: marked("good-passphrase"),
	imported: marked("good-imported"),
	/** Written by a program into its termination message, which only the Pod may repeat. */
	message: marked("termination-message"),
	/** In an error's body of the API server. */
	body: marked("error-body"),
};
const good = { namespace: "good", name: "app" };

t.test("mistakes are told at admission", async (t) => {
	await session.apply(manifest(template("simple")));
	const around = mistakes.map((mistake) => surroundings(mistake, secrets.get(mistake.name) ?? new Map()));
	await mustKubectl(session, "create -f -", around.join("---\n"));
	// Of several objects kubectl prints the messages, of a single one the causes.
	await say("create --dry-run=server -f -", mistakes.map(mistaken).join("---\n"));
	const denied: string[] = [];
	for (const mistake of mistakes) {
		const { code } = await say("apply -f -", mistaken(mistake));
		if (code !== 0) denied.push(mistake.name);
	}
	const accepted = mistakes.map(({ name }) => name).filter((name) => !denied.includes(name));
	t.same(
		accepted,
		["wrong-pair", "wrong-passphrase", "literal-measured", "literal-indexed", "text-number"],
		"all others are denied",
	);
	const stranger = ["--as=stranger", "--as-group=system:masters-not"];
	await session.kubectl("create clusterrole author --verb=create,get,patch --resource=scheduledbackups.riotkit.org");
	await session.kubectl("create clusterrolebinding author --clusterrole=author --user=stranger");
	const forbidden = await say(
		`apply ${stranger.join(" ")} -f -`,
		mistaken({ name: "nul", spec: { collectionId: "other" } }),
	);
	t.match(forbidden.stderr, /you are not allowed to read Secret "vars"/);
});

t.test("and by the reconciler, where objects went around the webhooks", async (t) => {
	const kinds = "validatingwebhookconfigurations,mutatingwebhookconfigurations";
	const saved = await session.json(`get ${kinds}`);
	await mustKubectl(session, `delete ${kinds} --all`);
	await say("apply -f -", mistakes.map(mistaken).join("---\n"));
	const isReconciled = ({ metadata, status }: ScheduledBackup) => status?.observedGeneration === metadata.generation;
	const reconciled = await eventually(
		async () => {
			const { items } = await session.json("get scheduledbackups -A");
			return items.length === mistakes.length && items.every(isReconciled);
		},
		{ timeout: 60, what: "all are reconciled" },
	);
	t.ok(reconciled);
	await say("get scheduledbackups -A");
	await say("get events -A");
	for (const item of saved.items) {
		const { name, labels, annotations } = item.metadata;
		await mustKubectl(session, "create -f -", manifest({ ...item, metadata: { name, labels, annotations } }));
	}
});

/** Requests of the controller that fail once, with a body that holds a marked text. */
const FAULTS = [
	"GET secrets/vars",
	"POST secrets",
	"PATCH secrets/keys",
	"POST configmaps",
	"POST cronjobs",
	"POST jobs",
	"PUT scheduledbackups/app/status",
];

t.test("what is accepted runs, fails and loses a password, on an API server that fails", async (t) => {
	const vars = "Params: {host: db}\nRepository: {url: 'https://b'}\nHelmValues: {env: {TEAM: blue}, backoffLimit: 0}\n";
	const script =
		"{{ .Params.password | shellQuote }} {{ .Repository.token | b64enc }} {{ .Repository.passphrase | quote }}\n";
	const data = { "Params.password": GOOD.password, "HelmValues.env.IMPORTED": GOOD.imported, token: GOOD.token };
	await session.apply(manifest(template("good", { backup: script, restore: script }), namespace("good")));
	const own = (name: string, values: Record<string, string>) => manifest(secret(name, values, { namespace: "good" }));
	await mustKubectl(session, "create -f -", own("vars", data));
	await mustKubectl(session, "create -f -", own("keys", { passphrase: GOOD.passphrase }));
	const spec = {
		templateRef: { name: "good" },
		vars,
		varsSecretRef: { secretName: "vars" },
		tokenSecretRef: { secretName: "vars" },
		gpgKeySecretRef: { secretName: "keys", email: EMAIL, createIfNotExists: true },
	};
	const faults = new Map(FAULTS.map((fault) => [fault, false]));
	proxy.decide = ({ method, path }) => {
		const fault = `${method} ${path.replace(/\?.*/, "").replace(/.*\/namespaces\/good\//, "")}`;
		if (!path.includes("/namespaces/good/") || faults.get(fault) !== false) return { type: "pass" };
		faults.set(fault, true);
		const status = fault.endsWith("jobs") ? 500 : 422;
		const body = { kind: "Status", status: "Failure", reason: "Invalid", code: status, message: GOOD.body };
		return { type: "answer", status, body };
	};
	await say("apply -f -", manifest(scheduledBackup("app", spec, { namespace: "good" })));
	await eventually(
		async () => (await say("apply -f -", manifest(scheduledBackup("app", spec, { namespace: "good" })))).code === 0,
		{ what: "the ScheduledBackup is accepted" },
	);
	await awaitReady(session, good);
	for (const name of ["backup", "restore"] as const) {
		await say("create -f -", manifest(action(name, "app", { action: name }, { namespace: "good" })));
		const jobName = await eventually(
			async () => {
				const { status } = await session.json(`get requestedbackupaction -n good ${name}`);
				return status?.phase === "Running" && status.jobName;
			},
			{ what: `action ${name} runs` },
		);
		const pod = await podOf(session, "good", jobName);
		const state = { terminated: { exitCode: 1, reason: "Error", message: GOOD.message } };
		const container = { name: "backup-maker", image: "i", imageID: "i", ready: false, restartCount: 0, state };
		const status = { phase: "Failed", message: GOOD.message, containerStatuses: [container] };
		await setPodStatus(session, "good", pod.metadata?.name ?? "", status);
		const stalled = { type: "Stalled", status: "True" };
		await awaitCondition(session, { namespace: "good", name }, stalled, "requestedbackupaction");
		await say(`describe requestedbackupaction -n good ${name}`);
	}
	t.same(
		[...faults].filter(([, happened]) => !happened),
		[],
		"every fault happened",
	);
	await merge(session, "secret", { namespace: "good", name: "vars" }, { data: { "Params.password": null } });
	await awaitCondition(session, good, { type: "Ready", status: "False" });
	await merge(
		session,
		"secret",
		{ namespace: "good", name: "vars" },
		{ stringData: { "Params.password": GOOD.password } },
	);
	await awaitReady(session, good);
});

t.test("webhook calls that are no reviews are not repeated", async (t) => {
	const port = controller.ports.webhook;
	const before = printed.length;
	for (const path of ["/validate", "/mutate", "/validate-delete", "/else"]) {
		for (const body of [
			GOOD.body,
			JSON.stringify({ [GOOD.body]: GOOD.body }),
			JSON.stringify({
				kind: "AdmissionReview",
				apiVersion: "admission.k8s.io/v1",
				request: {
					uid: "1",
					kind: { kind: GOOD.body },
					operation: "CREATE",
					userInfo: { username: "x" },
					object: GOOD.body,
				},
			}),
		])
			printed.push(await postTo(port, path, body));
		printed.push(await postTo(port, path, GOOD.body, "text/plain"));
	}
	const answers = printed.slice(before);
	t.equal(answers.length, 16);
	for (const answer of answers) t.notMatch(answer, GOOD.body);
});

t.test("no secret value is anywhere but in the user's Secrets", async (t) => {
	const keys = await readSecret(session, { namespace: "good", name: "keys" });
	const values = new Map([
		...[...secrets.values()].flatMap((map) => [...map]),
		["good/vars", { password: GOOD.password, token: GOOD.token, imported: GOOD.imported }],
		["good/keys", { passphrase: GOOD.passphrase }],
	] as [string, Record<string, string | Buffer>][]);
	const canaries = [
		...canariesOf(values),
		canaryOfKey("the private key that was made", `${keys?.get("key")}`),
		canaryOf("error body", GOOD.body),
	];
	const message = canaryOf("termination message", GOOD.message);
	const search = createSearch([...canaries, message]);
	const strict = createSearch([...canaries, message, ...literals]);
	const clean = (what: string, text: string, find = strict): void => {
		t.ok(text.length > 0, `${what} was looked at`);
		t.same(find(text), [], what);
	};

	const all: Secret[] = (await session.json("get secrets -A")).items;
	const users = all.filter(({ metadata }) => values.has(`${metadata?.namespace}/${metadata?.name}`));
	const control = createSearch(canaries.filter(({ name }) => name !== "error body"))(JSON.stringify(users));
	t.equal(
		control.filter((found) => found.endsWith("(Base64)")).length,
		canaries.length - 1,
		"all are found where they belong",
	);
	const others = all.filter((one) => !users.includes(one) && !one.metadata?.name?.endsWith("-env"));
	t.same(search(JSON.stringify(others)), [], "other Secrets");
	const environments = all.filter(({ metadata }) => metadata?.name?.endsWith("-env"));
	clean("Secrets with the environment", JSON.stringify(environments), search);
	t.same(
		environments.flatMap(({ data }) => Object.keys(data ?? {})),
		["TEAM"],
		"what a Secret sets is never copied",
	);

	const pods = createSearch([...canaries, ...literals]);
	for (const [kind, { changes }] of histories) {
		const texts = changes.map(({ object }) => JSON.stringify(object));
		const find = kind === "pods" ? pods : ["configmaps", "scheduledbackups"].includes(kind) ? search : strict;
		clean(`${kind}, in every version`, texts.join("\n"), find);
	}
	const statuses = histories
		.get("scheduledbackups")
		?.changes.map(({ object }) => JSON.stringify((object as { status?: object }).status));
	clean("status of ScheduledBackups", (statuses ?? []).join("\n"));
	clean("what kubectl printed", printed.join("\n"));
	clean("the log, with --debug", await controller.log());
	t.match(await controller.log(), '"level":"debug"');
	clean("/metrics", await controller.metrics());
	for (const [path, text] of await filesOf(controller.pid, temporary)) t.same(strict(text), [], path);

	const writes = proxy.requests.filter(({ method }) => method !== "GET");
	const keyWrites = writes.filter(({ body }) => body.includes("riotkit.org/gpg-fingerprint"));
	t.equal(keyWrites.length > 0, true);
	const sent = writes.filter((one) => !keyWrites.includes(one) && !one.path.includes("/secrets"));
	clean(
		"what the controller wrote",
		sent
			.filter(({ path }) => !/configmaps|scheduledbackups/.test(path))
			.map(({ body }) => body)
			.join("\n"),
	);
	clean("what the controller wrote, scripts and status among it", sent.map(({ body }) => body).join("\n"), search);
});
