{{/*
What webhooks/registration.ts says, for a cluster: a test compares the two. `caBundle` is not rendered where the controller,
cert-manager or another injector writes it: what is not rendered cannot drift. Where nobody writes it, it is rendered also
where it is empty: what the controller wrote in mode self-managed would stay for ever, and keep your certificate from being
trusted.
*/}}

{{/* "true" where an annotation asks somebody to inject caBundle: cert-manager.io/inject-ca-from, service.beta.openshift.io/inject-cabundle, … */}}
{{- define "bmc.injected" -}}
{{- range $key, $_ := .Values.webhook.annotations }}
{{- if contains "/inject-" $key }}true{{ end }}
{{- end }}
{{- end }}

{{- define "bmc.webhookMetadata" -}}
name: {{ include "bmc.fullname" . }}
labels:
  {{- include "bmc.labels" . | nindent 2 }}
{{- $annotations := deepCopy .Values.webhook.annotations }}
{{- if eq .Values.webhook.certificates.mode "cert-manager" }}
{{- $_ := set $annotations "cert-manager.io/inject-ca-from" (printf "%s/%s" .Release.Namespace (include "bmc.webhookService" .)) }}
{{- end }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* In: list of root context and path. */}}
{{- define "bmc.clientConfig" -}}
{{- $root := index . 0 }}
{{- $bundle := $root.Values.webhook.certificates.provided.caBundle }}
service:
  name: {{ include "bmc.webhookService" $root }}
  namespace: {{ $root.Release.Namespace }}
  port: {{ $root.Values.webhook.service.port }}
  path: {{ index . 1 }}
{{- if and (eq $root.Values.webhook.certificates.mode "provided") (or $bundle (not (include "bmc.injected" $root))) }}
caBundle: {{ contains "-----BEGIN" $bundle | ternary (b64enc $bundle) $bundle | quote }}
{{- end }}
{{- end }}

{{/* In: list of operations, then resources with their scope. */}}
{{- define "bmc.webhookRules" -}}
{{- $operations := index . 0 }}
{{- range slice . 1 }}
- apiGroups: [riotkit.org]
  apiVersions: [v1alpha1]
  operations: [{{ $operations }}]
  resources: [{{ . }}]
  scope: {{ eq . "clusterbackupproceduretemplates" | ternary "Cluster" "Namespaced" }}
{{- end }}
{{- end }}

{{/*
Skips what changes only metadata or status, and what is going away: a denial there would hold finalizers for ever. A consent
to a lost key is metadata that counts like spec.
*/}}
{{- define "bmc.matchConditions" -}}
- name: spec-changed
  expression: >-
    request.operation != "UPDATE" || !has(object.spec) || !has(oldObject.spec) || object.spec != oldObject.spec || (has(object.metadata.annotations) && "riotkit.org/replace-lost-key" in object.metadata.annotations && !(has(oldObject.metadata.annotations) && "riotkit.org/replace-lost-key" in oldObject.metadata.annotations && object.metadata.annotations["riotkit.org/replace-lost-key"] == oldObject.metadata.annotations["riotkit.org/replace-lost-key"]))
- name: not-being-deleted
  expression: >-
    request.operation != "UPDATE" || !has(object.metadata.deletionTimestamp)
{{- end }}

{{/* Objects of the cluster (templates) are always sent, whatever the selector says. */}}
{{- define "bmc.namespaceSelector" -}}
{{- $selector := deepCopy .Values.webhook.namespaceSelector }}
{{- with .Values.watchNamespaces }}
{{- $watched := dict "key" "kubernetes.io/metadata.name" "operator" "In" "values" . }}
{{- $_ := set $selector "matchExpressions" (append (default (list) $selector.matchExpressions) $watched) }}
{{- end }}
{{- with $selector }}
namespaceSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
