// The controller is killed before each write of a restore's life: the restore runs once all the same.
import t from "tap";
import { crashEverywhere, RESTORE_WRITES } from "./support/crash.ts";

await crashEverywhere(t, ["before"], { action: "restore", targetVersion: "v1" }, RESTORE_WRITES);
