// The controller is killed after the server stored each write of a restore's life, before the answer arrives: the restore runs once all the same.
import t from "tap";
import { crashEverywhere, RESTORE_WRITES } from "./support/crash.ts";

await crashEverywhere(t, ["after"], { action: "restore", targetVersion: "v1" }, RESTORE_WRITES);
