// Standalone mode against a cluster of one Map: what it installs, what it waits for, and that it can be undone twice.

import { X509Certificate } from "node:crypto";
import t from "tap";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { CRDS_FOLDER } from "../../src/files.ts";
import { NotFoundError } from "../../src/kube/errors.ts";
import type { Kube, ObjectKey } from "../../src/kube/port.ts";
import { installDefinitions, readDefinitions } from "../../src/standalone/definitions.ts";
import { certificateForUrl, registerWebhooks, unregisterWebhooks } from "../../src/standalone/index.ts";

/** Establishes a CRD at the third look, or never. */
const cluster = (establishes = true) => {
	const objects = new Map<string, KubernetesObject & { looks?: number; status?: object }>();
	const key = (kind: { kind: string }, name = "") => `${kind.kind} ${name}`;
	const kube: Pick<Kube, "apply" | "get" | "delete"> = {
		apply: (kind, object) => {
			objects.set(key(kind, object.metadata?.name), { ...object, metadata: { ...object.metadata, uid: "1" } });
			return Promise.resolve(object);
		},
		get: <T extends KubernetesObject>(kind: { kind: string }, { name }: ObjectKey) => {
			const found = objects.get(key(kind, name));
			if (found === undefined) return Promise.reject(new NotFoundError("no", { operation: "get", status: 404 }));
			found.looks = (found.looks ?? 0) + 1;
			const established = establishes && found.looks > 2 ? "True" : "False";
			return Promise.resolve({
				...found,
				status: { conditions: [{ type: "Established", status: established }] },
			} as unknown as T);
		},
		delete: (kind, { name }) => {
			return Promise.resolve(objects.delete(key(kind, name)));
		},
	};
	return { objects, kube };
};

const DEFINITIONS = [
	"CustomResourceDefinition clusterbackupproceduretemplates.riotkit.org",
	"CustomResourceDefinition requestedbackupactions.riotkit.org",
	"CustomResourceDefinition scheduledbackups.riotkit.org",
];

t.test("installs the CRDs and waits until they are served", async (t) => {
	const { kube, objects } = cluster();
	let pauses = 0;
	const pause = () => {
		pauses++;
		return Promise.resolve();
	};
	await installDefinitions(kube, await readDefinitions(CRDS_FOLDER), pause);
	t.same([...objects.keys()].toSorted(), DEFINITIONS);
	t.equal(pauses, 6, "two pauses for each");
	const never = cluster(false);
	const definitions = await readDefinitions(CRDS_FOLDER);
	await t.rejects(installDefinitions(never.kube, definitions, pause), { message: /did not establish/ });
});

t.test("registers the webhooks, and removes them however often it is asked", async (t) => {
	const { kube, objects } = cluster();
	await registerWebhooks(kube, { url: "https://127.0.0.1:9443" }, "PEM");
	t.same([...objects.keys()].toSorted(), [
		"MutatingWebhookConfiguration backup-maker-controller",
		"ValidatingWebhookConfiguration backup-maker-controller",
	]);
	await unregisterWebhooks(kube);
	t.equal(objects.size, 0);
	await unregisterWebhooks(kube);
	const broken = { ...kube, get: () => Promise.reject(new Error("no answer")) };
	await t.rejects(unregisterWebhooks(broken), { message: "no answer" });
});

t.test("makes a certificate for the host of the URL", async (t) => {
	const cases = [
		{ url: "https://127.0.0.1:9443", name: "IP Address:127.0.0.1" },
		{ url: "https://[::1]:9443", name: "IP Address:0:0:0:0:0:0:0:1" },
		{ url: "https://webhook.example.org", name: "DNS:webhook.example.org" },
	];
	for (const { url, name } of cases) {
		const { certificate } = await certificateForUrl(url, new Date());
		t.equal(new X509Certificate(certificate).subjectAltName, name);
	}
});
