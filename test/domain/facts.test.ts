// What a missing Secret or template means: the label of the namespace decides, and the setting of the installation where the
// namespace has none, or one that says something else.
import t from "tap";
import { MISSING_REFERENCES_LABEL, missingReferencesPolicy } from "../../src/domain/facts.ts";

const rows: [label: string | undefined, ofInstallation: "deny" | "warn", policy: "deny" | "warn"][] = [
	["deny", "warn", "deny"],
	["warn", "deny", "warn"],
	[undefined, "deny", "deny"],
	[undefined, "warn", "warn"],
	["Deny", "warn", "warn"],
	["", "deny", "deny"],
];

for (const [label, ofInstallation, policy] of rows)
	t.test(`label ${label}, installation ${ofInstallation}`, async (t) => {
		const labels = label === undefined ? {} : { [MISSING_REFERENCES_LABEL]: label };
		t.equal(missingReferencesPolicy(labels, ofInstallation), policy);
	});
