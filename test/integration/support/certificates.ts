// Replicas with certificates of their own behind one address, as a Service is one, and the load that shows whether a request
// was ever lost: admission through the API server, and TLS clients that trust only what the configurations told a while ago.
import { once } from "node:events";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import type { Test } from "tap";
import type { Secret, ValidatingWebhookConfiguration } from "../../../src/api/kubernetes.ts";
import { mutatingConfiguration, validatingConfiguration } from "../../../webhooks/registration.ts";
import { callApi, type History, watchKind } from "../../cluster/api.ts";
import type { Controller } from "../../cluster/controller.ts";
import type { ControlPlane } from "../../cluster/controlplane.ts";
import { freePorts } from "../../cluster/ports.ts";
import { type Session, startSession } from "../../cluster/session.ts";
import { eventually } from "../../cluster/wait.ts";
import { manifest, namespace, PREREQUISITES, scheduledBackup, template } from "./objects.ts";

export const NAMESPACE = "backups";
export const SECRET_NAME = "bmc-ca";
export const CONFIGURATION = "bmc";
const TEMPLATES = "/apis/riotkit.org/v1alpha1/clusterbackupproceduretemplates";
const KINDS = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"];
/** Seconds; enough for a client that is behind, on a machine where a process may stand still for two of them. */
const SHORT_TRUST_DELAY = 6;
/** Seconds; of a controller without the flag. */
const DEFAULT_TRUST_DELAY = 60;

/** One address, whose connections go to the replicas in turn; those of replicas that do not listen are skipped. */
export interface Balancer {
	readonly port: number;
	readonly targets: number[];
	/** Ends every connection. */
	cut(): void;
}

export const startBalancer = async (t: Test): Promise<Balancer> => {
	const targets: number[] = [];
	const open = new Set<Socket>();
	let turn = 0;
	const pass = (incoming: Socket, tries: number): void => {
		const port = targets[turn++ % Math.max(1, targets.length)];
		if (port === undefined || tries === 0) return void incoming.destroy();
		const outgoing = connectTcp({ host: "127.0.0.1", port });
		outgoing.once("connect", () => {
			incoming.pipe(outgoing).pipe(incoming);
			incoming.once("close", () => outgoing.destroy());
			outgoing.once("close", () => incoming.destroy());
		});
		outgoing.on("error", () =>
			outgoing.connecting || outgoing.pending ? pass(incoming, tries - 1) : incoming.destroy(),
		);
	};
	const server = createServer((incoming) => {
		open.add(incoming);
		incoming.once("close", () => open.delete(incoming));
		incoming.on("error", () => undefined);
		pass(incoming, targets.length);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const cut = (): void => {
		for (const socket of open) socket.destroy();
	};
	t.teardown(() => {
		server.close();
		cut();
	});
	return { port: (server.address() as { port: number }).port, targets, cut };
};

/** Our two configurations, trusting nothing yet; what they cannot ask fails, so that every lost request is seen. */
export const configurations = (port: number, name = CONFIGURATION): object[] =>
	[mutatingConfiguration, validatingConfiguration].map((make) => {
		const made = make({ url: `https://127.0.0.1:${port}` }, "");
		return {
			...made,
			metadata: { name },
			webhooks: made.webhooks.map((webhook) => ({ ...webhook, failurePolicy: "Fail" })),
		};
	});

export interface CertificateWorld {
	readonly session: Session;
	readonly balancer: Balancer;
	readonly secrets: History<Secret>;
	readonly registrations: History<ValidatingWebhookConfiguration>;
	/** Milliseconds for which a new authority is trusted before it signs. */
	readonly trustDelay: number;
	/** Starts a replica and, once it is ready, sends connections to it. */
	replica(flags?: string[]): Promise<Controller>;
	/** `data` of our Secret, decoded; undefined where there is none. */
	secret(): Record<string, string> | undefined;
	/** The bundles of all webhooks of both configurations. */
	bundles(): Promise<string[]>;
	/** Whether a ScheduledBackup is admitted now; else what was answered. */
	admitted(): Promise<true | string>;
}

const decoded = (text: string | undefined): string => Buffer.from(text ?? "", "base64").toString();

const tryCreate = async (plane: ControlPlane): Promise<true | string> => {
	const path = "/apis/riotkit.org/v1alpha1/namespaces/default/scheduledbackups?dryRun=All";
	const { status, body } = await callApi(plane, "POST", path, scheduledBackup("load"));
	return status === 201 ? true : `${status} ${body["message"]}`;
};

/**
 * A control plane with our CRDs and configurations, and nobody behind them yet.
 * @param trust of the replicas: a few seconds, or what a controller without the flag does.
 */
export const startCertificateWorld = async (
	t: Test,
	trust: "short" | "default" = "short",
): Promise<CertificateWorld> => {
	const session = await startSession(t);
	const { plane, kubectl } = session;
	const balancer = await startBalancer(t);
	const crds = await kubectl("apply -f crds/");
	if (crds.code !== 0) throw new Error(crds.stderr);
	const definesTemplate = async (): Promise<boolean> =>
		[201, 409].includes((await callApi(plane, "POST", TEMPLATES, template("simple"))).status);
	await eventually(definesTemplate, { what: "the kinds are served" });
	await session.apply(PREREQUISITES);
	await session.apply(manifest(namespace(NAMESPACE), ...configurations(balancer.port)));
	const secrets = await watchKind<Secret>(plane, `/api/v1/namespaces/${NAMESPACE}/secrets`);
	const registrations = await watchKind<ValidatingWebhookConfiguration>(
		plane,
		"/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
	);
	t.teardown(() => {
		secrets.stop();
		registrations.stop();
	});
	return {
		session,
		balancer,
		secrets,
		registrations,
		trustDelay: (trust === "short" ? SHORT_TRUST_DELAY : DEFAULT_TRUST_DELAY) * 1000,
		async replica(flags = []) {
			const [webhook = 0, health = 0, metrics = 0] = await freePorts(3);
			const controller = await session.controller({
				standalone: false,
				ports: { webhook, health, metrics },
				flags: [
					`--namespace=${NAMESPACE}`,
					`--certs-secret=${SECRET_NAME}`,
					"--webhook-service=bmc-webhook",
					`--webhook-configuration=${CONFIGURATION}`,
					"--webhook-hosts=127.0.0.1",
					...(trust === "short" ? [`--certs-trust-delay=${SHORT_TRUST_DELAY}s`] : []),
					...flags,
				],
			});
			balancer.targets.push(webhook);
			return controller;
		},
		secret() {
			const data = secrets.get(NAMESPACE, SECRET_NAME)?.data;
			if (data === undefined) return undefined;
			return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decoded(value)]));
		},
		async bundles() {
			const found = await Promise.all(KINDS.map((kind) => session.json(`get ${kind} ${CONFIGURATION}`)));
			return found.flatMap(({ webhooks }) =>
				webhooks.map(({ clientConfig }: { clientConfig: { caBundle?: string } }) => decoded(clientConfig.caBundle)),
			);
		},
		admitted: () => tryCreate(plane),
	};
};

/** The certificate that is served on a port, to a client that trusts `authority`; rejects where it does not verify. */
export const servedTo = (port: number, authority: string): Promise<{ fingerprint256: string; issuedBy: string }> =>
	new Promise((resolve, reject) => {
		const socket = connectTls({ host: "127.0.0.1", port, ca: authority }, () => {
			const { fingerprint256, issuerCertificate } = socket.getPeerCertificate(true);
			socket.destroy();
			resolve({ fingerprint256, issuedBy: issuerCertificate?.fingerprint256 ?? "" });
		});
		socket.on("error", reject);
	});

/** One handshake. */
export interface Served {
	/** Milliseconds since the epoch, when it had ended. */
	at: number;
	port: number;
	/** Fingerprint of the authority. */
	issuedBy: string;
}

export interface Load {
	/** The handshakes until now. */
	readonly served: readonly Served[];
	/** Ends it. Out: how many requests there were, what the lost ones were answered, and what all replicas served. */
	stop(): Promise<{ requests: number; lost: string[]; served: Served[] }>;
}

/**
 * Asks all the time. A TLS client here knows the bundle of a third of the trust delay ago, as an API server might whose cache
 * is behind: what is served must verify all the same.
 */
export const startLoad = (world: CertificateWorld): Load => {
	const { session, balancer, registrations } = world;
	const began = Date.now();
	const known: { at: number; bundle: string }[] = [];
	const lost: string[] = [];
	const served: Served[] = [];
	let requests = 0;
	let stopped = false;
	const present = (): string =>
		decoded(
			[...registrations.changes].reverse().find(({ object }) => object.metadata?.name === CONFIGURATION)?.object
				.webhooks?.[0]?.clientConfig.caBundle,
		);
	const trusted = (): string => {
		const bundle = present();
		if (known.at(-1)?.bundle !== bundle) known.push({ at: Date.now(), bundle });
		const old = known.filter(({ at }) => at <= Math.max(began, Date.now() - world.trustDelay / 3));
		return (old.at(-1) ?? known[0])?.bundle ?? "";
	};
	const worker = async (ask: () => Promise<unknown>, pause: number): Promise<void> => {
		while (!stopped) {
			requests += 1;
			await ask().catch((error: Error) => lost.push(`${new Date().toISOString()} ${error.message}`));
			await delay(pause);
		}
	};
	const create = async (): Promise<void> => {
		const answer = await tryCreate(session.plane);
		if (answer !== true) throw new Error(answer);
	};
	const handshakes = async (): Promise<void> => {
		const look = async (port: number): Promise<void> => {
			const { issuedBy } = await servedTo(port, trusted());
			served.push({ at: Date.now(), port, issuedBy });
		};
		await Promise.all(balancer.targets.map(look));
	};
	// Some hundreds of requests in each trust delay, however long it is.
	const pause = Math.max(20, world.trustDelay / 300);
	const workers = [worker(create, pause), worker(create, pause), worker(handshakes, 5 * pause)];
	return {
		served,
		async stop() {
			stopped = true;
			await Promise.all(workers);
			// What is served now, whenever the last look was.
			await handshakes();
			return { requests, lost, served };
		},
	};
};
