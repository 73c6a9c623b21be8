// What goes over the wire. What the API server makes of it is seen in the integration tests.
import t from "tap";
import { CONFIG_MAP, EVENT, SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import { createKube, endingWith } from "../../src/kube/client.ts";
import { ConflictError, ExpiredError, InvalidObjectError, NotFoundError } from "../../src/kube/errors.ts";
import type { Call, Transport } from "../../src/kube/transport.ts";

const recorded = (answer: (call: Call, count: number) => unknown) => {
	const calls: Call[] = [];
	const transport: Transport = {
		call: async (call) => {
			calls.push(call);
			return answer(call, calls.length);
		},
		stream: async () => {
			throw new Error("no streams here");
		},
		close: async () => {},
	};
	return { kube: createKube(transport), calls };
};

const key = { namespace: "a", name: "b" };
const map = { metadata: key, data: { x: "1" } };

t.test("one request each", async (t) => {
	const { kube, calls } = recorded(() => ({}));
	await kube.get(CONFIG_MAP, key);
	await kube.create(CONFIG_MAP, map);
	await kube.create(CONFIG_MAP, map, { dryRun: true });
	await kube.apply(CONFIG_MAP, map);
	await kube.patch(
		CONFIG_MAP,
		key,
		{ data: { x: null }, metadata: { labels: { l: "1" } } },
		{ uid: "u", resourceVersion: "7" },
	);
	await kube.replaceStatus(SCHEDULED_BACKUP, { metadata: { ...key, resourceVersion: "8" }, spec: {} } as never);
	await kube.delete(CONFIG_MAP, key, { uid: "u" });
	await kube.createEvent({ metadata: { namespace: "a", generateName: "e-" }, involvedObject: {} });
	const typed = { apiVersion: "v1", kind: "ConfigMap" };
	t.match(calls, [
		{ method: "GET", path: "/api/v1/namespaces/a/configmaps/b" },
		{
			method: "POST",
			path: "/api/v1/namespaces/a/configmaps?fieldManager=backup-maker-controller",
			body: { ...map, ...typed },
		},
		{ method: "POST", path: "/api/v1/namespaces/a/configmaps?fieldManager=backup-maker-controller&dryRun=All" },
		{
			method: "PATCH",
			path: "/api/v1/namespaces/a/configmaps/b?fieldManager=backup-maker-controller&force=true",
			contentType: "application/apply-patch+yaml",
			body: { ...map, ...typed },
		},
		{
			method: "PATCH",
			path: "/api/v1/namespaces/a/configmaps/b?fieldManager=backup-maker-controller",
			contentType: "application/merge-patch+json",
			body: { data: { x: null }, metadata: { labels: { l: "1" }, uid: "u", resourceVersion: "7" } },
		},
		{
			method: "PUT",
			path: "/apis/riotkit.org/v1alpha1/namespaces/a/scheduledbackups/b/status?fieldManager=backup-maker-controller",
		},
		{
			method: "DELETE",
			path: "/api/v1/namespaces/a/configmaps/b",
			body: { propagationPolicy: "Background", preconditions: { uid: "u" } },
		},
		{ method: "POST", path: "/api/v1/namespaces/a/events", body: { apiVersion: "v1", kind: "Event" } },
	]);
	t.equal(calls.length, 8);
});

t.test("an access review asks for the user's rights, and anything but true is no", async (t) => {
	for (const [answer, wanted] of [
		[{ status: { allowed: true } }, true],
		[{ status: { allowed: false } }, false],
		[{ status: { allowed: "true" } }, false],
		[{}, false],
	] as const) {
		const { kube, calls } = recorded(() => answer);
		const user = { username: "bob", uid: "1", groups: ["g"], extra: { k: ["v"] } };
		const about = { namespace: "a", verb: "get", group: "", resource: "secrets", name: "s" };
		t.strictSame(await kube.accessReview({ user, ...about }), { allowed: wanted });
		t.match(calls[0], {
			method: "POST",
			path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
			body: {
				apiVersion: "authorization.k8s.io/v1",
				kind: "SubjectAccessReview",
				spec: { user: "bob", uid: "1", groups: ["g"], extra: { k: ["v"] }, resourceAttributes: about },
			},
		});
	}
});

t.test("a delete of what is gone is done; of another object it is a conflict", async (t) => {
	const gone = recorded(() => {
		throw new NotFoundError("gone", { operation: "delete" });
	});
	t.equal(await gone.kube.delete(CONFIG_MAP, key, { uid: "u" }), false);
	const other = recorded(() => {
		throw new ConflictError("other", { operation: "delete" });
	});
	await t.rejects(other.kube.delete(CONFIG_MAP, key, { uid: "u" }), { name: "ConflictError" });
});

t.test("a patch of another UID is a conflict, though the API server calls it invalid", async (t) => {
	const causes = ["metadata.uid FieldValueInvalid"];
	const uid = recorded(() => {
		throw new InvalidObjectError("x", { operation: "patch", status: 422, causes });
	});
	await t.rejects(uid.kube.patch(CONFIG_MAP, key, {}, { uid: "u" }), { name: "ConflictError", status: 422 });
	const other = recorded(() => {
		throw new InvalidObjectError("x", { operation: "patch", status: 422, causes: ["data FieldValueInvalid"] });
	});
	await t.rejects(other.kube.patch(CONFIG_MAP, key, {}, { uid: "u" }), { name: "InvalidObjectError" });
});

t.test("mistakes of ours are told before any request", async (t) => {
	const { kube, calls } = recorded(() => ({}));
	await t.rejects(kube.create(CONFIG_MAP, { metadata: { name: "b" } }), TypeError);
	await t.rejects(kube.createEvent({ metadata: { name: "b" }, involvedObject: {} }), TypeError);
	await t.rejects(kube.replaceStatus(CONFIG_MAP, map), TypeError);
	await t.rejects(kube.delete(CONFIG_MAP, { namespace: "a", name: "" }, { uid: "u" }), TypeError);
	await t.rejects(kube.get(EVENT, { name: "x" }), TypeError);
	t.equal(calls.length, 0);
});

t.test("a list follows its pages, and names kinds that lists leave out", async (t) => {
	const { kube, calls } = recorded((_call, count) =>
		count === 1
			? { metadata: { continue: "more&more" }, items: [{ metadata: { name: "1" } }] }
			: { metadata: {}, items: [{ metadata: { name: "2" } }] },
	);
	const found = await kube.list(CONFIG_MAP, { namespace: "a", labelSelector: "x=y", pageSize: 1 });
	t.strictSame(found, [
		{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "1" } },
		{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "2" } },
	]);
	t.strictSame(
		calls.map((call) => call.path),
		[
			"/api/v1/namespaces/a/configmaps?labelSelector=x%3Dy&limit=1",
			"/api/v1/namespaces/a/configmaps?labelSelector=x%3Dy&limit=1&continue=more%26more",
		],
	);
});

t.test("a list that expires between two pages begins again, once", async (t) => {
	const expire = (): never => {
		throw new ExpiredError("410", { operation: "list" });
	};
	const page = { metadata: { continue: "2" }, items: [{ metadata: { name: "old" } }] };
	const once = recorded((_call, count) => {
		if (count === 1) return page;
		return count === 2 ? expire() : { items: [{ metadata: { name: "new" } }] };
	});
	t.match(await once.kube.list(CONFIG_MAP), [{ metadata: { name: "new" } }]);
	t.equal((await once.kube.list(CONFIG_MAP)).length, 1);
	const always = recorded((call) => (call.path.includes("continue") ? expire() : page));
	await t.rejects(always.kube.list(CONFIG_MAP), { name: "ExpiredError" });
	t.equal(always.calls.length, 4);
	const none = recorded(() => ({ items: null }));
	t.strictSame(await none.kube.list(CONFIG_MAP), []);
});

t.test("calls of one piece of work end with it, or by a signal of their own", async (t) => {
	const seen: (AbortSignal | undefined)[] = [];
	const take = async ({ signal }: Call): Promise<never> => {
		seen.push(signal);
		throw new Error("not answered");
	};
	let closed = false;
	const close = async (): Promise<void> => {
		closed = true;
	};
	const [work, own] = [new AbortController(), new AbortController()];
	const bound = endingWith({ call: take, stream: take, close }, work.signal);
	const call = { method: "GET", path: "/", operation: "get" } as const;
	await t.rejects(bound.call(call));
	await t.rejects(bound.stream({ ...call, signal: own.signal }));
	own.abort();
	t.same(
		seen.map((signal) => signal?.aborted),
		[false, true],
	);
	work.abort();
	t.same(
		seen.map((signal) => signal?.aborted),
		[true, true],
	);
	await bound.close();
	t.ok(closed);
});

t.test("each request as a whole", async (t) => {
	const { kube, calls } = recorded(() => ({}));
	const user = { username: "bob", uid: "1", groups: ["g"], extra: { k: ["v"] } };
	await kube.delete(CONFIG_MAP, key, { uid: "u", resourceVersion: "7" });
	await kube.apply(CONFIG_MAP, map);
	await kube.patch(CONFIG_MAP, key, { data: {} }, { uid: "u" });
	await kube.createEvent({ metadata: { namespace: "a", name: "e" }, involvedObject: {} });
	await kube.accessReview({
		user,
		namespace: "a",
		verb: "get",
		group: "g",
		resource: "r",
		subresource: "s",
		name: "n",
	});
	await kube.list(CONFIG_MAP, { namespace: "a" });
	await kube.get(CONFIG_MAP, key);
	const manager = "fieldManager=backup-maker-controller";
	const path = "/api/v1/namespaces/a/configmaps/b";
	t.strictSame(calls, [
		{
			method: "DELETE",
			path,
			operation: "delete configmaps a/b",
			body: {
				apiVersion: "v1",
				kind: "DeleteOptions",
				propagationPolicy: "Background",
				preconditions: { uid: "u", resourceVersion: "7" },
			},
		},
		{
			method: "PATCH",
			path: `${path}?${manager}&force=true`,
			operation: "apply configmaps a/b",
			contentType: "application/apply-patch+yaml",
			repeatable: true,
			body: { ...map, apiVersion: "v1", kind: "ConfigMap" },
		},
		{
			method: "PATCH",
			path: `${path}?${manager}`,
			operation: "patch configmaps a/b",
			contentType: "application/merge-patch+json",
			body: { data: {}, metadata: { uid: "u" } },
		},
		{
			method: "POST",
			path: "/api/v1/namespaces/a/events",
			operation: "create events a/e",
			body: { metadata: { namespace: "a", name: "e" }, involvedObject: {}, apiVersion: "v1", kind: "Event" },
		},
		{
			method: "POST",
			path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
			operation: "create subjectaccessreviews",
			body: {
				apiVersion: "authorization.k8s.io/v1",
				kind: "SubjectAccessReview",
				spec: {
					user: "bob",
					uid: "1",
					groups: ["g"],
					extra: { k: ["v"] },
					resourceAttributes: { namespace: "a", verb: "get", group: "g", resource: "r", subresource: "s", name: "n" },
				},
			},
		},
		{ method: "GET", path: "/api/v1/namespaces/a/configmaps?limit=500", operation: "list configmaps a" },
		{ method: "GET", path, operation: "get configmaps a/b" },
	]);
});
