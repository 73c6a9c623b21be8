// The image that jobs and servers of the end-to-end tests run: a small Debian with databases, their clients, gpg and
// rclone. Made once by debootstrap and cached outside the tree.
import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeArchive } from "../../image/oci.ts";
import { runProgram } from "../../image/program.ts";
import { cacheFolder, exists } from "../cluster/family.ts";

/** Its name on the node. */
export const TOOLS_IMAGE = "backup-maker-controller.test/tools:1";

const SUITE = "bookworm";
const MIRROR = "http://deb.debian.org/debian";
const PACKAGES = [
	"bash",
	"ca-certificates",
	"curl",
	"gnupg",
	"mariadb-client",
	"mariadb-server",
	"postgresql-15",
	"postgresql-client-15",
	"rclone",
	"tar",
];
/** What no job reads. */
const UNWANTED = [
	"usr/share/doc",
	"usr/share/man",
	"usr/share/locale",
	"var/cache/apt",
	"var/lib/apt/lists",
	"var/log",
];

const settings = {
	user: "0:0",
	workingDirectory: "/",
	entrypoint: [],
	command: ["/bin/bash"],
	environment: { PATH: "/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
	labels: {},
	exposedPorts: [],
};

const targetOf = (): string => {
	const mark = createHash("sha256")
		.update(JSON.stringify([SUITE, PACKAGES, UNWANTED]))
		.digest("hex")
		.slice(0, 8);
	return join(cacheFolder(), `tools-image-${mark}.tar`);
};

/** Whether `findToolsImage` has nothing left to make. */
export const toolsImageIsMade = (): Promise<boolean> => exists(targetOf());

/**
 * The archive's path; makes it where the cache has none (about two minutes).
 * @throws Error where debootstrap fails
 */
export const findToolsImage = async (): Promise<string> => {
	const target = targetOf();
	if (await exists(target)) return target;
	process.stderr.write("making the image of the end-to-end tests by debootstrap (once)\n");
	const root = `${target}.${process.pid}`;
	await rm(root, { recursive: true, force: true });
	await mkdir(root, { recursive: true });
	try {
		// In mounts of its own: the /proc that it mounts there goes with it, however it ends.
		const bootstrap = ["debootstrap", "--variant=minbase", `--include=${PACKAGES.join(",")}`, SUITE, root, MIRROR];
		await runProgram("unshare", ["--mount", ...bootstrap], { env: { DEBIAN_FRONTEND: "noninteractive" } });
		for (const folder of UNWANTED) {
			await rm(join(root, folder), { recursive: true, force: true });
			await mkdir(join(root, folder), { recursive: true });
		}
		await writeArchive({ root, target, name: TOOLS_IMAGE, settings, created: new Date(0), keepOwners: true });
	} finally {
		await rm(root, { recursive: true, force: true });
	}
	return target;
};
