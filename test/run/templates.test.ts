// When the installation's templates are applied, and what ends that.
import t from "tap";
import type { Process } from "../../src/run/process.ts";
import { templatesApplier } from "../../src/run/templates.ts";
import { settings } from "../fixtures/seed.ts";
import { createWorld } from "../reconcilers/world.ts";

const setUp = (templatesDir: string | undefined) => {
	const stopping = new AbortController();
	const term = new AbortController();
	const stops: (() => Promise<void> | void)[] = [];
	const passes: object[] = [];
	const passed = Promise.withResolvers<void>();
	const nothing = () => undefined;
	const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
	const running = {
		config: { templatesDir, installation: "backups", watchNamespaces: [] },
		logger: { child: () => logger },
		metrics: {
			templatesFolder: (counts: object) => {
				passes.push(counts);
				passed.resolve();
			},
		},
		stops,
		signal: stopping.signal,
	} as unknown as Process;
	const served = Promise.withResolvers<void>();
	const apply = templatesApplier(running, settings, served.promise);
	const begin = () => apply?.(createWorld().kube, term.signal);
	const end = async () => {
		for (const stop of stops) await stop();
	};
	return { stopping, term, passes, passed: passed.promise, served, apply, begin, end };
};

t.test("nothing to do without a folder", async (t) => {
	t.equal(setUp(undefined).apply, undefined);
});

t.test("the folder is applied when reviews are answered", async (t) => {
	const { passes, passed, served, begin, end } = setUp(t.testdir({}));
	begin();
	t.strictSame(passes, []);
	served.resolve();
	await passed;
	t.equal(passes.length, 1);
	await end();
});

for (const ended of ["stopping", "term"] as const)
	t.test(`nothing is applied after the end of the ${ended === "term" ? "term" : "process"}`, async (t) => {
		const { passes, served, begin, end, [ended]: ending } = setUp(t.testdir({}));
		begin();
		ending.abort();
		served.resolve();
		// Stopping afterwards must not be what ends it.
		for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
		await end();
		t.strictSame(passes, []);
	});

t.test("stopping a replica that never became active ends at once", async (t) => {
	await t.resolves(setUp("/nowhere").end());
});
