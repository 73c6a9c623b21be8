// A lock between processes: a folder with one file that describes its holder. Two processes that need the same program build
// it once. A holder that was killed loses the lock: its process id is gone, or it no longer renews the file.
import { randomUUID } from "node:crypto";
import { watch } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

/** Milliseconds between two renewals. */
const RENEW = 5_000;
/** A lock that was not renewed for this long, in milliseconds, has no holder. */
const EXPIRED = 60_000;
/** The end of a process is not a change of the folder, so a waiter also looks at these intervals, in milliseconds. */
const LOOK = 1_000;

/** Who has a lock. */
export interface Holder {
	pid: number;
	host: string;
}

export interface LockOptions {
	/** Called once where the lock has another holder, before the wait. */
	onWait?: (holder: Holder) => void;
	/** Milliseconds since 1970. */
	now?: () => number;
}

const isRunning = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
};

const holderFile = async (lock: string): Promise<string | undefined> => {
	const [file] = await readdir(lock).catch(() => []);
	return file === undefined ? undefined : join(lock, file);
};

const parse = (text: string): Holder | undefined => {
	try {
		return JSON.parse(text) as Holder;
	} catch {
		return undefined;
	}
};

/** The holder, and whether it has lost the lock. Undefined where the lock was released while we looked. */
const inspect = async (file: string, now: number): Promise<{ holder: Holder; lost: boolean } | undefined> => {
	try {
		const holder = parse(await readFile(file, "utf8"));
		// A full disk can leave an empty file.
		if (holder === undefined) return { holder: { pid: 0, host: "" }, lost: true };
		const age = now - (await stat(file)).mtimeMs;
		return { holder, lost: age > EXPIRED || (holder.host === hostname() && !isRunning(holder.pid)) };
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		return undefined;
	}
};

/** Out: the file that holds the lock, or undefined where another process has it. */
const tryLock = async (lock: string): Promise<string | undefined> => {
	const name = `${randomUUID()}.json`;
	const aside = await mkdtemp(`${lock}.`);
	await writeFile(join(aside, name), JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
	try {
		// POSIX: replaces an empty folder, fails where one has a file in it. So a lock never exists without its holder's file.
		await rename(aside, lock);
		return join(lock, name);
	} catch (error) {
		await rm(aside, { recursive: true, force: true });
		if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
		return undefined;
	}
};

/** Ends at the next change of the lock, or after a second. */
const change = (lock: string): Promise<void> =>
	new Promise((resolve) => {
		const watcher = watch(dirname(lock), (_, name) => {
			if (name === null || name === basename(lock)) done();
		});
		const timer = setTimeout(() => done(), LOOK);
		const done = (): void => {
			clearTimeout(timer);
			watcher.close();
			resolve();
		};
		watcher.on("error", done);
	});

const acquire = async (lock: string, { onWait, now = Date.now }: LockOptions): Promise<string> => {
	let reported = false;
	for (;;) {
		const ours = await tryLock(lock);
		if (ours !== undefined) return ours;
		const file = await holderFile(lock);
		const found = file === undefined ? undefined : await inspect(file, now());
		if (file === undefined || found === undefined) continue;
		// The name of the file is unique, so this never takes the lock from a process that got it meanwhile.
		if (found.lost) await rm(file, { force: true });
		else {
			if (!reported) onWait?.(found.holder);
			reported = true;
			await change(lock);
		}
	}
};

/**
 * Runs `work` while no other process on this cache holds the same lock; waits for a holder, without a limit.
 * @param lock absolute path of the lock's folder, which is made and removed here
 */
export const withLock = async <T>(lock: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> => {
	await mkdir(dirname(lock), { recursive: true });
	const ours = await acquire(lock, options);
	const renewal = setInterval(() => {
		const now = new Date();
		// Where it was taken from us (a machine that slept), there is nothing left to renew.
		utimes(ours, now, now).catch(() => undefined);
	}, RENEW);
	try {
		return await work();
	} finally {
		clearInterval(renewal);
		await rm(ours, { force: true });
		await rmdir(lock).catch(() => undefined);
	}
};
