import t from "tap";
import { rememberingInspector } from "../../reconcilers/shared/inspector.ts";
import type { KeyInspector } from "../../src/gather/references.ts";

t.test("what was found of a key is remembered, but not past its expiry", async (t) => {
	let time = "2026-03-01T12:00:00Z";
	let inspections = 0;
	const inspector = {
		inspectPublicKey: async () => {
			inspections += 1;
			const canEncrypt = time < "2026-03-01T12:10:00Z";
			return { material: "present", userIds: [], expirationTime: "2026-03-01T12:10:00Z", canEncrypt };
		},
	} as unknown as KeyInspector;
	const remembering = rememberingInspector(inspector, 10, () => new Date(time));
	const look = async (at: string) => {
		time = at;
		return (await remembering.inspectPublicKey("armored")).canEncrypt;
	};
	t.equal(await look("2026-03-01T12:00:00Z"), true);
	t.equal(await look("2026-03-01T12:09:59Z"), true);
	t.equal(inspections, 1);
	t.equal(await look("2026-03-01T12:10:00Z"), false);
	t.equal(await look("2026-03-01T12:30:00Z"), false);
	t.equal(inspections, 2, "and that is remembered too");
});
