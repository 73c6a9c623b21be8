// What the image is, once: `make image` and the Dockerfile are both held to this table (test/image compares them).
import { readFileSync } from "node:fs";
import type { ImageSettings } from "./oci.ts";

/** The repository that the chart pulls from. */
export const REPOSITORY = "ghcr.io/riotkit-org/backup-maker-controller";

/** A user that no machine has: what breaks out of the container is nobody. */
export const USER = { name: "backup-maker-controller", id: 65532 } as const;

/** What of the source tree the image is made of; nothing else may be in the context of a build. */
export const SOURCES = [
	"LICENSE",
	"bundle",
	"certs",
	"crds",
	"image",
	"package-lock.json",
	"package.json",
	"reconcilers",
	"src",
	"tsconfig.json",
	"webhooks",
] as const;

/** Files and folders that are the program, under /app: those of the npm package. */
export const PROGRAM = ["LICENSE", "crds", "lib", "package.json"] as const;

/** Node.js' shared libraries, and the authorities that TLS clients trust. */
export const DEBIAN_PACKAGES = ["libc6", "libstdc++6", "libgcc-s1", "libatomic1", "ca-certificates"] as const;

/** Where the list of what is inside is, in the image. */
export const SBOM_PATH = "usr/share/sbom/backup-maker-controller.cdx.json";

/** The version of the program, which is also the image's tag. */
export const programVersion = (): string => {
	const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
		version: string;
	};
	return version;
};

/** How the image's container is started. In: the version for the labels. */
export const imageSettings = (version: string): ImageSettings => ({
	user: `${USER.id}:${USER.id}`,
	workingDirectory: "/app",
	// Memory counts more than pauses: a small young generation, since most of what is allocated lives for one review, and a
	// heap that grows late (14 MiB less when idle).
	entrypoint: ["/usr/local/bin/node", "--max-semi-space-size=4", "--optimize-for-size", "/app/lib/bmc.js"],
	command: ["--help"],
	// Two arenas: with glibc's eight for each processor, Node's threads hold 20 MiB that nothing uses.
	environment: { MALLOC_ARENA_MAX: "2", NODE_ENV: "production", PATH: "/usr/local/bin" },
	exposedPorts: [9443, 8080, 8081],
	labels: {
		"org.opencontainers.image.title": "backup-maker-controller",
		"org.opencontainers.image.description":
			"Kubernetes operator that checks backup declarations at kubectl apply and turns them into backup and restore Jobs",
		"org.opencontainers.image.source": "https://github.com/riotkit-org/backup-maker-controller",
		"org.opencontainers.image.licenses": "Apache-2.0",
		"org.opencontainers.image.version": version,
	},
});
