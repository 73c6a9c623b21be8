// The lock, by processes that want it at the same time, and by what killed holders left.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import t from "tap";
import { withLock } from "./lock.ts";

const MODULE = JSON.stringify(new URL("./lock.ts", import.meta.url).href);

/** A process that takes the lock and does `work`, with `folder` and the modules that it needs. */
const otherProcess = (folder: string, work: string) =>
	spawn(process.execPath, [
		"--input-type=module",
		"-e",
		`import { appendFileSync } from "node:fs";
		import { setTimeout as delay } from "node:timers/promises";
		const { withLock } = await import(${MODULE});
		const folder = ${JSON.stringify(folder)};
		const note = (text) => appendFileSync(folder + "/notes", text + "\\n");
		await withLock(folder + "/lock", async () => { ${work} });`,
	]);

/** A lock as a holder leaves it that was killed. */
const leave = async (lock: string, holder: object | string): Promise<string> => {
	await mkdir(lock, { recursive: true });
	const file = join(lock, "holder.json");
	await writeFile(file, typeof holder === "string" ? holder : JSON.stringify(holder));
	return file;
};

/** The id of a process that has ended. */
const endedProcess = async (): Promise<number> => {
	const child = spawn("true");
	await once(child, "exit");
	return child.pid ?? 0;
};

t.test("four processes at once: one after the other", async (t) => {
	const folder = t.testdir({});
	const work = 'note("in"); await delay(50); note("out");';
	const children = [1, 2, 3, 4].map(() => otherProcess(folder, work));
	const codes = await Promise.all(children.map((child) => once(child, "exit")));
	t.same(
		codes.map(([code]) => code),
		[0, 0, 0, 0],
	);
	const notes = (await readFile(join(folder, "notes"), "utf8")).trim().split("\n");
	t.same(notes, ["in", "out", "in", "out", "in", "out", "in", "out"]);
	t.same(await readdir(folder), ["notes"], "nothing stays");
});

t.test("a holder that works: waits, says for whom, and goes on when it ends", async (t) => {
	const folder = t.testdir({});
	const child = otherProcess(
		folder,
		'note("in"); process.stdout.write("x"); await once(process.stdin, "data");'.replace(
			"once",
			'(await import("node:events")).once',
		),
	);
	await once(child.stdout, "data");
	const waited: number[] = [];
	const onWait = ({ pid }: { pid: number }): void => {
		waited.push(pid);
		child.stdin.end("go on");
	};
	await withLock(join(folder, "lock"), async () => t.ok(child.exitCode !== undefined), { onWait });
	t.same(waited, [child.pid]);
});

t.test("what killed holders left is taken over", async (t) => {
	const folder = t.testdir({});
	const lock = join(folder, "lock");
	const cases: [string, object | string][] = [
		["a process that has ended", { pid: await endedProcess(), host: hostname() }],
		["a file that a full disk left empty", ""],
	];
	for (const [name, holder] of cases) {
		await leave(lock, holder);
		const onWait = (): never => t.fail(`waited: ${name}`) as never;
		t.equal(await withLock(lock, async () => "done", { onWait }), "done", name);
		t.same(await readdir(folder), [], name);
	}
});

t.test("a holder on another machine is believed as long as it renews the lock", async (t) => {
	const lock = join(t.testdir({}), "lock");
	const file = await leave(lock, { pid: 1, host: "another" });
	const touched = Date.now();
	await utimes(file, new Date(touched), new Date(touched));
	let now = touched + 59_000;
	const waits: string[] = [];
	const onWait = ({ host }: { host: string }): void => {
		waits.push(host);
		now = touched + 61_000;
	};
	t.equal(await withLock(lock, async () => "done", { onWait, now: () => now }), "done");
	t.same(waits, ["another"]);
});

t.test("work that fails releases the lock", async (t) => {
	const folder = t.testdir({});
	const lock = join(folder, "lock");
	const failing = withLock(lock, async () => {
		t.same(await readdir(folder), ["lock"]);
		throw new Error("no space left");
	});
	await t.rejects(failing, { message: "no space left" });
	t.same(await readdir(folder), []);
});

t.test("a lock that was taken over is not released by its first holder", async (t) => {
	const lock = join(t.testdir({}), "lock");
	await withLock(lock, async () => {
		const [file = ""] = await readdir(lock);
		await utimes(join(lock, file), new Date(0), new Date(0));
		// Another process, which finds the lock expired.
		const child = otherProcess(
			join(lock, ".."),
			'note("in"); process.stdout.write("x"); process.stdin.resume(); await new Promise((end) => process.stdin.once("end", end));',
		);
		await once(child.stdout, "data");
		t.teardown(() => child.stdin.end());
	});
	t.equal((await readdir(lock)).length, 1);
});
