{{/* The flags of `run`, one a line. */}}
{{- define "bmc.arguments" -}}
- run
- {{ printf "--webhook-bind-address=:%v" .Values.webhook.port | quote }}
- {{ printf "--health-probe-bind-address=:%v" .Values.healthProbe.port | quote }}
- {{ .Values.metrics.enabled | ternary (printf "--metrics-bind-address=:%v" .Values.metrics.port) "--metrics-bind-address=0" | quote }}
- --log-level={{ .Values.logLevel }}
{{- if eq .Values.webhook.certificates.mode "self-managed" }}
- --certs-secret={{ include "bmc.fullname" . }}-ca
- --webhook-service={{ include "bmc.webhookService" . }}
- --webhook-configuration={{ include "bmc.fullname" . }}
{{- else }}
- --certs-dir=/certs
{{- end }}
{{- if .Values.webhook.clientCA.secretName }}
- --webhook-client-ca-file=/clients/ca.crt
{{- end }}
{{- with .Values.watchNamespaces }}
- --watch-namespaces={{ join "," . }}
{{- end }}
- --missing-references={{ .Values.missingReferences }}
{{- if .Values.allowPrivilegedPods }}
- --allow-privileged-pods
{{- end }}
{{- if not .Values.requireRestoreRight }}
- --require-restore-right=false
{{- end }}
{{- if .Values.templates }}
- --templates-dir=/templates
- {{ printf "--installation=%s" (include "bmc.installation" .) | quote }}
{{- end }}
{{- if .Values.jobDefaults }}
- --job-defaults=/config/job-defaults.yaml
{{- end }}
{{- if include "bmc.leaderElection" . }}
- --leader-elect
- --leader-elect-lease={{ include "bmc.fullname" . }}
{{- end }}
{{- with .Values.redis }}
{{- if .host }}
- {{ printf "--redis-host=%s" .host | quote }}
{{- with .port }}
- --redis-port={{ . }}
{{- end }}
{{- with .username }}
- {{ printf "--redis-username=%s" . | quote }}
{{- end }}
{{- with .database }}
- --redis-database={{ . }}
{{- end }}
{{- if .tls.enabled }}
- --redis-tls
{{- if .tls.caSecretName }}
- --redis-ca-file=/redis/ca.crt
{{- end }}
{{- end }}
{{- with .sentinel.master }}
- {{ printf "--redis-sentinel-master=%s" . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- range .Values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end }}

{{/* The environment of the container: who we are, and passwords by reference. */}}
{{- define "bmc.environment" -}}
- name: POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
{{- with .Values.redis }}
{{- if and .host .existingSecret }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .existingSecretPasswordKey }}
{{- end }}
{{- if and .host .sentinel.master .sentinel.existingSecret }}
- name: REDIS_SENTINEL_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .sentinel.existingSecret }}
      key: {{ .sentinel.existingSecretPasswordKey }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What is mounted: `name`, `path` and the volume's source, used for volumes and mounts alike. */}}
{{- define "bmc.volumes" -}}
{{- with include "bmc.certificateSecret" . }}
- name: certificates
  secret: {secretName: {{ . }}}
{{- end }}
{{- with .Values.webhook.clientCA }}
{{- if .secretName }}
- name: client-authority
  secret:
    secretName: {{ .secretName }}
    items: [{key: {{ .key | quote }}, path: ca.crt}]
{{- end }}
{{- end }}
{{- if .Values.templates }}
- name: templates
  configMap: {name: {{ include "bmc.fullname" . }}-templates}
{{- end }}
{{- if .Values.jobDefaults }}
- name: config
  configMap: {name: {{ include "bmc.fullname" . }}-config}
{{- end }}
{{- if include "bmc.redisAuthority" . }}
- name: redis-authority
  secret:
    secretName: {{ .Values.redis.tls.caSecretName }}
    items: [{key: {{ .Values.redis.tls.caSecretKey | quote }}, path: ca.crt}]
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "bmc.volumeMounts" -}}
{{- if include "bmc.certificateSecret" . }}
- {name: certificates, mountPath: /certs, readOnly: true}
{{- end }}
{{- if .Values.webhook.clientCA.secretName }}
- {name: client-authority, mountPath: /clients, readOnly: true}
{{- end }}
{{- if .Values.templates }}
- {name: templates, mountPath: /templates, readOnly: true}
{{- end }}
{{- if .Values.jobDefaults }}
- {name: config, mountPath: /config, readOnly: true}
{{- end }}
{{- if include "bmc.redisAuthority" . }}
- {name: redis-authority, mountPath: /redis, readOnly: true}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "bmc.redisAuthority" -}}
{{- if and .Values.redis.host .Values.redis.tls.enabled .Values.redis.tls.caSecretName -}}true{{- end }}
{{- end }}
