// crane, which pushes images without a container engine and serves a registry on a loopback address:
// https://github.com/google/go-containerregistry/tree/main/cmd/crane
import { join } from "node:path";
import { buildFamily } from "./family.ts";

/** The family of its one program. */
export const crane = {
	folder: join(import.meta.dirname, "tools", "crane"),
	module: "github.com/google/go-containerregistry",
	packages: { crane: "github.com/google/go-containerregistry/cmd/crane" },
	/** With nothing cached, on 2 cores. */
	seconds: 15,
} as const;

/** The program's path. @throws Error where Go is missing or the build fails */
export const findCrane = async (): Promise<string> => (await buildFamily(crane)).crane;
