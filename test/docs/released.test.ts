// A package that nobody has published yet can be published by anybody: a page that tells users to run ours says from when on
// it is ours. Once 0.1.0 has its date in the changelog, these notes must go.
import { globSync, readFileSync } from "node:fs";
import t from "tap";

/** What downloads and runs code under our name: the npm package, the action, the hook. */
const DOWNLOADS =
	/npm install -g backup-maker-controller|--package=backup-maker-controller@|uses: riotkit-org\/|npm package with the command|the npm package, so it/;
const NOTE = /not released yet|\b0\.1\.0,? on\b/;

const isReleased = /^## \[0\.1\.0\] - \d{4}-/m.test(readFileSync("CHANGELOG.md", "utf8"));
const files = globSync(["README.md", "docs/*.md", "action.yml", ".pre-commit-hooks.yaml"]).sort();

t.test("what is not released yet is documented as such, and nothing else is", async (t) => {
	const naming = files.filter((file) => DOWNLOADS.test(readFileSync(file, "utf8")));
	t.same(naming, [".pre-commit-hooks.yaml", "README.md", "action.yml", "docs/ci.md", "docs/cli.md"]);
	for (const file of files) {
		const text = readFileSync(file, "utf8");
		if (isReleased) t.notMatch(text, NOTE, `${file}: delete the note`);
		else if (naming.includes(file)) t.match(text, NOTE, `${file}: say that it works from 0.1.0 on`);
	}
});

t.test("until then, commands are those of a checkout", async (t) => {
	const install = /^ *npm install -g backup-maker-controller/m;
	for (const file of files) if (!isReleased) t.notMatch(readFileSync(file, "utf8"), install, file);
});
