// The same story with MariaDB: dumped, encrypted, dropped, brought back.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { manifest, secret } from "../integration/support/objects.ts";
import { install } from "./install.ts";
import { isOpenPgp } from "./openpgp.ts";
import { mariadbProcedure } from "./procedures.ts";
import { runToSuccess } from "./runs.ts";
import { inServer, startMariadb } from "./servers.ts";
import { beginStory, declare, storyBackup } from "./stories.ts";
import { useNode } from "./world.ts";

t.setTimeout(600_000);

const PASSWORD = "not-a-real-password";
const world = await useNode(t);
await install(t, world);
const story = await beginStory(world, "mariadb");
await world.apply(manifest(secret("database", { password: PASSWORD }, { namespace: story.servers })));
await startMariadb(world, story.servers, "database");

const sql = (statements: string): Promise<string> =>
	inServer(
		world,
		story.servers,
		"mariadb",
		`MYSQL_PWD=$PASSWORD mariadb -uapp -h127.0.0.1 app <<'SQL'\n${statements}\nSQL`,
	);
/** Everything in the database; the only line that tells the time is left out. */
const dump = (): Promise<string> =>
	inServer(world, story.servers, "mariadb", "mariadb-dump -uroot --skip-dump-date --routines --triggers app");

await t.test("a dropped database comes back as it was", async (t) => {
	await sql(`CREATE TABLE customers (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(80), photo BLOB);
INSERT INTO customers (name, photo) VALUES ('Zoë ☕', x'00ff27225c'), (NULL, NULL);
CREATE VIEW named AS SELECT name FROM customers WHERE name IS NOT NULL;`);
	const before = await dump();
	const params = { hostname: `mariadb.${story.servers}.svc`, user: "app", db: "app" };
	const backup = storyBackup(story, { procedure: "e2e-mariadb", params });
	await declare(world, story, { procedure: mariadbProcedure, password: PASSWORD, backup });
	await runToSuccess(world, { namespace: story.team, name: "backup", of: story.name });
	t.same(await story.stored(), ["v1"]);
	const content = await readFile(join(story.collection, "v1"));
	t.ok(isOpenPgp(content));
	t.notMatch(content.toString("latin1"), "MariaDB dump");
	await sql("DROP VIEW named; DROP TABLE customers;");
	t.not(await dump(), before);
	await runToSuccess(world, { namespace: story.team, name: "restore", of: story.name, spec: { action: "restore" } });
	t.equal(await dump(), before);
});
