// The demo's steps without a cluster: the same files as in `story.ts`, checked and rendered by the command line.
import type { Step } from "./story.ts";

const LINT = "npm run -s bmc -- lint examples/template-pg13.yaml";
const RENDER = "npm run -s bmc -- render examples/template-pg13.yaml examples/secret.yaml examples/app1.yaml";

export const OFFLINE_STORY: readonly Step[] = [
	{
		say: 'The platform team offers a procedure, "pg13", that backs up and restores PostgreSQL (examples/template-pg13.yaml).\nAn application team declares a backup of its database with that procedure, every night:',
		run: "cat examples/app1.yaml",
	},
	{
		say: "The team's Secret has the access token of the backup server. The password of the database was forgotten:",
		run: "cat examples/secret-without-password.yaml",
	},
	{
		say: "`lint` reports every error at once, with file, line and field:",
		run: `${LINT} examples/secret-without-password.yaml examples/app1.yaml`,
		fails: true,
	},
	{ say: "With the password in the Secret, the backup is valid:", run: "cat examples/secret.yaml" },
	{ run: `${LINT} examples/secret.yaml examples/app1.yaml` },
	{
		say: "`render` prints the objects that the controller creates from these files. Their kinds and names:",
		run: `${RENDER} | grep -E '^(kind|  name):'`,
	},
	{
		say: "The script of the backup contains no secret. Each @BMC{…}@ marks a place where only the pod inserts a value:",
		run: `${RENDER} | sed -n '/^  backup.sh/,/^---/p' | grep -v '^---'`,
	},
];
