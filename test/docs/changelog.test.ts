// The form of CHANGELOG.md: https://keepachangelog.com/en/1.1.0/. A section of it becomes the text of a release's page.
import { readFileSync } from "node:fs";
import t from "tap";

/** In the order of Keep a Changelog. */
const HEADINGS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/** What is wrong with the text, one line each. */
const faults = (text: string): string[] => {
	const [, ...versions] = text.split(/^## /m);
	return versions.flatMap((section) => {
		const version = section.split("\n", 1)[0] ?? "";
		const found = [...section.matchAll(/^### (.*)$/gm)].map(([, heading = ""]) => heading);
		const expected = HEADINGS.filter((heading) => found.includes(heading));
		return [
			...(found.join() === expected.join() ? [] : [`${version}: ${found.join(", ")}`]),
			...(/^(- | {2}).*\n\n+- /m.test(section) ? [`${version}: an empty line in a list`] : []),
		];
	});
};

t.test("CHANGELOG.md", async (t) => t.strictSame(faults(readFileSync("CHANGELOG.md", "utf8")), []));

t.test("what is found", async (t) => {
	const item = "\n\n- a\n  b\n";
	const good = `# Changelog\n\n## [1] - x\n\nText.\n\n### Added${item}- c\n\n### Fixed${item}\n## [0] - x\n\n### Fixed${item}`;
	t.strictSame(faults(good), []);
	t.strictSame(faults(good.replace("### Added", "### Fixed")), ["[1] - x: Fixed, Fixed"]);
	t.strictSame(faults(good.replace("### Added", "### Security")), ["[1] - x: Security, Fixed"]);
	t.strictSame(faults(good.replace("### Added", "### New")), ["[1] - x: New, Fixed"]);
	t.strictSame(faults(good.replace("- c", "\n- c")), ["[1] - x: an empty line in a list"]);
});
