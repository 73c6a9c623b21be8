// End-to-end tests that cannot run are a failure, never a green skip.
import t from "tap";
import { whyNot } from "./endtoend.ts";

const machine = (reason: string | undefined, packages: string[]) => ({
	obstacle: () => reason,
	missingPackages: async () => packages,
});

t.test("why a machine cannot run them", async (t) => {
	t.match(await whyNot(machine("a node needs root", [])), {
		passed: 0,
		failed: 1,
		failures: ["e2e: not run: a node needs root"],
	});
	t.match(await whyNot(machine(undefined, ["runc", "nftables"])), {
		failed: 1,
		failures: ["e2e: not run: this machine lacks runc, nftables"],
	});
	t.equal(await whyNot(machine(undefined, [])), undefined);
});
