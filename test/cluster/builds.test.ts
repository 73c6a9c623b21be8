// Builds beside the stages: the process that builds is a script here, or makes builds that tests can see.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { makeAll } from "./buildall.ts";
import { BUILDS, type Build, type Stage } from "./buildlist.ts";
import { type BuildReport, startBuilds } from "./builds.ts";

const build = (name: string, stages: readonly Stage[], made = false): Build => ({
	name,
	seconds: 600,
	stages,
	isMade: async () => made,
	make: async () => undefined,
});

const LIST = [build("made", ["demo"], true), build("etcd", ["demo", "integration"]), build("kubelet", ["e2e"])];

/** A process that builds: reports what the script says; `forever()` lasts until a signal ends the process. */
const options = async (t: Test, script: string) => {
	const folder = t.testdir({});
	const program = join(folder, "program.mjs");
	const head = `const forever = () => new Promise(() => setInterval(() => undefined, 60_000));
const names = process.argv.slice(2);
const report = (name, event, message) => process.send({ name, event, message });
`;
	await writeFile(program, `${head}${script}\nprocess.disconnect?.();\n`);
	return { list: LIST, program, log: join(folder, "logs", "builds.log") };
};

t.test("nothing to build starts no process", async (t) => {
	const { log } = await options(t, "");
	const builds = await startBuilds({ list: LIST.slice(0, 1), program: "/nowhere", log });
	await builds.done;
	await builds.ready("demo");
	t.equal(builds.remaining(), "");
	await builds.stop();
	await t.rejects(readFile(log), { code: "ENOENT" });
});

t.test("programs of the machine that do not fit are named, of the chosen stages alone", async (t) => {
	const rejecting = (name: string, stage: Stage): Build => ({
		...build(name, [stage], true),
		rejected: async () => [`/usr/bin/${name} is not used: its version is 3.6; required: 3.7`],
	});
	const lines: string[] = [];
	const say = (line: string): void => void lines.push(line);
	const list = [rejecting("etcd", "demo"), rejecting("kubelet", "e2e"), build("helm", ["demo"], true)];
	await startBuilds({ list, stages: ["demo"], say });
	t.same(lines, ["/usr/bin/etcd is not used: its version is 3.6; required: 3.7"]);
});

t.test("what is missing of the chosen stages, and each stage as soon as it can start", async (t) => {
	const script = `console.log(names.join(","));
for (const name of names) { report(name, "started"); report(name, "ended"); if (name === "etcd") await forever(); }`;
	const builds = await startBuilds({ ...(await options(t, script)), stages: ["demo", "e2e"] });
	t.match(builds.remaining(), /^building etcd: about 20 min left$/);
	t.match(builds.remaining("demo"), /^building etcd: about 10 min left$/);
	await builds.ready("demo");
	t.equal(builds.remaining("demo"), "");
	t.match(builds.remaining(), /^building kubelet: /);
	await builds.stop();
	await t.rejects(builds.done, {
		message: /^building kubelet failed: the process that builds ended with SIGINT\netcd,kubelet\n/,
	});
});

t.test("a build that fails is named, with the end of the log; the others go on", async (t) => {
	const script = `console.log("undefined: x");
report("etcd", "failed", "go build ended with 1"); report("kubelet", "started"); report("kubelet", "ended");`;
	const chosen = await options(t, script);
	const builds = await startBuilds(chosen);
	await builds.ready("e2e");
	const message = `building etcd failed: go build ended with 1\nundefined: x\nThe whole log: ${chosen.log}`;
	await t.rejects(builds.ready("integration"), { message });
	await t.rejects(builds.done, { message });
	t.equal(builds.remaining(), "");
});

t.test("a process that cannot start, or ends early", async (t) => {
	const chosen = await options(t, "process.exit(7);");
	const builds = await startBuilds(chosen);
	await t.rejects(builds.done, { message: /^building etcd failed: the process that builds ended with 7/ });
	await builds.stop();
});

t.test("stop ends the whole group of processes", async (t) => {
	const script = `import { spawn } from "node:child_process";
const child = spawn("sleep", ["600"], { stdio: "ignore" });
console.log(child.pid);
report("etcd", "ended");
await forever();`;
	const chosen = await options(t, script);
	const builds = await startBuilds(chosen);
	await builds.ready("demo");
	const pid = Number(await readFile(chosen.log, "utf8"));
	t.ok(process.kill(pid, 0), "it runs");
	await builds.stop();
	await t.resolves(gone(pid));
});

/** Resolves when a process has ended. */
const gone = async (pid: number): Promise<void> => {
	const { eventually } = await import("./wait.ts");
	const ended = (): boolean => {
		try {
			// The first process adopts it, and may take a moment to collect it.
			return !process.kill(pid, 0);
		} catch {
			return true;
		}
	};
	await eventually(ended, { timeout: 10, what: `process ${pid} has ended` });
};

t.test("makes one after the other, and goes on after one that fails", async (t) => {
	const reports: BuildReport[] = [];
	const made: string[] = [];
	const list = ["one", "two", "three"].map((name) => ({
		...build(name, []),
		make: async () => {
			if (name === "two") throw new Error("go build ended with 1");
			made.push(name);
		},
	}));
	t.equal(await makeAll(list, (report) => reports.push(report)), false);
	t.same(made, ["one", "three"]);
	t.same(reports, [
		{ name: "one", event: "started" },
		{ name: "one", event: "ended" },
		{ name: "two", event: "started" },
		{ name: "two", event: "failed", message: "go build ended with 1" },
		{ name: "three", event: "started" },
		{ name: "three", event: "ended" },
	]);
	t.equal(await makeAll([], () => t.fail("nothing to report")), true);
	t.equal(
		await makeAll(
			list,
			() => t.fail("nothing to report"),
			() => true,
		),
		false,
		"none after an interrupt",
	);
});

t.test("what the earlier stages need comes first, and names are unique", async (t) => {
	t.equal(new Set(BUILDS.map(({ name }) => name)).size, BUILDS.length);
	const first = (stage: Stage): number => BUILDS.findLastIndex(({ stages }) => stages.includes(stage));
	t.ok(first("demo") <= first("integration"));
	t.ok(first("integration") <= first("e2e"));
});
