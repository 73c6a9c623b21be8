{{/* Names and labels. Cut at 50 characters, so that a Service's name of 63 has room for an ending such as -webhook. */}}

{{- define "bmc.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "bmc.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "bmc.selectorLabels" -}}
app.kubernetes.io/name: {{ include "bmc.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "bmc.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "bmc.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: backup-repository
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* One for each release of the cluster, as a label's value: where it is too long its hash tells it from others that begin like it. */}}
{{- define "bmc.installation" -}}
{{- $name := printf "%s.%s" .Release.Namespace (include "bmc.fullname" .) }}
{{- if gt (len $name) 63 }}
{{- printf "%s-%s" (trunc 46 $name) (sha256sum $name | trunc 16) }}
{{- else }}
{{- $name }}
{{- end }}
{{- end }}

{{- define "bmc.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "bmc.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "bmc.webhookService" -}}
{{ include "bmc.fullname" . }}-webhook
{{- end }}

{{/* Secret with tls.crt and tls.key that is mounted at /certs; empty in the mode in which there is none. */}}
{{- define "bmc.certificateSecret" -}}
{{- if eq .Values.webhook.certificates.mode "cert-manager" -}}
{{ include "bmc.fullname" . }}-webhook-tls
{{- else if eq .Values.webhook.certificates.mode "provided" -}}
{{ required "webhook.certificates.provided.secretName is needed where webhook.certificates.mode is provided" .Values.webhook.certificates.provided.secretName }}
{{- end }}
{{- end }}

{{- define "bmc.image" -}}
{{- $repository := .Values.image.repository }}
{{- with .Values.image.registry }}
{{- $repository = printf "%s/%s" . (regexReplaceAll "^([^/]*[.:][^/]*|localhost)/" $repository "") }}
{{- end }}
{{- if .Values.image.digest }}
{{- printf "%s@%s" $repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{/* A name, or an object with a name: charts differ, and both mean the same. */}}
{{- define "bmc.imagePullSecrets" -}}
{{- range concat .Values.global.imagePullSecrets .Values.imagePullSecrets }}
- name: {{ kindIs "string" . | ternary . (get (kindIs "map" . | ternary . dict) "name") }}
{{- end }}
{{- end }}

{{/* "true" where one replica at a time is to reconcile: with Redis all do, each object under a lock. */}}
{{- define "bmc.leaderElection" -}}
{{- if and .Values.leaderElection.enabled (not .Values.redis.host) -}}true{{- end }}
{{- end }}
