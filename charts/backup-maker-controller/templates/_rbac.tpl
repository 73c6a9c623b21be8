{{/*
What the controller calls, and nothing else: a test compares it with the API server's audit log. docs/security.md has it as a
table. No wildcards, and no right to Secrets outside of the namespaces that it works in.
*/}}

{{/* In the namespaces that are watched: a ClusterRole's for all of them, a Role's in each. */}}
{{- define "bmc.namespacedRules" -}}
- apiGroups: [riotkit.org]
  resources: [scheduledbackups, requestedbackupactions]
  verbs: [get, list, watch]
- apiGroups: [riotkit.org]
  resources: [scheduledbackups/status, requestedbackupactions/status]
  verbs: [update]
# Asked for by clusters that enforce OwnerReferencesPermissionEnforcement; never called otherwise.
- apiGroups: [riotkit.org]
  resources: [scheduledbackups/finalizers, requestedbackupactions/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [list, watch, create]
- apiGroups: [batch]
  resources: [cronjobs, jobs]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}

{{/* In the cluster, whatever is watched. */}}
{{- define "bmc.clusterRules" -}}
- apiGroups: [riotkit.org]
  resources: [clusterbackupproceduretemplates]
  verbs: [get, list, watch{{ if .Values.templates }}, create, patch, delete{{ end }}]
- apiGroups: [""]
  resources: [namespaces]
  {{- with .Values.watchNamespaces }}
  resourceNames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  verbs: [get]
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
{{- if eq .Values.webhook.certificates.mode "self-managed" }}
# To put the authority of its certificates into its own two, and no others. Lists and watches ask for this one name.
- apiGroups: [admissionregistration.k8s.io]
  resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations]
  resourceNames: [{{ include "bmc.fullname" . }}]
  verbs: [get, list, watch, patch]
{{- end }}
{{- end }}

{{/* In the release's own namespace. */}}
{{- define "bmc.ownRules" -}}
{{- if include "bmc.leaderElection" . }}
# The name of what is created cannot be limited: it is not known when the right is checked.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "bmc.fullname" . }}]
  verbs: [get, patch]
{{- end }}
{{- if eq .Values.webhook.certificates.mode "self-managed" }}
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [{{ include "bmc.fullname" . }}-ca]
  verbs: [get, list, watch, patch]
{{- end }}
{{- end }}

{{/* In: list of root context, kind and name of the role. */}}
{{- define "bmc.bindingTo" -}}
{{- $root := index . 0 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ index . 1 }}
  name: {{ index . 2 }}
subjects:
  - kind: ServiceAccount
    name: {{ include "bmc.serviceAccountName" $root }}
    namespace: {{ $root.Release.Namespace }}
{{- end }}
