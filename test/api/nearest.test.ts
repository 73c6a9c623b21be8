import t from "tap";
import { nearestName } from "../../src/api/nearest.ts";

const FIELDS = ["enabled", "scheduleEvery", "timeZone", "suspend", "env", "envFrom"];

const rows: Record<string, string | undefined> = {
	timezone: "timeZone",
	timeZnoe: "timeZone",
	enable: "enabled",
	scheduleEvry: "scheduleEvery",
	evn: "env",
	envs: "env",
	envForm: "envFrom",
	x: undefined,
	schedule: undefined,
	"": undefined,
	["y".repeat(65)]: undefined,
};

for (const [name, nearest] of Object.entries(rows))
	t.test(`"${name}" → ${nearest}`, async (t) => t.equal(nearestName(name, FIELDS), nearest));

t.test("the nearer one wins, then the first", async (t) => {
	t.equal(nearestName("publicKey", ["privateKey", "publicKeys"]), "publicKeys");
	t.equal(nearestName("bat", ["bar", "baz"]), "bar");
});
