// The story that the product is for: a database that was backed up, encrypted, lost, and brought back, byte for byte, by
// Jobs that really ran.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { awaitReady, merge, mustKubectl, readSecret } from "../integration/support/status.ts";
import { install } from "./install.ts";
import { decrypt, isOpenPgp } from "./openpgp.ts";
import { postgresProcedure } from "./procedures.ts";
import { ask, awaitEnd, logsOf, runToSuccess } from "./runs.ts";
import { inServer, setPostgresPassword, startPostgres } from "./servers.ts";
import { beginStory, declare, storyBackup } from "./stories.ts";
import { useNode } from "./world.ts";

t.setTimeout(600_000);

/** Everything that a shell, a template or SQL could trip over. */
const FIRST_PASSWORD = `it's $HOME "$(id)"  \`id\` {{ .x }} %s @BMC{x}@`;
const SECOND_PASSWORD = "another one";
const world = await useNode(t);
await install(t, world);
const story = await beginStory(world, "postgres");
const { servers, team, name, collection } = story;
await startPostgres(world, servers, FIRST_PASSWORD);

const psql = (statements: string): Promise<string> =>
	inServer(world, servers, "postgres", `psql -qAtU app app -v ON_ERROR_STOP=1 <<'SQL'\n${statements}\nSQL`);
/** Everything in the database, as PostgreSQL itself writes it; its random guard words left out. */
const dump = async (): Promise<string> =>
	(await inServer(world, servers, "postgres", "pg_dump -U app app")).replaceAll(/^\\(un)?restrict .*$/gm, "");

const backup = storyBackup(story, {
	procedure: "e2e-postgres",
	params: { hostname: `postgres.${servers}.svc`, user: "app", db: "app" },
	pod: { backoffLimit: 0 },
	spec: { cronJob: { enabled: true, scheduleEvery: "* * * * *" } },
});

let versionOne = "";

await t.test("the schedule fires, and what it stores is encrypted", async (t) => {
	await psql(`CREATE TABLE orders (id int PRIMARY KEY, note text);
INSERT INTO orders SELECT n, 'order ' || n || ' žluťoučký' FROM generate_series(1, 1000) n;
CREATE VIEW large AS SELECT * FROM orders WHERE id > 500;`);
	versionOne = await dump();
	await declare(world, story, { procedure: postgresProcedure, password: FIRST_PASSWORD, backup });
	await eventually(async () => (await story.stored()).includes("v1"), {
		timeout: 180,
		what: "the schedule stored version 1",
	});
	const found = await eventually(
		async () => {
			const object = await world.json(`get scheduledbackup -n ${team} ${name}`);
			return object.status.lastSuccessfulTime === undefined ? undefined : object;
		},
		{ what: "the status tells of the first success" },
	);
	t.match(
		found.status.conditions.find(({ type }: { type: string }) => type === "LastRunSucceeded"),
		{ status: "True", reason: "Succeeded" },
	);
	const content = await readFile(join(collection, "v1"));
	t.ok(isOpenPgp(content), "OpenPGP packets");
	t.notMatch(content.toString("latin1"), /PostgreSQL|CREATE TABLE|order 1/, "nothing of it is plain");
	// The rest is told by actions, at times of our own.
	await merge(world, "scheduledbackup", { namespace: team, name }, { spec: { cronJob: { enabled: false } } });
	await awaitReady(world, { namespace: team, name });
});

await t.test("a wrong password fails the run, and leaves nothing that looks like a backup", async (t) => {
	const before = await story.stored();
	const access = { namespace: team, name: "access" };
	await merge(world, "secret", access, { stringData: { "Params.password": "wrong" } });
	await ask(world, { namespace: team, name: "wrong", of: name });
	const { status } = await awaitEnd(world, { namespace: team, name: "wrong" });
	t.match(status, { phase: "Failed", failureReason: "ContainerFailed" });
	t.match(await logsOf(world, { namespace: team, name: "wrong" }), "password authentication failed");
	t.same(
		(await story.stored()).filter((file) => file.startsWith("v")),
		before.filter((file) => file.startsWith("v")),
	);
});

await t.test("a rotated password is used by the next run, with no other change", async (t) => {
	const before = await mustKubectl(world, `get scheduledbackup -n ${team} ${name} -o jsonpath={.metadata.generation}`);
	await setPostgresPassword(world, servers, SECOND_PASSWORD);
	await merge(
		world,
		"secret",
		{ namespace: team, name: "access" },
		{ stringData: { "Params.password": SECOND_PASSWORD } },
	);
	await psql("UPDATE orders SET note = 'spoilt'; INSERT INTO orders VALUES (2000, 'later');");
	const versions = async (): Promise<string[]> => (await story.stored()).filter((file) => file.startsWith("v"));
	const count = (await versions()).length;
	await runToSuccess(world, { namespace: team, name: "second", of: name });
	t.equal((await versions()).length, count + 1);
	const after = await mustKubectl(world, `get scheduledbackup -n ${team} ${name} -o jsonpath={.metadata.generation}`);
	t.equal(after, before);
});

await t.test("version 1 comes back although version 2 exists, byte for byte", async (t) => {
	t.not(await dump(), versionOne);
	await psql("DROP VIEW large; DROP TABLE orders;");
	t.notMatch(await dump(), "orders");
	const spec = { action: "restore", targetVersion: "v1" };
	const ended = await runToSuccess(world, { namespace: team, name: "restore-v1", of: name, spec });
	t.equal(ended.status?.targetVersion, "v1");
	t.equal(await dump(), versionOne);
});

await t.test("with every object gone, the key's Secret alone opens what was stored", async (t) => {
	await mustKubectl(world, `delete scheduledbackup,requestedbackupaction --all -n ${team}`);
	await mustKubectl(world, "delete clusterbackupproceduretemplate e2e-postgres");
	const keys = await readSecret(world, { namespace: team, name: "keys" });
	const plain = await decrypt(await readFile(join(collection, "v1")), {
		privateKey: keys?.get("key")?.toString() ?? "",
		passphrase: keys?.get("passphrase")?.toString() ?? "",
	});
	t.match(plain.toString(), "COPY public.orders");
	t.match(plain.toString(), "order 1000 žluťoučký");
});
