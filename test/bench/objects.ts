// The objects that the benchmarks work with: small, valid, and as many as wanted.

export const NAMESPACE = "bench";
const API = "riotkit.org/v1alpha1";
const BASE = `/apis/${API}/namespaces/${NAMESPACE}/scheduledbackups`;

export const backupsPath = (query = ""): string => `${BASE}${query}`;
export const backupPath = (name: string, query = ""): string => `${BASE}/${name}${query}`;

/** Template and Secret that every ScheduledBackup of a benchmark uses. */
export const PREREQUISITES = `apiVersion: v1
kind: Namespace
metadata: { name: ${NAMESPACE} }
---
apiVersion: v1
kind: Secret
metadata: { name: vars, namespace: ${NAMESPACE} }
stringData: { Params.password: not-a-real-password, token: not-a-real-token }
---
apiVersion: ${API}
kind: ClusterBackupProcedureTemplate
metadata: { name: bench }
spec:
  image: ghcr.io/example/tool:1.0
  backup: |
    set -eu
    export PGPASSWORD={{ .Params.password | shellQuote }}
    pg_dump -h {{ .Params.hostname | shellQuote }} -p {{ .Params.port }} {{ .Params.db | shellQuote }} | upload {{ .Repository.url }}/{{ .Repository.collectionId }}
  restore: |
    set -eu
    export PGPASSWORD={{ .Params.password | shellQuote }}
    download {{ .Repository.url }}/{{ .Repository.collectionId }} "\${RESTORE_VERSION:-latest}" | psql -h {{ .Params.hostname | shellQuote }} {{ .Params.db | shellQuote }}
`;

/** A valid ScheduledBackup with vars, a vars Secret and a token. */
export const scheduledBackup = (name: string, change: { port?: number; labels?: Record<string, string> } = {}) => ({
	apiVersion: API,
	kind: "ScheduledBackup",
	metadata: { name, namespace: NAMESPACE, ...(change.labels === undefined ? {} : { labels: change.labels }) },
	spec: {
		operation: "backup",
		cronJob: { enabled: true, scheduleEvery: "0 2 * * *" },
		collectionId: "1111-2222",
		tokenSecretRef: { secretName: "vars", tokenKey: "token" },
		templateRef: { kind: "ClusterBackupProcedureTemplate", name: "bench" },
		vars: `Params: {hostname: db.example.org, port: ${change.port ?? 5432}, db: app}\nRepository: {url: "https://backups.example.org"}\n`,
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.password"] },
	},
});
