// A list's calls: what each of them says, page after page.
import t from "tap";
import { CONFIG_MAP } from "../../src/api/kinds.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { ExpiredError, ForbiddenError } from "../../src/kube/errors.ts";
import { type ListCall, listAll, PAGE_SIZE } from "../../src/kube/list.ts";
import type { Call, Transport } from "../../src/kube/transport.ts";

/** Answers each call in its turn; what is an error is thrown. */
const listing = async (answers: unknown[], options: ListCall = {}) => {
	const calls: Call[] = [];
	const given: string[] = [];
	const transport = {
		call: async (call: Call) => {
			calls.push(call);
			const answer = answers[calls.length - 1];
			if (answer instanceof Error) throw answer;
			return answer;
		},
	} as Transport;
	const sink = {
		restart: () => void given.push("restart"),
		page: (items: KubernetesObject[]) =>
			void given.push(items.map(({ kind, metadata }) => `${kind} ${metadata?.name}`).join(",")),
	};
	const version = await listAll(transport, CONFIG_MAP, options, sink);
	return {
		version,
		calls,
		given,
		queries: calls.map(({ path }) => Object.fromEntries(new URLSearchParams(path.split("?")[1]))),
	};
};
const page = (name: string, more: object = {}) => ({ metadata: more, items: [{ metadata: { name } }] });

t.test("every page is asked for with the caller's signal and media type", async (t) => {
	const { signal } = new AbortController();
	const answers = [page("a", { continue: "2" }), page("b", { resourceVersion: "7" })];
	const { version, calls, given } = await listing(answers, { signal, accept: "application/x", namespace: "team" });
	t.equal(version, "7");
	t.same(given, ["ConfigMap a", "ConfigMap b"]);
	t.equal(calls.length, 2);
	for (const call of calls) {
		t.equal(call.signal, signal);
		t.equal(call.accept, "application/x");
		t.equal(call.operation, "list configmaps team");
		t.equal(call.method, "GET");
	}
});

t.test("a caller that gives neither gets none", async (t) => {
	const { calls } = await listing([page("a")]);
	t.notOk("signal" in (calls[0] ?? {}));
	t.notOk("accept" in (calls[0] ?? {}));
	t.equal(calls[0]?.operation, "list configmaps");
});

t.test("selectors and size go with every page, the token of the one before too", async (t) => {
	const { queries } = await listing([page("a", { continue: "2" }), page("b", { continue: "" })], {
		labelSelector: "x=y",
		fieldSelector: "metadata.name=a",
	});
	const all = { labelSelector: "x=y", fieldSelector: "metadata.name=a", limit: String(PAGE_SIZE) };
	t.strictSame(queries, [all, { ...all, continue: "2" }]);
});

t.test("a list without a version or items", async (t) => {
	t.match(await listing([{}]), { version: "", given: [""] });
	t.match(await listing([{ metadata: { resourceVersion: "3" }, items: null }]), { version: "3", given: [""] });
});

t.test("what expires begins again, once; another failure is the caller's", async (t) => {
	const expired = new ExpiredError("410", { operation: "list" });
	const { given, queries } = await listing([page("a", { continue: "2" }), expired, page("b")]);
	t.same(given, ["ConfigMap a", "restart", "ConfigMap b"]);
	t.notOk("continue" in (queries[2] ?? {}), "from the beginning");
	await t.rejects(listing([expired, expired]), ExpiredError);
	await t.rejects(listing([new ForbiddenError("no", { operation: "list" }), page("a")]), ForbiddenError);
});
