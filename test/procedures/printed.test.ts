// The templates that README, docs and examples print, which platform teams copy: really run. Nothing in a value is ever
// executed, and a dump or a decryption that fails fails the script, since backup-maker would else store an empty backup.
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { applyDefaults } from "../../src/api/defaults.ts";
import type { ClusterBackupProcedureTemplate } from "../../src/api/types.ts";
import { readManifests } from "../../src/manifests/documents.ts";
import { codeBlocks } from "../docs/pages.ts";
import { type Operation, type ProcedureRun, renderText, runProcedure, type Variables } from "./rendered.ts";

t.setTimeout(120_000);

const pages = ["README.md", ...globSync("docs/**/*.md")].sort();
const texts = [
	...pages.flatMap((file) => codeBlocks(readFileSync(file, "utf8"), "yaml").map((text) => ({ file, text }))),
	...globSync("examples/*.yaml").map((file) => ({ file, text: readFileSync(file, "utf8") })),
].filter(({ text }) => text.includes("kind: ClusterBackupProcedureTemplate\nmetadata:"));

const templates = texts.flatMap(({ file, text }) =>
	readManifests(file, text).manifests.map(({ object }) => ({
		file,
		template: applyDefaults(object) as ClusterBackupProcedureTemplate,
	})),
);

t.same(
	templates.map(({ file, template }) => `${file} ${template.metadata?.name}`).sort(),
	[
		"README.md files",
		"docs/templates.md files-handlebars",
		"examples/template-handlebars.yaml files-handlebars",
		"examples/template-pg13.yaml pg13",
	],
	"all printed templates are tried",
);

/** Each would leave a file behind, did any bash take it for more than text: bare, in double quotes, in single quotes. */
const hostile = (name: string): string => {
	const mark = `touch executed-${name}`;
	return `-${name} $(${mark}) \`${mark}\` "; ${mark}; "$(${mark})" '; ${mark}; '$(${mark})' \${HOME} & * | é\n${mark}\n`;
};

const variablesOf = (paths: readonly string[]): Variables => {
	const values = (names: string[]): Variables => Object.fromEntries(names.map((name) => [name, hostile(name)]));
	return {
		Params: { ...values(["hostname", "port", "db", "user", "password", "compress"]), paths },
		Repository: values(["url", "token", "collectionId", "passphrase", "recipient", "encryptionKeyPath"]),
	};
};

interface Given {
	paths?: readonly string[];
	environment?: Record<string, string>;
	stdin?: Buffer;
}

/** Renders one of the scripts with nothing but hostile values, and runs it. */
const runTemplate = (
	t: Test,
	folder: string,
	{ spec, metadata }: ClusterBackupProcedureTemplate,
	operation: Operation,
	{ paths = [], ...options }: Given,
): ProcedureRun => {
	const source = {
		language: spec.templateLanguage ?? "GoTemplate",
		name: metadata?.name ?? "",
		text: spec[operation] ?? "",
	};
	const { script, errors } = renderText(source, variablesOf(paths), undefined);
	t.same(errors, []);
	const run = runProcedure(folder, script, options);
	t.same(globSync(`${folder}/**/executed-*`), [], `${operation}: nothing of a value is executed`);
	return run;
};

for (const { file, template } of templates) {
	const ofFiles = template.metadata?.name !== "pg13";
	const canRestore = template.spec.restore !== "";
	const encrypts = template.spec.backup?.includes("BM_PUBLIC_KEY_PATH") === true;
	const title = `${file} ${template.metadata?.name}`;

	t.test(`${title}: values reach the programs as they are`, async (t) => {
		const folder = t.testdir();
		const path = join(folder, hostile("file"));
		writeFileSync(path, "content");
		const backup = runTemplate(t, folder, template, "backup", { paths: [path] });
		t.equal(backup.status, 0, backup.stderr);
		const maker = backup.calls["backup-maker"];
		t.match(maker?.environment, {
			BM_URL: hostile("url"),
			BM_AUTH_TOKEN: hostile("token"),
			BM_COLLECTION_ID: hostile("collectionId"),
		});
		t.equal(maker?.arguments.length, 3, "no value is an argument of backup-maker");
		if (!ofFiles) t.equal(backup.calls["pg_dump"]?.environment["PGPORT"], hostile("port"));
		if (!canRestore) return;
		rmSync(path);
		const restore = runTemplate(t, folder, template, "restore", { stdin: Buffer.from(backup.stdout, "latin1") });
		t.equal(restore.status, 0, restore.stderr);
		if (ofFiles) t.equal(readFileSync(path, "utf8"), "content", "the file is back");
		else t.same(restore.calls["pg_restore"]?.arguments.slice(-2), ["--dbname", hostile("db")]);
	});

	t.test(`${title}: a dump that fails fails the backup`, async (t) => {
		const folder = t.testdir();
		// A key, also where the template gives none: gpg then ends the pipe, and succeeds.
		const environment = { CLIENT_STATUS: "3", BM_PUBLIC_KEY_PATH: "/key" };
		if (ofFiles) writeFileSync(join(folder, "tar"), "#!/bin/bash\nexit 2\n", { mode: 0o755 });
		const run = runTemplate(t, folder, template, "backup", { paths: [folder], environment });
		t.ok(run.calls["gpg"], "gpg took what there was, and succeeded");
		t.not(run.status, 0);
	});

	if (!canRestore || !encrypts) continue;
	t.test(`${title}: a decryption that fails fails the restore`, async (t) => {
		const archive = runTemplate(t, t.testdir(), template, "backup", { paths: [import.meta.filename] });
		const environment = { GPG_STATUS: "2" };
		const stdin = Buffer.from(archive.stdout, "latin1");
		const run = runTemplate(t, t.testdir(), template, "restore", { environment, stdin });
		t.not(run.status, 0);
	});
}
