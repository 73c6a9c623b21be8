// The same story with files of a volume: names, modes, times, links and bytes are as they were.
import { createHash } from "node:crypto";
import {
	chmod,
	chown,
	lchown,
	lstat,
	mkdir,
	readdir,
	readFile,
	readlink,
	rm,
	symlink,
	utimes,
	writeFile,
} from "node:fs/promises";
import { join, relative } from "node:path";
import t from "tap";
import { manifest } from "../integration/support/objects.ts";
import { install } from "./install.ts";
import { isOpenPgp } from "./openpgp.ts";
import { filesProcedure } from "./procedures.ts";
import { runToSuccess } from "./runs.ts";
import { beginStory, declare, storyBackup } from "./stories.ts";
import { useNode } from "./world.ts";

t.setTimeout(600_000);

const OWNER = 1000;
const world = await useNode(t);
await install(t, world);
const story = await beginStory(world, "files");
const folder = join(world.shared, "files-volume");

/** One line for everything below the folder: what `ls -l` and a checksum tell. */
const listing = async (): Promise<string[]> => {
	const paths = (await readdir(folder, { recursive: true, withFileTypes: true })).map((entry) =>
		join(entry.parentPath, entry.name),
	);
	const lines = paths.map(async (path) => {
		const { mode, mtimeMs, uid } = await lstat(path);
		const type = mode & 0o170000;
		const content = type === 0o120000 ? await readlink(path) : type === 0o100000 ? await hash(path) : "";
		return JSON.stringify([relative(folder, path), mode.toString(8), type === 0o120000 ? 0 : mtimeMs, uid, content]);
	});
	return (await Promise.all(lines)).sort();
};

const hash = async (path: string): Promise<string> =>
	createHash("sha256")
		.update(await readFile(path))
		.digest("hex");

const makeFiles = async (): Promise<void> => {
	await rm(folder, { recursive: true, force: true });
	await mkdir(join(folder, "deep/er"), { recursive: true });
	await mkdir(join(folder, "empty"));
	await writeFile(join(folder, "plain.txt"), "MARKED-CONTENT\n");
	await writeFile(
		join(folder, "deep/er/all bytes\n'\"$(id) ž"),
		Buffer.from(Array.from({ length: 65536 }, (_, n) => n % 251)),
	);
	await writeFile(join(folder, "private"), "");
	await chmod(join(folder, "private"), 0o600);
	await symlink("nowhere/to be found", join(folder, "dangling"));
	await utimes(join(folder, "plain.txt"), 1_000_000_000, 1_000_000_000);
	for (const path of [folder, ...(await readdir(folder, { recursive: true })).map((name) => join(folder, name))]) {
		await lchown(path, OWNER, OWNER);
	}
};

const VOLUME = [
	{
		apiVersion: "v1",
		kind: "PersistentVolume",
		metadata: { name: "e2e-files" },
		spec: {
			capacity: { storage: "1Gi" },
			accessModes: ["ReadWriteOnce"],
			storageClassName: "by-hand",
			persistentVolumeReclaimPolicy: "Retain",
			claimRef: { namespace: story.team, name: "files" },
			hostPath: { path: folder },
		},
	},
	{
		apiVersion: "v1",
		kind: "PersistentVolumeClaim",
		metadata: { name: "files", namespace: story.team },
		spec: {
			accessModes: ["ReadWriteOnce"],
			storageClassName: "by-hand",
			volumeName: "e2e-files",
			resources: { requests: { storage: "1Gi" } },
		},
	},
];

await t.test("deleted files come back as they were", async (t) => {
	t.teardown(() => world.kubectl("delete persistentvolume e2e-files --wait=false"));
	await world.kubectl("delete persistentvolume e2e-files --ignore-not-found");
	await makeFiles();
	const before = await listing();
	await world.apply(manifest(...VOLUME));
	const pod = {
		volumes: [{ name: "files", persistentVolumeClaim: { claimName: "files" } }],
		volumeMounts: [{ name: "files", mountPath: "/files" }],
	};
	const spec = { varsSecretRef: undefined };
	const backup = storyBackup(story, { procedure: "e2e-files", params: { path: "/files" }, pod, spec });
	await declare(world, story, { procedure: filesProcedure, password: "unused", backup });
	await runToSuccess(world, { namespace: story.team, name: "backup", of: story.name });
	const content = await readFile(join(story.collection, "v1"));
	t.ok(isOpenPgp(content));
	t.notMatch(content.toString("latin1"), "MARKED-CONTENT");
	for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
	await writeFile(join(folder, "plain.txt"), "overwritten");
	await chown(join(folder, "plain.txt"), OWNER, OWNER);
	await runToSuccess(world, { namespace: story.team, name: "restore", of: story.name, spec: { action: "restore" } });
	t.same(await listing(), before);
});
