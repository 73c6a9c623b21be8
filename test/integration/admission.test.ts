// Every check of admission as one table: what a user gives to kubectl, and all that kubectl prints. The rows are in
// admission/, by subject.
import t from "tap";
import { warningRows } from "./admission/allowed.ts";
import { keyRows } from "./admission/keys.ts";
import { otherRows } from "./admission/others.ts";
import { type Row, type Rows, stderrOf } from "./admission/row.ts";
import { secretRows } from "./admission/secrets.ts";
import { templateRows } from "./admission/templates.ts";
import { varsRows } from "./admission/vars.ts";
import { startWithFixtures } from "./admission/world.ts";

t.setTimeout(300_000);

const TABLES: readonly Rows[] = [varsRows, templateRows, secretRows, keyRows, otherRows, warningRows];

/** How many kubectl run at a time. */
const CONCURRENCY = 4;

const session = await startWithFixtures(t);

const commandOf = ({ args, denied }: Row): string =>
	args ?? (denied === undefined ? "apply --dry-run=server -f -" : "apply -f -");

const expected = (row: Row) => ({
	code: row.denied === undefined ? 0 : 1,
	stdout: row.denied === undefined ? (row.stdout ?? "scheduledbackup.riotkit.org/app created (server dry run)\n") : "",
	stderr: stderrOf(row),
});

/** Everything that could have been made, with its version. */
const stored = async (): Promise<string> => {
	const kinds = "scheduledbackups,cbpt,requestedbackupactions,cronjobs,configmaps,secrets";
	const { stdout } = await session.kubectl(
		`get ${kinds} -A -o custom-columns=K:.kind,N:.metadata.name,V:.metadata.uid`,
	);
	return stdout;
};

t.test("the table", async (t) => {
	const before = await stored();
	const todo = TABLES.flatMap((table) => Object.entries(table));
	t.equal(new Set(todo.map(([name]) => name)).size, todo.length, "no two rows share a name");
	const check = async (): Promise<void> => {
		for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
			const [name, row] = next;
			const printed = await session.kubectl(commandOf(row), row.input);
			t.strictSame(printed, expected(row), name);
			t.notMatch(`${printed.stdout}${printed.stderr}`, "canary", `${name}: no value that may be secret`);
		}
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, check));
	t.equal(await stored(), before, "nothing was stored, and a dry run makes nothing");
});
