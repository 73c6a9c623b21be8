// `make cluster-down`: ends what `make cluster-up` started, by the process ids that it wrote down.
import { resolve } from "node:path";
import { endCluster } from "./state.ts";

await endCluster(resolve(".cluster"));
