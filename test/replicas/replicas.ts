// Several controllers as a Deployment runs them: one Service in front, one certificate, the registration made by somebody
// else, each with its own name and its own way to the API server.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeServingCertificate } from "../../certs/serving.ts";
import {
	MUTATING_WEBHOOK_CONFIGURATION,
	type ResourceKind,
	VALIDATING_WEBHOOK_CONFIGURATION,
} from "../../src/api/kinds.ts";
import type { Job, Lease, Pod } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { CRDS_FOLDER } from "../../src/files.ts";
import { connect } from "../../src/kube/client.ts";
import { installCrds } from "../../src/standalone/index.ts";
import {
	CALL_TIMEOUT_SECONDS,
	mutatingConfiguration,
	validatingConfiguration,
	type WebhookConfiguration,
} from "../../webhooks/registration.ts";
import { type History, watchKind } from "../cluster/api.ts";
import { type Controller, startController } from "../cluster/controller.ts";
import type { ControlPlane } from "../cluster/controlplane.ts";
import { type Proxy as ServerProxy, startProxy } from "../cluster/proxy.ts";
import { eventually } from "../cluster/wait.ts";
import { type Service, startService } from "./service.ts";

/** What ends with the test or the benchmark. */
export interface Ends {
	teardown(end: () => unknown): unknown;
}

export interface Replica {
	readonly name: string;
	readonly controller: Controller;
	/** Between it and the API server. */
	readonly proxy: ServerProxy;
	/** Its own metrics by name, without labels. */
	metric(name: string): Promise<number | undefined>;
	/** SIGSTOP. */
	pause(): void;
	/** SIGCONT. */
	resume(): void;
}

export interface Replicas {
	readonly plane: ControlPlane;
	readonly service: Service;
	/** All that were started, ended ones too. */
	readonly all: readonly Replica[];
	readonly jobs: History<Job>;
	readonly pods: History<Pod>;
	readonly actions: History<RequestedBackupAction>;
	readonly backups: History<ScheduledBackup>;
	readonly leases: History<Lease>;
	/** Starts one more, and waits until the Service has it. */
	start(): Promise<Replica>;
	/** The name of the replica that the Lease names; undefined where it is free. */
	leader(): string | undefined;
}

export interface ReplicasOptions {
	plane: ControlPlane;
	/** Takes certificates and logs. */
	folder: string;
	/** Of each replica, besides those that it needs to run at all. */
	flags: readonly string[];
	env?: Record<string, string>;
	/** Seconds that the API server waits for a webhook; by default as long as users have it wait. */
	callTimeout?: number;
}

/** In which the replicas say they run. */
export const NAMESPACE = "backups";

const writeCertificate = async (folder: string): Promise<string> => {
	const pair = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, "tls.crt"), pair.certificate);
	await writeFile(join(folder, "tls.key"), pair.key);
	return pair.authority;
};

const prepare = async (options: ReplicasOptions, service: Service, authority: string): Promise<void> => {
	const { plane, callTimeout = CALL_TIMEOUT_SECONDS } = options;
	const connection = await connect({ kubeconfig: plane.kubeconfig });
	await installCrds(connection.kube, CRDS_FOLDER);
	const kind = { apiVersion: "v1", kind: "Namespace", plural: "namespaces", namespaced: false };
	await connection.kube.create(kind, { metadata: { name: NAMESPACE } });
	const address = { url: `https://127.0.0.1:${service.port}` };
	const register = (kind: ResourceKind, configuration: WebhookConfiguration): Promise<unknown> => {
		const webhooks = configuration.webhooks.map((webhook) => ({ ...webhook, timeoutSeconds: callTimeout }));
		const patient: WebhookConfiguration = { ...configuration, webhooks };
		return connection.kube.apply(kind, patient);
	};
	await register(MUTATING_WEBHOOK_CONFIGURATION, mutatingConfiguration(address, authority));
	await register(VALIDATING_WEBHOOK_CONFIGURATION, validatingConfiguration(address, authority));
	await connection.close();
};

const replicaOf = (name: string, controller: Controller, proxy: ServerProxy): Replica => ({
	name,
	controller,
	proxy,
	metric: async (metric) => {
		const line = new RegExp(`^backup_maker_controller_${metric} (\\d+)$`, "m").exec(await controller.metrics());
		return line === null ? undefined : Number(line[1]);
	},
	pause: () => void process.kill(controller.pid, "SIGSTOP"),
	resume: () => void process.kill(controller.pid, "SIGCONT"),
});

/** A control plane that replicas can be started on; none is yet. */
export const prepareReplicas = async (ends: Ends, options: ReplicasOptions): Promise<Replicas> => {
	const { plane, folder, flags, env = {} } = options;
	const service = await startService();
	ends.teardown(() => service.stop());
	const certificates = join(folder, "replicas");
	const authority = await writeCertificate(certificates);
	await prepare(options, service, authority);
	const watch = async <T extends object>(path: string): Promise<History<T>> => {
		// A kind that was just defined is answered with 429 for a moment.
		const history = await eventually(() => watchKind<T>(plane, path), { what: `${path} is watched` });
		ends.teardown(() => history.stop());
		return history;
	};
	const all: Replica[] = [];
	const leases = await watch<Lease>("/apis/coordination.k8s.io/v1/leases");
	return {
		plane,
		service,
		all,
		jobs: await watch<Job>("/apis/batch/v1/jobs"),
		pods: await watch<Pod>("/api/v1/pods"),
		actions: await watch<RequestedBackupAction>("/apis/riotkit.org/v1alpha1/requestedbackupactions"),
		backups: await watch<ScheduledBackup>("/apis/riotkit.org/v1alpha1/scheduledbackups"),
		leases,
		start: async () => {
			const name = `replica-${all.length}`;
			const proxy = await startProxy(plane);
			ends.teardown(() => proxy.stop());
			const controller = await startController({
				folder,
				kubeconfig: proxy.kubeconfig,
				standalone: false,
				flags: [`--certs-dir=${certificates}`, `--namespace=${NAMESPACE}`, ...flags],
				env: { ...env, POD_NAME: name },
			});
			ends.teardown(() => {
				if (!controller.ended()) process.kill(controller.pid, "SIGCONT");
				return controller.kill();
			});
			const replica = replicaOf(name, controller, proxy);
			all.push(replica);
			service.add(controller);
			return replica;
		},
		leader: () => {
			const holder = leases.get(NAMESPACE, "backup-maker-controller")?.spec?.holderIdentity;
			return holder ? holder.replace(/_.*/, "") : undefined;
		},
	};
};
