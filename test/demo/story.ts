// The demo's steps: what is said, what is typed, and whether it is meant to fail. The demo stops where one differs.

export interface Step {
	say?: string;
	/** A line of bash. */
	run?: string;
	/** True where kubectl must refuse. */
	fails?: boolean;
}

export const STORY: readonly Step[] = [
	{
		say: "The platform team offers a procedure: how PostgreSQL is dumped and brought back.",
		run: "kubectl apply -f examples/template-pg13.yaml",
	},
	{
		say: "A team has a Secret with its token, but forgot the database's password, and declares its backup.\nEvery mistake is told at once, before anything is stored:",
		run: "kubectl apply -f examples/secret-without-password.yaml",
	},
	{ run: "kubectl apply -f examples/app1.yaml", fails: true },
	{
		say: "Nothing was stored, nothing has to be cleaned up:",
		run: "kubectl get scheduledbackups,cronjobs,configmaps -l app.kubernetes.io/managed-by=backup-maker-controller",
	},
	{ say: "With the password in the Secret it is accepted.", run: "kubectl apply -f examples/secret.yaml" },
	{ run: "kubectl apply -f examples/app1.yaml" },
	{ run: "kubectl wait --for=condition=Ready scheduledbackup/app1 --timeout=30s" },
	{ run: "kubectl get scheduledbackups" },
	{
		say: "The script is in a ConfigMap. No secret is: a token stands where the pod will put the value.",
		run: "kubectl get configmaps -l riotkit.org/scheduled-backup=app1 -o jsonpath='{.items[0].data.*}'",
	},
	{
		say: "The encryption key was made and added to the Secret. It belongs to nobody: deleting app1 never deletes it.",
		run: `kubectl get secret backup-keys -o go-template='{{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}'`,
	},
	{
		say: "A restore of version 1, now. Each action runs exactly once.",
		run: "kubectl create -f examples/restore-to-v1.yaml",
	},
	{ run: "kubectl wait --for=jsonpath='{.status.phase}'=Running requestedbackupactions --all --timeout=30s" },
	{ run: "kubectl get requestedbackupactions" },
	{
		say: "While a restore runs, scheduled backups wait:",
		run: "kubectl get cronjob app1 -o custom-columns=NAME:.metadata.name,SCHEDULE:.spec.schedule,SUSPENDED:.spec.suspend",
	},
	{
		say: "The platform team edits the procedure and mistypes a variable. Whom it would break is told at once:",
		run: "sed 's/Params.hostname/Params.host/' examples/template-pg13.yaml | kubectl apply -f -",
		fails: true,
	},
	{
		say: "Nor can it be deleted while it is in use:",
		run: "kubectl delete -f examples/template-pg13.yaml",
		fails: true,
	},
	{
		say: "The same checks run without a cluster, for CI:",
		run: "npm run -s bmc -- lint examples/template-pg13.yaml examples/secret-without-password.yaml examples/app1.yaml",
		fails: true,
	},
	{
		say: "Everything that was made:",
		run: "kubectl get backups,cronjobs,jobs,configmaps,secrets -o wide --show-kind --field-selector metadata.name!=kube-root-ca.crt",
	},
	{
		say: "There is no node in this demo, so the Job's pod waits for one. Stopping.",
	},
];
