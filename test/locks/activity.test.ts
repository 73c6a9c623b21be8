import t from "tap";
import { alwaysActive } from "../../src/locks/activity.ts";

t.test("a replica that is alone works from the start to the end", async (t) => {
	const told: string[] = [];
	const activity = alwaysActive();
	await activity.stop();
	activity.start((permit) => {
		told.push(`begun, may write: ${permit.mayWrite()}`);
		return {
			stop: async (grace) => {
				told.push(`stopped after ${grace}`);
			},
		};
	});
	t.strictSame(activity.checks(), []);
	await activity.stop();
	t.strictSame(told, ["begun, may write: true", "stopped after undefined"]);
});
