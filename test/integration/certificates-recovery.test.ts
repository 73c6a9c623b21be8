// Where no valid certificate is left there is nothing to lose, and nobody may have to repair anything by hand: within ten
// seconds requests are admitted again. In this process, with a clock that can be set, and with exactly the rights that
// docs/security.md lists.
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import t, { type Test } from "tap";
import { createAuthority } from "../../certs/authority.ts";
import { startCertificates } from "../../certs/index.ts";
import { certificatesIn } from "../../certs/x509.ts";
import { connect } from "../../src/kube/client.ts";
import { type Clock, systemClock } from "../../src/kube/clock.ts";
import { buildServer, changeCertificate, closeServer } from "../../webhooks/server.ts";
import { eventually } from "../cluster/wait.ts";
import { CONFIGURATION, NAMESPACE, SECRET_NAME, startCertificateWorld, startLoad } from "./support/certificates.ts";
import { manifest } from "./support/objects.ts";

const DAY = 86_400;
const world = await startCertificateWorld(t);
const { session, balancer } = world;

const rule = (apiGroups: string[], resources: string[], verbs: string[], resourceNames?: string[]) => ({
	apiGroups,
	resources,
	verbs,
	...(resourceNames === undefined ? {} : { resourceNames }),
});
const binding = (kind: "Role" | "ClusterRole", metadata: object) => ({
	apiVersion: "rbac.authorization.k8s.io/v1",
	kind: `${kind}Binding`,
	metadata,
	roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: "bmc" },
	subjects: [{ kind: "ServiceAccount", name: "bmc", namespace: NAMESPACE }],
});
const local = { name: "bmc", namespace: NAMESPACE };
await session.apply(
	manifest(
		{ apiVersion: "v1", kind: "ServiceAccount", metadata: local },
		{
			apiVersion: "rbac.authorization.k8s.io/v1",
			kind: "Role",
			metadata: local,
			rules: [
				rule([""], ["secrets"], ["create"]),
				rule([""], ["secrets"], ["get", "list", "watch", "patch"], [SECRET_NAME]),
			],
		},
		{
			apiVersion: "rbac.authorization.k8s.io/v1",
			kind: "ClusterRole",
			metadata: { name: "bmc" },
			rules: [
				rule(
					["admissionregistration.k8s.io"],
					["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
					["get", "list", "watch", "patch"],
					[CONFIGURATION],
				),
			],
		},
		binding("Role", local),
		binding("ClusterRole", { name: "bmc" }),
	),
);

/** A kubeconfig of the service account. */
const kubeconfigOfServiceAccount = async (): Promise<string> => {
	const { code, stdout, stderr } = await session.kubectl(`create token bmc -n ${NAMESPACE}`);
	if (code !== 0) throw new Error(stderr);
	const admin = await session.kubectl("config view --raw -o json");
	const [{ cluster }] = JSON.parse(admin.stdout).clusters;
	const file = join(session.folder, "service-account.kubeconfig");
	await writeFile(
		file,
		JSON.stringify({
			apiVersion: "v1",
			kind: "Config",
			"current-context": "a",
			clusters: [{ name: "a", cluster }],
			users: [{ name: "a", user: { token: stdout.trim() } }],
			contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
		}),
	);
	return file;
};

interface Replica {
	/** Sets the clock ahead. Seconds. */
	set(seconds: number): void;
	stop(): Promise<void>;
	ready(): boolean;
	port: number;
	failures: string[];
}

const kubeconfig = await kubeconfigOfServiceAccount();

/** @param behind how many seconds its clock is behind. */
const startReplica = async (t: Test, behind = 0, leafSeconds = 7 * DAY): Promise<Replica> => {
	let offset = -behind * 1000;
	const clock: Clock = { now: () => Date.now() + offset, after: systemClock.after };
	const failures: string[] = [];
	const connection = await connect({ kubeconfig });
	const certificates = await startCertificates(
		{
			certsDir: undefined,
			namespace: NAMESPACE,
			selfManaged: {
				secret: SECRET_NAME,
				service: "bmc-webhook",
				configuration: CONFIGURATION,
				hosts: ["127.0.0.1"],
				authoritySeconds: 20 * DAY,
				leafSeconds,
				trustDelay: world.trustDelay,
			},
		},
		{
			kube: connection.kube,
			transport: connection.transport,
			clock,
			random: Math.random,
			logger: pino({ level: process.env["KEEP_LOGS"] === undefined ? "silent" : "info" }),
			metrics: {
				certificateExpires: () => undefined,
				certificateRenewed: () => undefined,
				certificateFailed: (reason) => failures.push(reason),
				watchRestarted: (kind, reason) => reason === "forbidden" && failures.push(`watch ${kind}`),
				eventDropped: () => undefined,
			},
		},
		() => Promise.reject(new Error("not asked for")),
	);
	const app = buildServer({
		clientAuthority: undefined,
		tls: await certificates.first,
		decide: async () => ({ allowed: true, warnings: [] }),
		logger: pino({ level: "silent" }),
	});
	certificates.onChange((pair) => changeCertificate(app, pair, undefined));
	await app.listen({ host: "127.0.0.1", port: 0 });
	const { port } = app.server.address() as AddressInfo;
	balancer.targets.splice(0, balancer.targets.length, port);
	let stopped = false;
	const stop = async (): Promise<void> => {
		if (stopped) return;
		stopped = true;
		balancer.cut();
		await certificates.stop();
		await closeServer(app);
		await connection.close();
	};
	t.teardown(stop);
	return {
		set: (seconds) => {
			offset += seconds * 1000;
		},
		stop,
		ready: () => certificates.check().ok,
		port,
		failures,
	};
};

const admittedWithin = async (t: Test, began: number, what: string): Promise<void> => {
	const answers = new Set<string>();
	await eventually(
		async () => {
			const answer = await world.admitted();
			if (answer !== true) answers.add(answer);
			return answer === true;
		},
		{ timeout: 60, what: `requests are admitted: ${what}` },
	);
	const took = Date.now() - began;
	t.comment(`${what}: admitted after ${took} ms`);
	t.ok(took < 10_000, `within ten seconds: ${[...answers].join("; ")}`);
};

const writeAuthority = async (pair: { certificate: string; key: string } | undefined): Promise<void> => {
	await session.kubectl(`delete secret ${SECRET_NAME} -n ${NAMESPACE} --ignore-not-found`);
	const stringData = { "tls.crt": pair?.certificate ?? "x", "tls.key": pair?.key ?? "x" };
	const object = {
		apiVersion: "v1",
		kind: "Secret",
		metadata: { name: SECRET_NAME, namespace: NAMESPACE },
		stringData,
	};
	await session.apply(manifest(object));
};

t.test("a first start, with no rights but the documented ones", async (t) => {
	const began = Date.now();
	const replica = await startReplica(t);
	await admittedWithin(t, began, "a first start");
	t.ok(replica.ready());
	t.same(replica.failures, []);
	await replica.stop();
});

t.test("an authority that had expired before anybody started", async (t) => {
	const now = new Date(Date.now() - 2 * DAY * 1000);
	await writeAuthority(await createAuthority("expired", { now, randomBytes, validSeconds: DAY }));
	const began = Date.now();
	const replica = await startReplica(t);
	await admittedWithin(t, began, "an expired authority");
	await replica.stop();
});

t.test("a Secret of rubbish, and nobody who remembers", async (t) => {
	await writeAuthority(undefined);
	const began = Date.now();
	const replica = await startReplica(t);
	await admittedWithin(t, began, "rubbish");
	await replica.stop();
});

t.test("no Secret, and bundles that trust what nobody has any more", async (t) => {
	await session.kubectl(`delete secret ${SECRET_NAME} -n ${NAMESPACE}`);
	const began = Date.now();
	const replica = await startReplica(t);
	await admittedWithin(t, began, "no Secret");
	await replica.stop();
});

t.test("a clock that jumps past the expiry of everything", async (t) => {
	await session.kubectl(`delete secret ${SECRET_NAME} -n ${NAMESPACE}`);
	const replica = await startReplica(t, 30 * DAY);
	await eventually(() => replica.ready(), { what: "by its clock all is well" });
	balancer.cut();
	// The first request may still meet the connection that was cut.
	await eventually(async () => /certificate has expired/.test(String(await world.admitted())), {
		what: "by the API server's clock it is not",
	});
	const began = Date.now();
	replica.set(30 * DAY);
	await admittedWithin(t, began, "a clock that jumps 30 days");
	t.ok(replica.ready());
	for (const bundle of await world.bundles()) {
		const ends = certificatesIn(bundle).map(({ notAfter }) => notAfter);
		t.ok(
			ends.length > 0 && Math.min(...ends) > Date.now(),
			"every bundle trusts something, and nothing that is expired",
		);
	}
	await replica.stop();
});

t.test("a clock that jumps past two thirds: in order, and no request is lost", async (t) => {
	await session.kubectl(`delete secret ${SECRET_NAME} -n ${NAMESPACE}`);
	const replica = await startReplica(t, 14 * DAY, 20 * DAY);
	await admittedWithin(t, Date.now(), "valid by both clocks");
	const first = world.secret()?.["tls.crt"] ?? "";
	replica.set(14 * DAY);
	const load = startLoad(world);
	await eventually(() => world.secret()?.["tls.crt"] !== first, { what: "the next authority has taken over" });
	const { requests, lost } = await load.stop();
	t.same(lost, [], `of ${requests}`);
	t.ok(replica.ready());
	balancer.cut();
	await eventually(async () => (await world.admitted()) === true, { what: "new connections verify" });
	await replica.stop();
});
