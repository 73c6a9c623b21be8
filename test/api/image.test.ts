import t from "tap";
import { isImageReference } from "../../src/api/image.ts";

t.test("images", async (test) => {
	const good = [
		"a",
		"a:1",
		"a/b/c",
		"localhost:5000/a",
		"[::1]:5000/a",
		"ghcr.io/riotkit-org/backup-maker:v4",
		"a__b--c.d",
		`a@sha256:${"0".repeat(64)}`,
		`${"a".repeat(255)}:${"t".repeat(128)}@sha256:${"0".repeat(64)}`,
	];
	const bad = [
		"",
		"A",
		"a b",
		"a:",
		"a/",
		"/a",
		"a:b:c:d",
		"a@sha256:0",
		"https://a/b",
		"a".repeat(256),
		`${"a".repeat(256)}:1`,
		`${"a-".repeat(511)}A`,
		"a".repeat(1_000_000),
	];
	for (const image of good) test.ok(isImageReference(image), image);
	for (const image of bad) test.notOk(isImageReference(image), image.slice(0, 20));
});
