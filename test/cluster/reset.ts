// A control plane made as new between two test files. Everything that came since it was new is taken out of etcd, and what was
// changed or deleted is put back; the API server and the controller manager see that as deletions and changes like any other.
// It takes a fraction of a second, where a new control plane costs several seconds of processor time.
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** Keys of etcd with their values, base64 as etcd's gateway has them. */
export type Snapshot = ReadonlyMap<string, { value: string; revision: string }>;

interface Pair {
	key: string;
	value?: string;
	mod_revision: string;
}

/** Operations of one transaction; etcd's own limit is 128. */
const BATCH = 100;
/** The last key before `/registry0`, so that a range of both holds all keys below `/registry/`. */
const FROM = Buffer.from("/registry/").toString("base64");
const TO = Buffer.from("/registry0").toString("base64");

/** What the control plane itself writes all the time. */
const RESTLESS = [
	"/registry/masterleases/",
	"/registry/leases/kube-system/",
	"/registry/leases/kube-node-lease/",
	"/registry/ranges/",
];

const isRestless = (key: string): boolean => {
	const text = Buffer.from(key, "base64").toString();
	return RESTLESS.some((prefix) => text.startsWith(prefix));
};

const call = (etcd: string, path: string, body: object): Promise<Record<string, unknown>> =>
	new Promise((resolve, reject) => {
		const sent = request(`${etcd}${path}`, { method: "POST" }, async (answer) => {
			try {
				const chunks: Buffer[] = [];
				for await (const chunk of answer) chunks.push(chunk as Buffer);
				const text = Buffer.concat(chunks).toString();
				if (answer.statusCode !== 200) throw new Error(`etcd answers ${path} with ${answer.statusCode}: ${text}`);
				resolve(JSON.parse(text));
			} catch (error) {
				reject(error);
			}
		});
		sent.on("error", reject);
		sent.end(JSON.stringify(body));
	});

const pairs = async (etcd: string, keysOnly: boolean): Promise<Pair[]> => {
	const answer = await call(etcd, "/v3/kv/range", { key: FROM, range_end: TO, keys_only: keysOnly });
	return ((answer["kvs"] ?? []) as Pair[]).filter(({ key }) => !isRestless(key));
};

/** All that a control plane holds now. In: where its etcd serves its clients. */
export const takeSnapshot = async (etcd: string): Promise<Snapshot> =>
	new Map(
		(await pairs(etcd, false)).map(({ key, value = "", mod_revision }) => [key, { value, revision: mod_revision }]),
	);

/** Namespaces go first: what is deleted in a namespace that still exists, some controllers make again at once. */
const isNamespace = (key: string): boolean => Buffer.from(key, "base64").toString().startsWith("/registry/namespaces/");

type Operation = { request_put: { key: string; value: string } } | { request_delete_range: { key: string } };

/** The key that it is about, as text. */
const keyOf = (operation: Operation): string => {
	const { key } = "request_put" in operation ? operation.request_put : operation.request_delete_range;
	return Buffer.from(key, "base64").toString();
};

/** The operations that lead from what there is now to a snapshot. */
export const operationsTo = (snapshot: Snapshot, now: readonly Pair[]): Operation[] => {
	const current = new Map(now.map(({ key, mod_revision }) => [key, mod_revision]));
	const deletions = [...current.keys()]
		.filter((key) => !snapshot.has(key))
		.sort((a, b) => Number(isNamespace(b)) - Number(isNamespace(a)));
	const changed = [...snapshot].filter(([key, { revision }]) => current.get(key) !== revision);
	return [
		...deletions.map((key) => ({ request_delete_range: { key } })),
		...changed.map(([key, { value }]) => ({ request_put: { key, value } })),
	];
};

/** Does some operations at once. Out: the snapshot with the revision that its keys got by them. */
const carryOut = async (etcd: string, operations: readonly Operation[], snapshot: Snapshot): Promise<Snapshot> => {
	const answer = await call(etcd, "/v3/kv/txn", { success: operations });
	const { revision } = answer["header"] as { revision: string };
	const puts = operations.flatMap((operation) => ("request_put" in operation ? [operation.request_put] : []));
	return new Map([...snapshot, ...puts.map(({ key, value }) => [key, { value, revision }] as const)]);
};

/** How often a control plane must be found as it was, this long apart, before nothing is expected to come late. */
const QUIET_LOOKS = 2;
const PAUSE_MS = 50;
const ATTEMPTS = 100;

/**
 * Makes a control plane as it was when the snapshot was taken. What a controller writes late, of an object that it does not know
 * to be deleted yet, is taken out again.
 * @returns the snapshot to go back to the next time: what was put back has a new revision
 * @throws Error where the control plane does not come to rest
 */
export const resetTo = async (etcd: string, snapshot: Snapshot): Promise<Snapshot> => {
	let target = snapshot;
	let quiet = 0;
	let restless: string[] = [];
	for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
		const operations = operationsTo(target, await pairs(etcd, true));
		if (operations.length > 0) restless = operations.map(keyOf);
		for (let from = 0; from < operations.length; from += BATCH)
			target = await carryOut(etcd, operations.slice(from, from + BATCH), target);
		quiet = operations.length === 0 ? quiet + 1 : 0;
		if (quiet === QUIET_LOOKS) return target;
		await delay(PAUSE_MS);
	}
	throw new Error(`the control plane does not come to rest: ${restless.join(", ")}`);
};
