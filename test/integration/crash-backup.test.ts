// The controller is killed before each write of a requested backup's life, and after the server stored each of them: the
// backup runs once all the same.
import t from "tap";
import { BACKUP_WRITES, crashEverywhere } from "./support/crash.ts";

await crashEverywhere(t, ["before", "after"], { action: "backup" }, BACKUP_WRITES);
