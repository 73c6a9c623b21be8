// The real things that stories are about: PostgreSQL, MariaDB and a WebDAV store, as pods with Services.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { manifest, secret } from "../integration/support/objects.ts";
import { mustKubectl } from "../integration/support/status.ts";
import { TOOLS_IMAGE } from "../node/toolsimage.ts";
import type { World } from "./world.ts";

interface ServerOptions {
	name: string;
	namespace: string;
	port: number;
	script: string;
	/** Command that succeeds once it serves. */
	probe: string[];
	environment?: object[];
	volumes?: object[];
	volumeMounts?: object[];
}

const server = ({ name, namespace, port, script, probe, environment, volumes, volumeMounts }: ServerOptions) => [
	{
		apiVersion: "v1",
		kind: "Service",
		metadata: { name, namespace },
		spec: { selector: { server: name }, ports: [{ port }] },
	},
	{
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name, namespace, labels: { server: name } },
		spec: {
			automountServiceAccountToken: false,
			terminationGracePeriodSeconds: 1,
			containers: [
				{
					name: "server",
					image: TOOLS_IMAGE,
					imagePullPolicy: "Never",
					command: ["bash", "-euc", script],
					...(environment === undefined ? {} : { env: environment }),
					readinessProbe: { exec: { command: probe }, periodSeconds: 1, timeoutSeconds: 5 },
					...(volumeMounts === undefined ? {} : { volumeMounts }),
				},
			],
			...(volumes === undefined ? {} : { volumes }),
		},
	},
];

const fromSecret = (name: string, secretName: string, key: string): object => ({
	name,
	valueFrom: { secretKeyRef: { name: secretName, key } },
});

const awaitServer = async (world: World, namespace: string, name: string): Promise<void> => {
	await mustKubectl(world, `wait --for=condition=Ready pod/${name} -n ${namespace} --timeout=180s`);
};

/** Runs a shell script in a server's pod. Out: what it printed. */
export const inServer = (world: World, namespace: string, name: string, script: string): Promise<string> =>
	mustKubectl(world, ["exec", "-n", namespace, name, "-i", "--", "bash", "-euo", "pipefail", "-c", script]);

const POSTGRES = `data=/var/lib/postgresql/e2e
install -d -o postgres -m 700 "$data"
setpriv --reuid=postgres --regid=postgres --clear-groups initdb -D "$data" -U postgres --auth-host=scram-sha-256 --auth-local=trust >/dev/null
echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
install -d -o postgres /run/postgresql
exec setpriv --reuid=postgres --regid=postgres --clear-groups postgres -D "$data" -c listen_addresses='*' -c fsync=off
`;

/** PostgreSQL 15 with database and user `app`. In: the user's password. */
export const startPostgres = async (world: World, namespace: string, password: string): Promise<void> => {
	await world.apply(
		manifest(...server({ name: "postgres", namespace, port: 5432, script: POSTGRES, probe: ["pg_isready", "-q"] })),
	);
	await awaitServer(world, namespace, "postgres");
	await setPostgresPassword(world, namespace, password, "CREATE ROLE app LOGIN PASSWORD");
	await inServer(world, namespace, "postgres", "createdb -U postgres -O app app");
};

/** Runs statements as the administrator. Out: rows, one per line. */
export const postgresAdministrator = (world: World, namespace: string, statements: string): Promise<string> =>
	inServer(world, namespace, "postgres", `psql -qAtU postgres -v ON_ERROR_STOP=1 <<'SQL'\n${statements}\nSQL`);

/** Changes the password, as an administrator would. */
export const setPostgresPassword = async (
	world: World,
	namespace: string,
	password: string,
	statement = "ALTER ROLE app PASSWORD",
): Promise<void> => {
	await postgresAdministrator(world, namespace, `${statement} '${password.replaceAll("'", "''")}';`);
};

const MARIADB = `rm -rf /var/lib/mysql # what the package made
install -d -o mysql /run/mysqld /var/log/mysql /var/lib/mysql
mariadb-install-db --user=mysql --skip-test-db --auth-root-authentication-method=socket >/dev/null
# One statement a line is what --init-file takes.
printf "CREATE DATABASE app;\\nCREATE USER app@'%%' IDENTIFIED BY '%s';\\nGRANT ALL ON app.* TO app@'%%';\\n" "$PASSWORD" >/run/mysqld/init.sql
exec mariadbd --user=mysql --bind-address=0.0.0.0 --skip-name-resolve --init-file=/run/mysqld/init.sql
`;

/** MariaDB with database and user `app`; the password is in a Secret under `password`. */
export const startMariadb = async (world: World, namespace: string, secretName: string): Promise<void> => {
	await world.apply(
		manifest(
			...server({
				name: "mariadb",
				namespace,
				port: 3306,
				script: MARIADB,
				probe: ["bash", "-c", "mariadb -uapp -p\"$PASSWORD\" -h127.0.0.1 app -e 'SELECT 1'"],
				environment: [fromSecret("PASSWORD", secretName, "password")],
			}),
		),
	);
	await awaitServer(world, namespace, "mariadb");
};

const WEBDAV = 'exec rclone serve webdav /data --addr :8080 --user backup --pass "$PASSWORD" --dir-cache-time 0s\n';

/** A WebDAV store at `http://store.NAMESPACE.svc:8080`. Out: the machine's folder in which it keeps its files. */
export const startStore = async (world: World, namespace: string, password: string): Promise<string> => {
	const folder = join(world.shared, namespace);
	await mkdir(folder, { recursive: true });
	const storage = server({
		name: "store",
		namespace,
		port: 8080,
		script: WEBDAV,
		probe: ["bash", "-c", 'curl -fsS -o /dev/null -u "backup:$PASSWORD" http://127.0.0.1:8080/'],
		environment: [fromSecret("PASSWORD", "store-password", "password")],
		volumes: [{ name: "data", hostPath: { path: folder } }],
		volumeMounts: [{ name: "data", mountPath: "/data" }],
	});
	await world.apply(manifest(secret("store-password", { password }, { namespace }), ...storage));
	await awaitServer(world, namespace, "store");
	return folder;
};
