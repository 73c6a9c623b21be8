// A control plane made as new between two test files. Everything that came since it was new is taken out of etcd, and what was
// changed or deleted is put back; the API server and the controller manager see that as deletions and changes like any other.
// It takes a fraction of a second, where a new control plane costs several seconds of processor time.
import { request } from "node:http";

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
const RESTLESS = ["/registry/masterleases/", "/registry/leases/", "/registry/ranges/"];

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

/** The operations that lead from what there is now to a snapshot. */
export const operationsTo = (snapshot: Snapshot, now: readonly Pair[]): object[] => {
	const current = new Map(now.map(({ key, mod_revision }) => [key, mod_revision]));
	const deletions = [...current.keys()].filter((key) => !snapshot.has(key));
	const changed = [...snapshot].filter(([key, { revision }]) => current.get(key) !== revision);
	return [
		...deletions.map((key) => ({ request_delete_range: { key } })),
		...changed.map(([key, { value }]) => ({ request_put: { key, value } })),
	];
};

/**
 * Makes a control plane as it was when the snapshot was taken.
 * @returns the snapshot to go back to the next time: what was put back has a new revision
 */
export const resetTo = async (etcd: string, snapshot: Snapshot): Promise<Snapshot> => {
	const operations = operationsTo(snapshot, await pairs(etcd, true));
	for (let from = 0; from < operations.length; from += BATCH)
		await call(etcd, "/v3/kv/txn", { success: operations.slice(from, from + BATCH) });
	return operations.some((operation) => "request_put" in operation) ? takeSnapshot(etcd) : snapshot;
};
