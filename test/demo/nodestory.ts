// The demo's steps on a whole node: installed by Helm, a database is backed up by its schedule, lost, and brought back.
// `$DEMO` is a folder with the manifests.
import type { Step } from "./story.ts";

const SQL = "kubectl exec -n data postgres -- psql -U app app -c";

export const NODE_STORY: readonly Step[] = [
	{
		say: "The controller is installed by Helm:",
		run: "helm install backup-maker-controller charts/backup-maker-controller -n backups --create-namespace --wait",
	},
	{ run: "kubectl get pods -n backups" },
	{ say: "A PostgreSQL database contains 1000 orders:", run: `${SQL} 'SELECT count(*), max(note) FROM orders'` },
	{
		say: "The platform team applies a procedure: pg_dump, encryption by gpg with the mounted public key, upload to a WebDAV server.",
		run: "kubectl apply -f $DEMO/procedure.yaml",
	},
	{
		say: "The team declares a backup every minute. The passwords are in a Secret, which the backup refers to:",
		run: "cat $DEMO/backup.yaml",
	},
	{ run: "kubectl apply -f $DEMO/secret.yaml -f $DEMO/backup.yaml" },
	{ run: "kubectl wait -n team --for=condition=Ready scheduledbackups.riotkit.org/database --timeout=60s" },
	{
		say: "The first run starts at the next full minute.",
		run: "kubectl wait -n team --for=condition=LastRunSucceeded scheduledbackups.riotkit.org/database --timeout=180s",
	},
	{ run: "kubectl get scheduledbackups.riotkit.org,jobs,pods -n team" },
	{
		say: "The stored backup is encrypted, with a key that the controller created:",
		run: "gpg --list-packets $DEMO/store/database/v1 2>/dev/null | head -n 3; ! grep -a -q orders $DEMO/store/database/v1",
	},
	{ say: "The table is lost.", run: `${SQL} 'DROP TABLE orders'` },
	{ run: `${SQL} 'SELECT count(*) FROM orders'`, fails: true },
	{
		say: "The team requests a restore of version v1, and the data is back:",
		run: "kubectl apply -f $DEMO/restore.yaml",
	},
	{
		run: "kubectl wait -n team --for=jsonpath='{.status.phase}'=Succeeded requestedbackupactions.riotkit.org/restore --timeout=180s",
	},
	{ run: "kubectl get requestedbackupactions.riotkit.org -n team" },
	{ run: `${SQL} 'SELECT count(*), max(note) FROM orders'` },
];
