// The demo's steps on a whole node: installed by Helm, a database is backed up by its schedule, lost, and brought back.
// `$DEMO` is a folder with the manifests.
import type { Step } from "./story.ts";

const SQL = "kubectl exec -n data postgres -- psql -U app app -c";

export const NODE_STORY: readonly Step[] = [
	{
		say: "Installed as the guide says:",
		run: "helm install backup-maker-controller charts/backup-maker-controller -n backups --create-namespace --wait",
	},
	{ run: "kubectl get pods -n backups" },
	{ say: "There is a database with something in it,", run: `${SQL} 'SELECT count(*), max(note) FROM orders'` },
	{
		say: "and a procedure of the platform team: pg_dump, gpg with the mounted public key, a WebDAV store.",
		run: "kubectl apply -f $DEMO/procedure.yaml",
	},
	{ say: "The team's Secret has a password in it; its ScheduledBackup names it:", run: "cat $DEMO/backup.yaml" },
	{ run: "kubectl apply -f $DEMO/secret.yaml -f $DEMO/backup.yaml" },
	{ run: "kubectl wait -n team --for=condition=Ready scheduledbackup/database --timeout=60s" },
	{
		say: "The schedule fires at the next full minute.",
		run: "kubectl wait -n team --for=condition=LastRunSucceeded scheduledbackup/database --timeout=180s",
	},
	{ run: "kubectl get scheduledbackups,jobs,pods -n team" },
	{
		say: "What is stored is encrypted, with a key that the controller made:",
		run: "file $DEMO/store/database/v1 || head -c 3 $DEMO/store/database/v1 | od -c; gpg --list-packets $DEMO/store/database/v1 2>/dev/null | head -n 3; ! grep -a -q orders $DEMO/store/database/v1",
	},
	{ say: "Now somebody drops the table.", run: `${SQL} 'DROP TABLE orders'` },
	{ run: `${SQL} 'SELECT count(*) FROM orders'`, fails: true },
	{ say: "Version 1 is asked for, and comes back:", run: "kubectl apply -f $DEMO/restore.yaml" },
	{
		run: "kubectl wait -n team --for=jsonpath='{.status.phase}'=Succeeded requestedbackupaction/restore --timeout=180s",
	},
	{ run: "kubectl get requestedbackupactions -n team" },
	{ run: `${SQL} 'SELECT count(*), max(note) FROM orders'` },
	{ say: "That was all real. Stopping." },
];
