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
{{- dict "app.kubernetes.io/name" (include "bmc.name" .) "app.kubernetes.io/instance" .Release.Name | toYaml }}
{{- end }}

{{- define "bmc.labels" -}}
{{- include "bmc.labelsWith" (list . dict dict) }}
{{- end }}

{{/*
In: list of root context, labels of the user for this object beside `commonLabels`, and labels of the object itself. Each key
once: the user's win over those that only describe, and nothing wins over those that something is selected or owned by.
*/}}
{{- define "bmc.labelsWith" -}}
{{- $root := index . 0 }}
{{- $describing := dict "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") "app.kubernetes.io/version" $root.Chart.AppVersion "app.kubernetes.io/part-of" "backup-repository" }}
{{- $selecting := set (include "bmc.selectorLabels" $root | fromYaml) "app.kubernetes.io/managed-by" $root.Release.Service }}
{{- mergeOverwrite $describing $root.Values.commonLabels (index . 1) (index . 2) $selecting | toYaml }}
{{- end }}

{{/* Of the CustomResourceDefinitions: against the deletion of all objects with them, by Helm and by Argo CD. */}}
{{- define "bmc.crdAnnotations" -}}
{{- $ours := dict }}
{{- if .Values.crds.keep }}
{{- $ours = dict "helm.sh/resource-policy" "keep" "argocd.argoproj.io/sync-options" "Prune=false" }}
{{- end }}
{{- with mergeOverwrite $ours .Values.crds.annotations }}
{{- toYaml . }}
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
