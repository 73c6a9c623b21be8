// The story that the product is for: a database that was backed up, encrypted, lost, and brought back, byte for byte, by
// Jobs that really ran.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { manifest, scheduledBackup, secret } from "../integration/support/objects.ts";
import { awaitReady, merge, mustKubectl, readSecret } from "../integration/support/status.ts";
import { install } from "./install.ts";
import { decrypt, isOpenPgp } from "./openpgp.ts";
import { postgresProcedure, RESTRICTED } from "./procedures.ts";
import { runToSuccess } from "./runs.ts";
import { inServer, setPostgresPassword, startPostgres, startStore } from "./servers.ts";
import { useNode } from "./world.ts";

t.setTimeout(600_000);

const FIRST_PASSWORD = `p'w $x "1`.replaceAll("'", "");
const SECOND_PASSWORD = "another one";
const world = await useNode(t);
await install(world);
const data = await world.namespace("e2e-data");
const team = await world.namespace("e2e-team", { "pod-security.kubernetes.io/enforce": "restricted" });
const [folder] = await Promise.all([
	startStore(world, data, "store-token"),
	startPostgres(world, data, FIRST_PASSWORD.replaceAll(/["$]/g, "\\$&")),
]);
const collection = join(folder, "database");

const psql = (statements: string): Promise<string> =>
	inServer(world, data, "postgres", `psql -qAtU app app -v ON_ERROR_STOP=1 <<'SQL'\n${statements}\nSQL`);
/** Everything in the database, as PostgreSQL itself writes it; its random guard words left out. */
const dump = async (): Promise<string> =>
	(await inServer(world, data, "postgres", "pg_dump -U app app")).replaceAll(/^\\(un)?restrict .*$/gm, "");

const backup = scheduledBackup(
	"database",
	{
		cronJob: { enabled: true, scheduleEvery: "* * * * *" },
		collectionId: "database",
		templateRef: { name: "e2e-postgres" },
		gpgKeySecretRef: { secretName: "keys", email: "team@example.org", createIfNotExists: true },
		tokenSecretRef: { secretName: "access" },
		vars: JSON.stringify({
			Params: { hostname: `postgres.${data}.svc`, user: "app", db: "app" },
			Repository: { url: `http://store.${data}.svc:8080` },
			HelmValues: { imagePullPolicy: "Never", ...RESTRICTED },
		}),
		varsSecretRef: { secretName: "access", importOnlyKeys: ["Params.password"] },
	},
	{ namespace: team },
);

const stored = (): Promise<string[]> =>
	readdir(collection).then(
		(names) => names.sort(),
		() => [],
	);
let versionOne = "";

await t.test("the schedule fires, and what it stores is encrypted", async (t) => {
	await psql(`CREATE TABLE orders (id int PRIMARY KEY, note text);
INSERT INTO orders SELECT n, 'order ' || n || ' žluťoučký' FROM generate_series(1, 1000) n;
CREATE VIEW large AS SELECT * FROM orders WHERE id > 500;`);
	versionOne = await dump();
	await world.apply(
		manifest(
			postgresProcedure,
			secret("access", { token: "store-token", "Params.password": FIRST_PASSWORD }, { namespace: team }),
			backup,
		),
	);
	await awaitReady(world, { namespace: team, name: "database" });
	await eventually(async () => (await stored()).includes("v1"), {
		timeout: 180,
		what: "the schedule stored version 1",
	});
	const found = await eventually(
		async () => {
			const object = await world.json(`get scheduledbackup -n ${team} database`);
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
	await merge(
		world,
		"scheduledbackup",
		{ namespace: team, name: "database" },
		{ spec: { cronJob: { enabled: false } } },
	);
	await awaitReady(world, { namespace: team, name: "database" });
});

await t.test("a rotated password is used by the next run, with no other change", async (t) => {
	const before = await mustKubectl(world, `get scheduledbackup -n ${team} database -o jsonpath={.metadata.generation}`);
	await setPostgresPassword(world, data, SECOND_PASSWORD);
	await merge(
		world,
		"secret",
		{ namespace: team, name: "access" },
		{ stringData: { "Params.password": SECOND_PASSWORD } },
	);
	await psql("UPDATE orders SET note = 'spoilt'; INSERT INTO orders VALUES (2000, 'later');");
	const count = (await stored()).length;
	await runToSuccess(world, { namespace: team, name: "second", of: "database" });
	t.equal((await stored()).length, count + 1);
	const after = await mustKubectl(world, `get scheduledbackup -n ${team} database -o jsonpath={.metadata.generation}`);
	t.equal(after, before);
});

await t.test("version 1 comes back although version 2 exists, byte for byte", async (t) => {
	t.not(await dump(), versionOne);
	await psql("DROP VIEW large; DROP TABLE orders;");
	t.notMatch(await dump(), "orders");
	const spec = { action: "restore", targetVersion: "v1" };
	const ended = await runToSuccess(world, { namespace: team, name: "restore-v1", of: "database", spec });
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
