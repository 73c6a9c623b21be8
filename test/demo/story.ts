// The demo's steps on a real API server: what is explained, what is typed, and whether it is expected to fail. The demo stops
// where one differs.

export interface Step {
	/** An explanation, before the command. */
	say?: string;
	/** A line of bash. */
	run?: string;
	/** True where the command must fail. */
	fails?: boolean;
}

export const STORY: readonly Step[] = [
	{
		say: "The platform team applies its procedure.",
		run: "kubectl apply -f examples/template-pg13.yaml",
	},
	{
		say: "The application team applies its Secret, without the password, and its backup.\nkubectl apply reports the same errors as lint, and nothing is stored:",
		run: "kubectl apply -f examples/secret-without-password.yaml",
	},
	{ run: "kubectl apply -f examples/app1.yaml", fails: true },
	{ run: "kubectl get scheduledbackups.riotkit.org" },
	{ say: "With the password in the Secret, the backup is accepted.", run: "kubectl apply -f examples/secret.yaml" },
	{ run: "kubectl apply -f examples/app1.yaml" },
	{ run: "kubectl wait --for=condition=Ready scheduledbackups.riotkit.org/app1 --timeout=30s" },
	{ run: "kubectl get scheduledbackups.riotkit.org" },
	{
		say: "The controller created the objects that render printed:",
		run: "kubectl get cronjobs,configmaps -l riotkit.org/scheduled-backup=app1",
	},
	{
		say: "It also created an OpenPGP key and added it to the team's Secret. The key is kept when app1 is deleted.",
		run: `kubectl get secret backup-keys -o go-template='{{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}'`,
	},
	{
		say: "The team requests a restore of version v1, now. Each requested action runs exactly once.",
		run: "kubectl create -f examples/restore-to-v1.yaml",
	},
	{
		run: "kubectl wait --for=jsonpath='{.status.phase}'=Running requestedbackupactions.riotkit.org --all --timeout=30s",
	},
	{ run: "kubectl get requestedbackupactions.riotkit.org,jobs" },
	{
		say: "While a restore runs, no scheduled backup starts: the CronJob is suspended.",
		run: "kubectl get cronjob app1 -o custom-columns=NAME:.metadata.name,SCHEDULE:.spec.schedule,SUSPENDED:.spec.suspend",
	},
	{
		say: "The platform team changes the procedure, with a mistake in the name of a variable.\nThe change is rejected, because it would break a backup that uses the procedure:",
		run: "sed 's/Params.hostname/Params.host/' examples/template-pg13.yaml | kubectl apply -f -",
		fails: true,
	},
	{
		say: "A procedure that is in use cannot be deleted either:",
		run: "kubectl delete -f examples/template-pg13.yaml",
		fails: true,
	},
	{ say: "This cluster has no node, so the restore does not go on from here: its pod waits for one." },
];
